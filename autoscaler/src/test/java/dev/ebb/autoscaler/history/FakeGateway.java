package dev.ebb.autoscaler.history;

import dev.ebb.autoscaler.activity.ActivityHub;
import dev.ebb.autoscaler.apply.Gateway;
import dev.ebb.runtime.kube.Kinds;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.model.WakeCount;
import dev.ebb.runtime.scale.ScaleSubresourceScaler;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.Scale;
import dev.ebb.scaler.ScaleRequest;
import dev.ebb.scaler.ScaleTarget;
import dev.ebb.scaler.ScalerException;
import dev.ebb.testkit.SteppedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The gateway as the autoscaler knows it: two replicas that publish slices, hold, wake, forward,
 * tell their activity and grant fences. It keeps its half of the contract in handover.md, and knows
 * the truth about its traffic.
 */
final class FakeGateway implements Gateway, ActivityHub.Streams {

  /** Where the workloads are. */
  static final String APPS = "default";

  /** The kinds that it acts on; of others only while somebody waits. */
  static final List<String> SEEN = List.of("scaledresources", "services", "endpointslices");

  /** The gateway's Service. */
  static final ResourceKey SERVICE = new ResourceKey("ebb", "ebb-dlx-gateway");

  /** One resource's traffic at one replica. */
  static final class Traffic {
    int inFlight;
    int held;
    @Nullable Instant lastByte;
    @Nullable Instant fencedUntil;
  }

  /** One replica. */
  static final class Replica {
    final String address;
    boolean ready = true;
    boolean silent;
    int incarnation = 1;
    final Map<ResourceKey, Traffic> traffic = new TreeMap<>();

    Replica(String address) {
      this.address = address;
    }

    Traffic of(ResourceKey resource) {
      return traffic.computeIfAbsent(resource, key -> new Traffic());
    }
  }

  private record Stream(Replica replica, Listener listener) {}

  private final KubeClient client;
  private final ScaleSubresourceScaler scaler;
  private final SteppedClock clock;
  private final List<Replica> replicas = List.of(new Replica("10.1.0.1"), new Replica("10.1.0.2"));
  private final List<Stream> streams = new ArrayList<>();
  private final Set<ResourceKey> served = new TreeSet<>();
  private Consumer<ResourceKey> beforeFence = resource -> {};
  private Runnable afterFence = () -> {};

  FakeGateway(KubeClient client, SteppedClock clock) {
    this.client = client;
    this.clock = clock;
    this.scaler =
        new ScaleSubresourceScaler(
            client, new Kinds(client), Executors.newVirtualThreadPerTaskExecutor());
  }

  List<Replica> replicas() {
    return replicas;
  }

  boolean anyReady() {
    return replicas.stream().anyMatch(r -> r.ready);
  }

  /** Does something once, when a fence is asked for and not yet granted. */
  void beforeFence(Consumer<ResourceKey> action) {
    beforeFence = action;
  }

  /** Does something once, as soon as a fence is granted. */
  void afterFence(Runnable action) {
    afterFence = action;
  }

  // Traffic.

  /** Takes a request of a resource at one of the replicas that a slice lists. */
  void take(ResourceKey resource, int which) {
    List<Replica> ready = replicas.stream().filter(r -> r.ready).toList();
    Traffic traffic = ready.get(which % ready.size()).of(resource);
    traffic.held++;
    traffic.lastByte = clock.instant();
  }

  /** Ends all requests of a resource that are being answered. */
  void finish(ResourceKey resource) {
    for (Replica replica : replicas) {
      Traffic traffic = replica.of(resource);
      if (traffic.inFlight > 0) {
        traffic.inFlight = 0;
        traffic.lastByte = clock.instant();
      }
    }
  }

  int held(ResourceKey resource) {
    return replicas.stream().mapToInt(r -> r.of(resource).held).sum();
  }

  int inFlight(ResourceKey resource) {
    return replicas.stream().mapToInt(r -> r.of(resource).inFlight).sum();
  }

  /** Returns whether somebody waits. */
  boolean restless() {
    return replicas.stream()
        .flatMap(r -> r.traffic.values().stream())
        .anyMatch(traffic -> traffic.held > 0);
  }

  private boolean fenced(Traffic traffic) {
    return traffic.fencedUntil != null && traffic.fencedUntil.isAfter(clock.instant());
  }

  boolean fencedAt(Replica replica, ResourceKey resource) {
    return fenced(replica.of(resource));
  }

  // What it does by itself.

  /**
   * Publishes, wakes and forwards once; returns whether it wrote anything.
   *
   * @param changed whether there may be something to publish
   */
  boolean act(boolean changed) {
    List<ScaledResource> resources = client.list(ScaledResource.TYPE, APPS, Map.of()).items();
    boolean wrote = changed && anyReady() && publish(resources);
    forget(resources);
    for (ScaledResource resource : resources) {
      if (held(resource.key()) > 0) {
        wrote |= serve(resource);
      }
    }
    return wrote;
  }

  /** What is served no longer is waited for by nobody. */
  private void forget(List<ScaledResource> resources) {
    served.clear();
    resources.stream().filter(r -> !r.mappedServices().isEmpty()).forEach(r -> served.add(r.key()));
    replicas.forEach(replica -> replica.traffic.keySet().retainAll(served));
  }

  private boolean publish(List<ScaledResource> resources) {
    Map<String, EndpointSlice> live = new TreeMap<>();
    client
        .list(EndpointSlice.TYPE, APPS, EndpointSlice.OF_GATEWAY)
        .items()
        .forEach(slice -> live.put(slice.metadata().name(), slice));
    boolean wrote = false;
    List<String> ready = replicas.stream().filter(r -> r.ready).map(r -> r.address).toList();
    for (ScaledResource resource : resources) {
      for (ScaledResource.MappedService mapped : resource.mappedServices()) {
        Service service =
            client.find(Service.TYPE, new ResourceKey(APPS, mapped.name())).orElse(null);
        if (service == null) {
          continue;
        }
        EndpointSlice old = live.remove(Slices.gatewayName(service));
        if (old == null || !Slices.addresses(old).equals(ready)) {
          Slices.write(client, service, Slices.gatewayName(service), true, ready, old != null);
          wrote = true;
        }
      }
    }
    for (EndpointSlice unwanted : live.values()) {
      client.delete(EndpointSlice.TYPE, unwanted.metadata());
      wrote = true;
    }
    return wrote;
  }

  /** Wakes for what is held, and lets it through to a ready pod. */
  private boolean serve(ScaledResource resource) {
    ScaleTarget target = resource.target();
    if (target == null || replicas.stream().allMatch(r -> fenced(r.of(resource.key())))) {
      return false;
    }
    Scale scale;
    try {
      scale = scaler.getScale(target);
    } catch (ScalerException e) {
      refuse(resource.key());
      return false;
    }
    if (scale.desired() == 0) {
      if (resource.mode() == ScaledResource.Mode.Paused
          || !List.of("ebb-autoscaler", "ebb-dlx-gateway")
              .contains(String.valueOf(scale.writer()))) {
        refuse(resource.key());
        return false;
      }
      int count = WakeCount.of(resource.spec().replicas(), resource.remembered(), List.of());
      scaler.setScale(new ScaleRequest(target, count, scale.version(), "held")).join();
      return true;
    }
    boolean ready =
        client
            .list(Pod.TYPE, APPS, Map.of("labelSelector", "app=" + target.key().name()))
            .items()
            .stream()
            .anyMatch(Pod::ready);
    for (Replica replica : replicas) {
      Traffic traffic = replica.of(resource.key());
      if (ready && !fenced(traffic)) {
        traffic.inFlight += traffic.held;
        traffic.held = 0;
        traffic.lastByte = clock.instant();
      }
    }
    return false;
  }

  /** Answers 503: it was stopped by somebody else, or is gone. */
  private void refuse(ResourceKey resource) {
    replicas.forEach(r -> r.of(resource).held = 0);
  }

  // What the autoscaler asks.

  @Override
  public List<Answer> fence(List<String> addresses, ScaledResource resource, Duration ttl) {
    Consumer<ResourceKey> early = beforeFence;
    beforeFence = key -> {};
    early.accept(resource.key());
    List<Answer> answers = new ArrayList<>();
    for (Replica replica : replicas) {
      if (!addresses.contains(replica.address)) {
        continue;
      }
      Traffic traffic = replica.of(resource.key());
      boolean busy = traffic.inFlight + traffic.held > 0;
      if (!replica.ready || replica.silent) {
        answers.add(new Answer(replica.address, false, "no answer"));
      } else if (busy) {
        answers.add(new Answer(replica.address, false, "busy"));
      } else {
        traffic.fencedUntil = clock.instant().plus(ttl);
        answers.add(new Answer(replica.address, true, ""));
      }
    }
    Runnable action = afterFence;
    afterFence = () -> {};
    action.run();
    return answers;
  }

  @Override
  public void release(List<String> addresses, ResourceKey resource, Outcome outcome) {
    replicas.stream()
        .filter(r -> addresses.contains(r.address))
        .forEach(r -> r.of(resource).fencedUntil = null);
  }

  @Override
  public Handle open(String address, Listener listener) {
    Replica replica =
        replicas.stream().filter(r -> r.address.equals(address)).findFirst().orElseThrow();
    Stream stream = new Stream(replica, listener);
    streams.add(stream);
    return () -> streams.remove(stream);
  }

  /** Tells the activity on every stream, as it does each second and at once on a change. */
  void tell() {
    for (Stream stream : List.copyOf(streams)) {
      if (!stream.replica().silent) {
        stream.listener().onData(event(stream.replica()));
      }
    }
  }

  private String event(Replica replica) {
    ObjectNode event = client.json().createObjectNode();
    event.put("instance", replica.address + "-" + replica.incarnation).put("startedAtMillis", 0);
    ArrayNode entries = event.putArray("resources");
    for (ResourceKey key : served) {
      Traffic traffic = replica.of(key);
      ObjectNode entry = entries.addObject();
      entry.put("namespace", key.namespace()).put("name", key.name());
      entry.put("inFlight", traffic.inFlight).put("held", traffic.held).put("open", 0);
      entry.put("requests", 0).put("bytes", 0).put("fenced", fenced(traffic));
      if (traffic.lastByte != null) {
        entry.put("idleMillis", Duration.between(traffic.lastByte, clock.instant()).toMillis());
      }
    }
    return event.toString();
  }
}
