package dev.ebb.autoscaler.plan;

/** The types of a ScaledResource's conditions. */
public final class ConditionTypes {

  /** The summary. */
  public static final String READY = "Ready";

  /** Whether the spec can be understood. */
  public static final String VALID = "SpecValid";

  /** Whether the target exists and is this resource's own. */
  public static final String TARGET = "TargetFound";

  /** Whether the gateway knows which Services to serve. */
  public static final String SERVICES = "ServicesMapped";

  /** Whether a gateway replica is ready. */
  public static final String GATEWAY = "GatewayReady";

  /** Whether all traffic runs through the gateway. */
  public static final String HANDED_OVER = "BehindGateway";

  /** Whether the workload is at zero by Ebb's hand. */
  public static final String ASLEEP = "Asleep";

  /** Whether traffic was led past the gateway because none was ready. */
  public static final String BYPASSED = "GatewayBypassed";

  /** Whether Ebb keeps its hands off here. */
  public static final String FROZEN = "Frozen";

  private ConditionTypes() {}
}
