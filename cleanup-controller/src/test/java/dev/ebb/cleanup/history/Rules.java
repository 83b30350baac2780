package dev.ebb.cleanup.history;

import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.SetPod;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.cleanup.plan.Lock;
import dev.ebb.cleanup.plan.OrdinalName;
import dev.ebb.cleanup.plan.Policy;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.scaler.ResourceKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import okhttp3.Interceptor;
import okhttp3.Response;
import okio.Buffer;
import tools.jackson.databind.JsonNode;

/** Holds each write of the controller to the promises, in the moment of the write. */
final class Rules implements Interceptor {

  private final CleanupWorld world;
  private final List<String> violations = new ArrayList<>();

  Rules(CleanupWorld world) {
    this.world = world;
  }

  List<String> violations() {
    return List.copyOf(violations);
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    String path = chain.request().url().encodedPath();
    String method = chain.request().method();
    if (method.equals("DELETE") && path.contains("/persistentvolumeclaims/")) {
      deletion(path.substring(path.lastIndexOf('/') + 1), body(chain));
    } else if (method.equals("DELETE") && path.contains("/pods/")) {
      podDeletion(path.substring(path.lastIndexOf('/') + 1), body(chain));
    } else if (method.equals("POST") && path.endsWith("/pods")) {
      creation(body(chain));
    }
    return chain.proceed(chain.request());
  }

  private JsonNode body(Chain chain) throws IOException {
    try (Buffer buffer = new Buffer()) {
      if (chain.request().body() != null) {
        chain.request().body().writeTo(buffer);
      }
      return world.truth.json().readTree(buffer.readByteArray());
    }
  }

  private void violation(String what) {
    violations.add(world.clock.instant() + " " + what);
  }

  private void deletion(String name, JsonNode body) {
    Claim claim = world.truth.find(Claim.TYPE, new ResourceKey(Kube.NS, name)).orElse(null);
    String uid = body.path("preconditions").path("uid").asString("");
    if (uid.isEmpty()) {
      violation("claim " + name + " is deleted without a precondition");
    }
    if (claim == null || (!uid.isEmpty() && !claim.metadata().uid().equals(uid))) {
      return;
    }
    StatefulSet set = world.setOf(claim).orElse(null);
    if (set == null) {
      violation("claim " + name + " is deleted, and is nobody's");
      return;
    }
    int ordinal = OrdinalName.ofClaim(set, name).orElseThrow();
    Policy policy = world.policyOf(set);
    if (policy.keepClaims() || policy.mode() != Mode.Enforce) {
      violation("claim " + name + " is deleted, and its policy keeps it");
    }
    if (set.wants(ordinal) && !policy.renew()) {
      violation("claim " + name + " of a wanted ordinal is deleted");
    }
    SetPod lock = world.kube.pod(set.podName(ordinal)).orElse(null);
    if (lock == null || Lock.of(lock, set.metadata().name()).isEmpty()) {
      violation("claim " + name + " is deleted without a lock");
      return;
    }
    if (!lock.metadata().annotations().containsKey(Names.SUCCEEDED)) {
      violation("claim " + name + " is deleted without a record");
    }
    Set<String> mounted = world.succeeded.getOrDefault(lock.metadata().uid(), Set.of());
    if (!mounted.contains(claim.metadata().uid())) {
      violation("claim " + name + " is deleted, and no pod has succeeded for it");
    }
  }

  private void podDeletion(String name, JsonNode body) {
    SetPod pod = world.kube.pod(name).orElse(null);
    boolean same =
        pod != null
            && pod.metadata().uid().equals(body.path("preconditions").path("uid").asString(""));
    if (same && Lock.owner(pod.metadata()).isEmpty()) {
      boolean going =
          world.kube.sets().stream()
              .anyMatch(s ->
                  s.metadata().deleting()
                      && OrdinalName.after(s.metadata().name(), name).isPresent());
      if (!going) {
        violation("pod " + name + " of a set that stays is deleted");
      }
    }
  }

  private void creation(JsonNode body) {
    String name = body.path("metadata").path("name").asString("");
    String owner = body.path("metadata").path("annotations").path(Names.OWNER).asString("");
    StatefulSet set = world.kube.set(owner).orElse(null);
    if (set == null) {
      violation("pod " + name + " is made for nobody");
      return;
    }
    int ordinal = OrdinalName.after(owner, name).orElseThrow();
    if (set.wants(ordinal)) {
      violation("the name of a wanted ordinal is taken: " + name);
    }
    long others =
        world.kube.cleanups().stream()
            .filter(p -> Lock.of(p, owner).isPresent() && !p.metadata().name().equals(name))
            .count();
    Policy policy = world.policyOf(set);
    if (policy.mode() != Mode.Enforce) {
      violation("pod " + name + " is made, and the mode is " + policy.mode());
    }
    if (others >= (set.ordered() ? 1 : policy.maxParallel())) {
      violation("too many at once: " + name);
    }
  }
}
