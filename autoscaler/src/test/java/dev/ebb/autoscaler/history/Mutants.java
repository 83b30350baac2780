package dev.ebb.autoscaler.history;

import dev.ebb.autoscaler.activity.ActivityHub;
import dev.ebb.autoscaler.apply.Gateway;
import dev.ebb.autoscaler.plan.Settings;
import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ResourceScaler;
import dev.ebb.scaler.Scale;
import dev.ebb.scaler.ScaleRequest;
import dev.ebb.scaler.ScaleTarget;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Faults that are planted between the autoscaler's parts; histories must find each. Not among them
 * is what a second defence hides: who ignores what a replica tells of its requests in flight, or
 * believes a silent replica, is refused the fence by that replica. Who forgets the settle time is
 * nearly always kept by the adoption's grace, so that few histories can show it.
 */
final class Mutants {

  private static final JsonMapper JSON = RuntimeAutoConfiguration.kubernetesJson();
  private static final MediaType TYPE = MediaType.get("application/json");

  private Mutants() {}

  /** Returns all mutants by what they do wrong. */
  static Map<String, Seams> all() {
    Seams none = Seams.NONE;
    Settings s = AutoscalerSteps.SETTINGS;
    Map<String, Seams> all = new LinkedHashMap<>();
    all.put("skips the live read", none.withLive((live, cached) -> cached));
    all.put(
        "drops the precondition of zero",
        none.with(rewriting("/deployments/", Mutants::unguarded)));
    all.put(
        "drops the preconditions of Services",
        none.with(rewriting("/services/", Mutants::unguarded)));
    all.put("ignores the last byte", none.withStreams(counters(e -> e.putNull("idleMillis"))));
    all.put("does not fence", none.withGateway(Mutants::unfenced));
    all.put("takes no for yes", none.withGateway(Mutants::deaf));
    all.put(
        "forgets the adoption grace",
        none.with(
            new Settings(
                s.settle(), Duration.ZERO, s.newPodAge(), s.bypassAfter(), s.restoreAfter())));
    all.put(
        "never leads past a gateway that is away",
        none.with(
            new Settings(
                s.settle(),
                s.adoptionGrace(),
                s.newPodAge(),
                Duration.ofDays(1),
                s.restoreAfter())));
    all.put("forgets the replica count", none.with(swallowing("remembered-replicas")));
    all.put("forgets its finalizer", none.with(swallowing("\"finalizers\":[")));
    all.put("leaves the key on release", none.with(swallowing("\"ebb.dev/behind-gateway\":null")));
    all.put("sees no HPA", none.with(hiding("/horizontalpodautoscalers")));
    all.put("wakes with one replica", none.withScaler(s1 -> scaler(s1, 1)));
    return all;
  }

  // Requests.

  private static Interceptor rewriting(String path, UnaryOperator<ObjectNode> change) {
    return chain -> {
      Request request = chain.request();
      boolean concerned =
          request.method().equals("PATCH") && request.url().encodedPath().contains(path);
      if (!concerned || !(JSON.readTree(text(request)) instanceof ObjectNode body)) {
        return chain.proceed(request);
      }
      RequestBody changed =
          RequestBody.create(
              JSON.writeValueAsBytes(change.apply(body)), request.body().contentType());
      return chain.proceed(request.newBuilder().method("PATCH", changed).build());
    };
  }

  private static ObjectNode unguarded(ObjectNode body) {
    body.withObjectProperty("metadata").remove(List.of("resourceVersion", "uid"));
    return body;
  }

  /** Answers patches with a text in them as if they were done. */
  private static Interceptor swallowing(String text) {
    return chain -> {
      Request request = chain.request();
      if (!request.method().equals("PATCH") || !text(request).contains(text)) {
        return chain.proceed(request);
      }
      String path = request.url().encodedPath().replaceFirst("/status$", "");
      return chain.proceed(
          request
              .newBuilder()
              .url(request.url().newBuilder().encodedPath(path).query(null).build())
              .get()
              .build());
    };
  }

  private static Interceptor hiding(String path) {
    return chain -> {
      Request request = chain.request();
      boolean list =
          request.url().encodedPath().endsWith(path)
              && request.url().queryParameter("watch") == null;
      if (!list) {
        return chain.proceed(request);
      }
      try (Response full = chain.proceed(request)) {
        JsonNode body = JSON.readTree(full.body().bytes());
        ((ObjectNode) body).putArray("items");
        return new Response.Builder()
            .request(request)
            .protocol(Protocol.HTTP_1_1)
            .code(200)
            .message("")
            .body(ResponseBody.create(body.toString(), TYPE))
            .build();
      }
    };
  }

  private static String text(Request request) throws IOException {
    try (Buffer buffer = new Buffer()) {
      request.body().writeTo(buffer);
      return buffer.readUtf8();
    }
  }

  // Activity and fences.

  private static UnaryOperator<ActivityHub.Streams> counters(Consumer<ObjectNode> change) {
    return streams ->
        (address, listener) ->
            streams.open(
                address,
                data -> {
                  JsonNode event = JSON.readTree(data);
                  event.path("resources").forEach(entry -> change.accept((ObjectNode) entry));
                  listener.onData(event.toString());
                });
  }

  private static Gateway unfenced(Gateway gateway) {
    return granting(gateway, (addresses, resource, ttl) -> {});
  }

  /** Asks, and does not listen. */
  private static Gateway deaf(Gateway gateway) {
    return granting(gateway, gateway::fence);
  }

  /** How a fence is asked for. */
  private interface Asking {
    void ask(List<String> addresses, ScaledResource resource, Duration ttl);
  }

  private static Gateway granting(Gateway gateway, Asking asking) {
    return new Gateway() {
      @Override
      public List<Answer> fence(List<String> addresses, ScaledResource resource, Duration ttl) {
        asking.ask(addresses, resource, ttl);
        return addresses.stream().map(address -> new Answer(address, true, "")).toList();
      }

      @Override
      public void release(List<String> addresses, ResourceKey resource, Outcome outcome) {
        gateway.release(addresses, resource, outcome);
      }
    };
  }

  private static ResourceScaler scaler(ResourceScaler scaler, int count) {
    return new ResourceScaler() {
      @Override
      public boolean drives(ScaleTarget target) {
        return scaler.drives(target);
      }

      @Override
      public Scale getScale(ScaleTarget target) {
        return scaler.getScale(target);
      }

      @Override
      public CompletableFuture<Scale> setScale(ScaleRequest request) {
        int replicas = request.replicas() == 0 ? 0 : count;
        return scaler.setScale(
            new ScaleRequest(request.target(), replicas, request.ifVersion(), request.reason()));
      }
    };
  }
}
