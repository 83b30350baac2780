package dev.ebb.cleanup.history;

import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.ScaleDownPolicy;
import dev.ebb.cleanup.api.SetPod;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.cleanup.apply.LiveView;
import dev.ebb.cleanup.plan.Safety;
import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.kube.KubeClient;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Faults to plant between the controller's parts, by what they do. */
final class Mutants {

  private static final JsonMapper JSON = RuntimeAutoConfiguration.kubernetesJson();

  private Mutants() {}

  static Map<String, Seams> all() {
    Map<String, Seams> all = new LinkedHashMap<>();
    all.put("believes its cache about the set", Seams.NONE.with(BelievesCache::new));
    all.put("knows no policy in the moment of a write", Seams.NONE.with(NoPolicies::new));
    all.put("looks for no pod of an ordinal's name", Seams.NONE.with(NoPods::new));
    all.put("finds no claims of an ordinal", Seams.NONE.with(NoClaims::new));
    all.put(
        "makes pods that it does not know again",
        Seams.NONE.with(
            changed(
                "POST",
                "/pods",
                b ->
                    b.withObjectProperty("metadata")
                        .withObjectProperty("annotations")
                        .remove(Names.OWNER))));
    all.put(
        "deletes claims without preconditions",
        Seams.NONE.with(
            changed("DELETE", "/persistentvolumeclaims/", b -> b.remove("preconditions"))));
    all.put(
        "records no success",
        Seams.NONE.with(
            changed(
                "PATCH",
                "/pods/",
                b ->
                    b.withObjectProperty("metadata")
                        .withObjectProperty("annotations")
                        .remove(Names.SUCCEEDED))));
    all.put(
        "never deletes a cleanup pod",
        Seams.NONE.with(swallowed("DELETE", p -> p.contains("/pods/"))));
    all.put(
        "never deletes a claim",
        Seams.NONE.with(swallowed("DELETE", p -> p.contains("/persistentvolumeclaims/"))));
    all.put(
        "forgets what it writes down",
        Seams.NONE.with(swallowed("PATCH", p -> p.contains("/scaledowncleanups/"))));
    all.put(
        "makes pods under no name of an ordinal's",
        Seams.NONE.with(
            changed(
                "POST",
                "/pods",
                b ->
                    b.withObjectProperty("metadata")
                        .put("name", "x-" + System.identityHashCode(b)))));
    all.put(
        "puts the finalizer on and never takes it off",
        Seams.NONE.with(swallowed("PATCH", p -> p.contains("/statefulsets/"))));
    return all;
  }

  /** Says that the set is as it was decided on. */
  private static final class BelievesCache extends LiveView {
    BelievesCache(KubeClient client) {
      super(client);
    }

    @Override
    public Safety.Live set(StatefulSet seen) {
      return new Safety.Live(seen, seen, List.of(seen), policies(seen.metadata().namespace()));
    }
  }

  private static final class NoPolicies extends LiveView {
    NoPolicies(KubeClient client) {
      super(client);
    }

    @Override
    protected List<ScaleDownPolicy> policies(String namespace) {
      return List.of();
    }
  }

  private static final class NoPods extends LiveView {
    NoPods(KubeClient client) {
      super(client);
    }

    @Override
    public Optional<SetPod> pod(StatefulSet set, int ordinal) {
      return Optional.empty();
    }
  }

  private static final class NoClaims extends LiveView {
    NoClaims(KubeClient client) {
      super(client);
    }

    @Override
    public List<Claim> claims(StatefulSet set, int ordinal) {
      return List.of();
    }
  }

  private static Interceptor swallowed(String method, Predicate<String> path) {
    return chain -> {
      Request request = chain.request();
      if (!request.method().equals(method) || !path.test(request.url().encodedPath())) {
        return chain.proceed(request);
      }
      Request read = request.newBuilder().method("GET", null).url(parent(request)).build();
      try (Response response = chain.proceed(read)) {
        return answer(request, response.body() == null ? "{}" : response.body().string());
      }
    };
  }

  private static okhttp3.HttpUrl parent(Request request) {
    String path = request.url().encodedPath();
    return request
        .url()
        .newBuilder()
        .encodedPath(path.endsWith("/status") ? path.substring(0, path.length() - 7) : path)
        .query(null)
        .build();
  }

  private static Response answer(Request request, String body) {
    return new Response.Builder()
        .request(request)
        .protocol(Protocol.HTTP_1_1)
        .code(200)
        .message("")
        .body(ResponseBody.create(body, MediaType.get("application/json")))
        .build();
  }

  private static Interceptor changed(String method, String path, Consumer<ObjectNode> change) {
    return new Interceptor() {
      @Override
      public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        boolean meant =
            request.method().equals(method) && request.url().encodedPath().contains(path);
        RequestBody body = request.body();
        if (!meant || body == null) {
          return chain.proceed(request);
        }
        try (Buffer buffer = new Buffer()) {
          body.writeTo(buffer);
          ObjectNode read = (ObjectNode) JSON.readTree(buffer.readByteArray());
          change.accept(read);
          return chain.proceed(
              request
                  .newBuilder()
                  .method(
                      method, RequestBody.create(JSON.writeValueAsBytes(read), body.contentType()))
                  .build());
        }
      }
    };
  }
}
