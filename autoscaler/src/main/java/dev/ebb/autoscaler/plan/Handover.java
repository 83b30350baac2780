package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.freeze.Stance;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.ScaledResource.MappedService;
import dev.ebb.runtime.model.ScaledResource.State;
import dev.ebb.runtime.model.Service;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Leads traffic through the gateway, and past it again: which keys to add and to remove. */
final class Handover {

  private final Observed observed;
  private final Settings settings;
  private final Validation.Findings findings;
  private final boolean podsReady;
  private final State state;
  private final KeyMarks before;
  private final List<Step> steps = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> waiting = new ArrayList<>();
  private KeyMarks kept;
  private KeyMarks marks;

  /**
   * What should be done.
   *
   * @param complete whether all traffic runs through the gateway now
   * @param keyed whether no traffic goes past the gateway, published or not
   * @param bypassed whether traffic is led past the gateway
   * @param waiting what the hand-over waits for, in words
   * @param published the Services that the gateway should serve
   * @param opensAt when time alone changes something
   */
  record Result(
      boolean complete,
      boolean keyed,
      boolean bypassed,
      boolean contested,
      List<String> waiting,
      List<MappedService> published,
      List<Step> steps,
      List<Problem> problems,
      @Nullable Instant opensAt) {}

  private Handover(
      Observed observed,
      Settings settings,
      Validation.Findings findings,
      boolean podsReady,
      State state) {
    this.observed = observed;
    this.settings = settings;
    this.findings = findings;
    this.podsReady = podsReady;
    this.state = state;
    this.before = KeyMarks.of(observed.resource());
    this.kept = before;
    this.marks = before;
  }

  static Result judge(
      Observed observed,
      Settings settings,
      Validation.Findings findings,
      boolean podsReady,
      State state) {
    return new Handover(observed, settings, findings, podsReady, state).judge();
  }

  private Result judge() {
    List<Service> wanted = findings.refused() ? List.of() : findings.mapping().services();
    if (observed.stance() != Stance.ACT || findings.loses() || findings.unreadable()) {
      return untouched(wanted);
    }
    boolean bypassed = bypassed();
    for (Service service : wanted) {
      bring(service, bypassed);
    }
    releaseUnwanted(wanted);
    // A mark is taken away before its key and set after it: a crash in between forgets, and what
    // is forgotten is found again, while a false mark would look like a contest.
    if (!kept.text().equals(before.text())) {
      steps.addFirst(new Step.Annotate(KeyMarks.ANNOTATION, kept.text()));
    }
    if (!marks.text().equals(kept.text())) {
      steps.add(new Step.Annotate(KeyMarks.ANNOTATION, marks.text()));
    }
    boolean contested = problems.stream().anyMatch(p -> p.reason().equals("SelectorContested"));
    boolean keyed =
        !wanted.isEmpty() && !bypassed && wanted.stream().allMatch(Service::behindGateway);
    boolean complete = keyed && wanted.stream().allMatch(this::published);
    return new Result(
        complete,
        keyed,
        bypassed,
        contested,
        waiting,
        published(wanted),
        steps,
        problems,
        opensAt(bypassed));
  }

  /**
   * Observe, pause, freeze, a lost conflict and ignorance change nothing, neither here nor there.
   */
  private Result untouched(List<Service> wanted) {
    boolean complete = !wanted.isEmpty() && wanted.stream().allMatch(Service::behindGateway);
    List<MappedService> published =
        observed.resource().mappedServices().stream()
            .filter(mapped -> !findings.loses() || leftToServe(mapped.name()))
            .toList();
    return new Result(
        complete,
        complete,
        toldBypassed(),
        false,
        List.of(),
        published,
        List.of(),
        List.of(),
        null);
  }

  /** A loser serves until the winner does: no key without slice. */
  private boolean leftToServe(String name) {
    return observed.services().stream()
            .anyMatch(s -> s.metadata().name().equals(name) && s.behindGateway())
        && observed.others().stream()
            .filter(other -> !other.metadata().deleting())
            .noneMatch(o -> o.mappedServices().stream().anyMatch(s -> s.name().equals(name)));
  }

  private void bring(Service service, boolean bypassed) {
    String name = service.metadata().name();
    long generation = observed.resource().metadata().generation();
    KeyMarks.Mark mark = before.of(service);
    if (bypassed) {
      if (service.behindGateway()) {
        forget(name);
        steps.add(new Step.RemoveKey(service));
      } else if (!observed.gateway().ready()) {
        // Its replicas are gone and take nothing back; beside the pods they would be dead ends.
        observed.slices().stream()
            .filter(slice -> slice.ofGateway() && slice.serviceName().equals(name))
            .forEach(slice -> steps.add(new Step.RemoveSlice(slice)));
      }
    } else if (service.behindGateway()) {
      if (mark == null || mark.generation() < generation) {
        marks = marks.with(service, generation);
      }
    } else if (mark != null && mark.generation() >= generation) {
      problems.add(
          Problem.staysUp(
              ConditionTypes.HANDED_OVER,
              "SelectorContested",
              "somebody removed %s from the selector of Service %s; put it into your manifest, then"
                      .formatted(Service.BEHIND_GATEWAY, name)
                  + " change the ScaledResource"));
    } else if (!hasFinalizer()) {
      waiting.add("Ebb's finalizer");
    } else if (!published(service)) {
      waiting.add("the gateway to publish Service " + name);
    } else {
      steps.add(new Step.AddKey(service));
      marks = marks.with(service, generation);
    }
  }

  private void forget(String name) {
    kept = kept.without(name);
    marks = marks.without(name);
  }

  private void releaseUnwanted(List<Service> wanted) {
    if (heldFor()) {
      return;
    }
    forgotten(wanted)
        .forEach(
            s -> steps.add(s.behindGateway() ? new Step.RemoveKey(s) : new Step.EnsureNoKey(s)));
    for (String name : before.byService().keySet()) {
      if (wanted.stream().anyMatch(s -> s.metadata().name().equals(name))) {
        continue;
      }
      forget(name);
      observed.services().stream()
          .filter(s -> s.metadata().name().equals(name) && s.behindGateway())
          .filter(s -> !claimedByOther(s, observed))
          .forEach(s -> steps.add(new Step.RemoveKey(s)));
    }
  }

  /**
   * What the gateway serves until now and shall no more, and has no mark. With a key: its mark was
   * taken away, and what should have followed was not done. Without: for all the caches know.
   */
  private List<Service> forgotten(List<Service> wanted) {
    return observed.services().stream()
        .filter(s -> before.of(s) == null && mapped(s))
        .filter(s -> wanted.stream().noneMatch(w -> w.key().equals(s.key())))
        .filter(s -> !claimedByOther(s, observed))
        .toList();
  }

  private boolean mapped(Service service) {
    return observed.resource().mappedServices().stream()
        .anyMatch(mapped -> mapped.name().equals(service.metadata().name()));
  }

  /** What is woken because it is refused is held for until a pod is ready. */
  private boolean heldFor() {
    TargetView.Found found = findings.found();
    boolean asleep =
        (state == State.Asleep || state == State.Settling)
            && found != null
            && States.zeroByEbb(observed, found.scale());
    return findings.refused() && (state == State.Waking || asleep);
  }

  static boolean claimedByOther(Service service, Observed observed) {
    return observed.others().stream()
        .filter(other -> !other.metadata().deleting())
        .anyMatch(other -> KeyMarks.of(other).of(service) != null);
  }

  /**
   * What is wanted, what still has its key, and what may have one for all that is known: no key
   * without a slice.
   */
  private List<MappedService> published(List<Service> wanted) {
    Map<String, MappedService> published =
        wanted.stream()
            .collect(
                Collectors.toMap(
                    s -> s.metadata().name(), Mapping::mapped, (a, b) -> a, LinkedHashMap::new));
    for (MappedService old : observed.resource().mappedServices()) {
      observed.services().stream()
          .filter(s -> s.metadata().name().equals(old.name()) && s.behindGateway())
          .filter(s -> before.of(s) != null || !claimedByOther(s, observed))
          .forEach(s -> published.putIfAbsent(old.name(), old));
      if (heldFor()) {
        forgotten(wanted).stream()
            .filter(s -> s.metadata().name().equals(old.name()))
            .forEach(s -> published.putIfAbsent(old.name(), old));
      }
    }
    return List.copyOf(published.values());
  }

  private boolean hasFinalizer() {
    return observed.resource().metadata().finalizers().contains(ScaledResource.FINALIZER);
  }

  private boolean bypassed() {
    GatewayView gateway = observed.gateway();
    if (toldBypassed()) {
      Instant since = gateway.readySince();
      return since == null || since.plus(settings.restoreAfter()).isAfter(observed.now());
    }
    Instant since = gateway.unreadySince();
    return podsReady
        && since != null
        && !since.plus(settings.bypassAfter()).isAfter(observed.now());
  }

  private boolean toldBypassed() {
    return observed.resource().status().holds(ConditionTypes.BYPASSED);
  }

  private @Nullable Instant opensAt(boolean bypassed) {
    GatewayView gateway = observed.gateway();
    if (bypassed) {
      Instant since = gateway.readySince();
      return since == null ? null : since.plus(settings.restoreAfter());
    }
    Instant since = gateway.unreadySince();
    return since == null || !podsReady ? null : since.plus(settings.bypassAfter());
  }

  /**
   * Returns whether the gateway's slices have a ready endpoint for every port that can wake, in
   * every address family of the Service.
   */
  private boolean published(Service service) {
    List<String> families =
        service.spec().ipFamilies().isEmpty() ? List.of("IPv4") : service.spec().ipFamilies();
    return families.stream()
        .allMatch(family ->
            service.spec().ports().stream()
                .filter(Mapping::wakeable)
                .allMatch(port -> published(service, family, port)));
  }

  private boolean published(Service service, String family, Service.Port port) {
    return observed.slices().stream()
        .filter(slice -> slice.serviceName().equals(service.metadata().name()))
        .filter(slice -> !slice.metadata().deleting() && slice.ofGateway())
        .filter(slice -> slice.addressType().equals(family))
        .filter(slice -> slice.ports().stream().anyMatch(p -> same(p, port)))
        .anyMatch(slice -> slice.endpoints().stream().anyMatch(EndpointSlice.Endpoint::ready));
  }

  private static boolean same(EndpointSlice.Port published, Service.Port port) {
    String name = published.name() == null ? "" : published.name();
    return name.equals(port.name()) && published.port() != null;
  }
}
