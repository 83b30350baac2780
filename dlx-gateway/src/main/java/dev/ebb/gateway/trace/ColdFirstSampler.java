package dev.ebb.gateway.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;

/**
 * Samples every request that had to wait for a pod, and of the others what another sampler takes:
 * cold starts are few, and what one collects traces of a gateway for. Thread-safe.
 */
public final class ColdFirstSampler implements Sampler {

  static final String COLD = "ebb.cold";
  private static final AttributeKey<Boolean> KEY = AttributeKey.booleanKey(COLD);

  private final Sampler warm;

  /** Creates a sampler that leaves requests to running pods to another. */
  public ColdFirstSampler(Sampler warm) {
    this.warm = warm;
  }

  @Override
  public SamplingResult shouldSample(
      Context parent,
      String traceId,
      String name,
      SpanKind kind,
      Attributes attributes,
      List<LinkData> links) {
    return Boolean.TRUE.equals(attributes.get(KEY))
        ? SamplingResult.recordAndSample()
        : warm.shouldSample(parent, traceId, name, kind, attributes, links);
  }

  @Override
  public String getDescription() {
    return "ColdFirst{" + warm.getDescription() + "}";
  }
}
