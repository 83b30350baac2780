package dev.ebb.selector.plan;

import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.Service;
import dev.ebb.selector.api.Marks;
import dev.ebb.selector.api.ServicePool.Via;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which Services a pool has.
 *
 * @param members those that it has, in their order
 * @param refused those that it should have and does not take, and why
 * @param released those that it had and has no more: they get back what they said
 * @param surplus those that it made and needs no more
 */
public record Claims(
    List<Member> members, List<Refusal> refused, List<Service> released, List<Service> surplus) {

  /**
   * A Service that is not taken.
   *
   * @param reason one CamelCase word
   * @param message what is wrong with it, and the remedy
   */
  public record Refusal(Service service, String reason, String message) {
    /** Says it with its Service. */
    public String text() {
      return service.metadata().name() + ": " + message;
    }
  }

  /**
   * Decides.
   *
   * @param pods the labels of the pool's pods
   */
  static Claims of(Observed observed, Collection<Map<String, String>> pods) {
    Pool pool = observed.pool();
    Claims claims =
        new Claims(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Service service : observed.services()) {
      if (!service.metadata().deleting()) {
        claims.add(pool, observed.pools(), service, pods);
      }
    }
    claims.members.sort(Comparator.comparing(Member::name, Natural.ORDER));
    return claims;
  }

  private void add(
      Pool pool, List<Pool> pools, Service service, Collection<Map<String, String>> pods) {
    Meta meta = service.metadata();
    boolean ours = pool.key().name().equals(meta.annotations().get(Marks.POOL));
    boolean wanted =
        pool.means(meta.name(), meta.labels())
            && !"false".equals(meta.annotations().get(Marks.MANAGED));
    if (!wanted) {
      // A spec that makes no sense means no Service; that is no reason to let go of any.
      if (ours && !pool.invalid()) {
        released.add(service);
      }
      return;
    }
    if (made(pool, meta) && pool.count() > 0 && Natural.number(meta.name()) >= pool.count()) {
      surplus.add(service);
      return;
    }
    if (ours && pool.via() == Via.Slice && !service.spec().selector().isEmpty()) {
      // Kubernetes writes its slices from now on: two writers would share out its callers.
      released.add(service);
      return;
    }
    Refusal refusal = refusal(pool, pools, service, pods, ours);
    if (refusal != null) {
      refused.add(refusal);
    } else {
      members.add(Member.of(pool, service));
    }
  }

  private static boolean made(Pool pool, Meta meta) {
    Meta.Owner owner = meta.controller();
    return owner != null && !pool.uid().isEmpty() && owner.uid().equals(pool.uid());
  }

  private static @org.jspecify.annotations.Nullable Refusal refusal(
      Pool pool,
      List<Pool> pools,
      Service service,
      Collection<Map<String, String>> pods,
      boolean ours) {
    if (service.externalName()) {
      return new Refusal(
          service, "ExternalName", "it is of type ExternalName and selects no pods; rename it");
    }
    Pool owner = owner(pools, service);
    if (owner != null && !owner.key().equals(pool.key())) {
      return new Refusal(
          service,
          "OtherPool",
          "ServicePool %s has it; let only one match it".formatted(owner.key().name()));
    }
    boolean meant = "true".equals(service.metadata().annotations().get(Marks.MANAGED));
    if (ours || (meant && pool.via() == Via.Selector)) {
      return null;
    }
    if (pool.via() == Via.Slice) {
      return service.spec().selector().isEmpty()
          ? null
          : new Refusal(
              service,
              "HasSelector",
              "it has a selector, by which Kubernetes writes its slices; take it away, or set"
                  + " spec.services.via to Selector");
    }
    if (service.headless()) {
      return new Refusal(service, "Headless", "it is headless" + optIn());
    }
    if (service.spec().selector().isEmpty()) {
      return new Refusal(service, "NoSelector", "it has no selector" + optIn());
    }
    Map<String, String> rest = new HashMap<>(service.spec().selector());
    rest.remove(Marks.POD_NAME);
    boolean leads =
        pods.isEmpty()
            || pods.stream().anyMatch(labels -> labels.entrySet().containsAll(rest.entrySet()));
    return leads
        ? null
        : new Refusal(
            service, "ForeignSelector", "its selector selects none of the pool's pods" + optIn());
  }

  private static String optIn() {
    return "; if it is meant, annotate it with " + Marks.MANAGED + "=true";
  }

  /** The pool that has it already, or else the oldest that means it. */
  private static @org.jspecify.annotations.Nullable Pool owner(List<Pool> pools, Service service) {
    Meta meta = service.metadata();
    List<Pool> wanting =
        pools.stream()
            .filter(p -> p.means(meta.name(), meta.labels()))
            .sorted(Comparator.comparing(Pool::created).thenComparing(Pool::key))
            .toList();
    String marked = meta.annotations().getOrDefault(Marks.POOL, "");
    return wanting.stream()
        .filter(p -> p.key().name().equals(marked))
        .findFirst()
        .orElse(wanting.isEmpty() ? null : wanting.getFirst());
  }
}
