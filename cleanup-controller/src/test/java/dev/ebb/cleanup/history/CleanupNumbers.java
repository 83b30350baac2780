package dev.ebb.cleanup.history;

import dev.ebb.cleanup.World;
import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.SetPod;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.runtime.kube.KubeClient;
import dev.ebb.runtime.kube.KubeClient.PatchType;
import dev.ebb.testkit.SteppedClock;
import dev.ebb.testkit.store.MemoryApi;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.Interceptor;
import okhttp3.Request;

/**
 * {@code ./ebb bench cleanup}: what the controller asks of the API server, counted over an API in
 * memory, with the real client, informers and reconciler.
 */
final class CleanupNumbers {

  private static final Path CRDS = Path.of("../charts/ebb/charts/crds/files");
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final SteppedClock clock = new SteppedClock();
  private final MemoryApi api =
      new MemoryApi(clock)
          .define(CRDS.resolve("scaledowncleanups.ebb.dev.yaml"))
          .define(CRDS.resolve("scaledownpolicies.ebb.dev.yaml"))
          .namespace(Kube.NS);
  private final KubeClient truth = api.client("truth");
  private final Map<String, AtomicLong> calls = new ConcurrentSkipListMap<>();
  private final KubeClient client = api.client("ebb-cleanup-controller", count());

  private CleanupNumbers() {}

  /** Prints the numbers; ends with 1 if something was written at rest. */
  public static void main(String[] words) throws Exception {
    boolean quiet = new CleanupNumbers().atRest(1_000, 10);
    new CleanupNumbers().atOnce(500, 50);
    System.exit(quiet ? 0 : 1);
  }

  private Interceptor count() {
    return chain -> {
      Request request = chain.request();
      String path = request.url().encodedPath();
      if (request.url().queryParameter("watch") == null && !path.endsWith("/events")) {
        calls
            .computeIfAbsent(request.method() + " " + kind(path), k -> new AtomicLong())
            .incrementAndGet();
      }
      return chain.proceed(request);
    };
  }

  private static String kind(String path) {
    String[] parts = path.split("/", -1);
    int at = List.of(parts).indexOf(Kube.NS) + 1;
    boolean list = at == parts.length - 1 || at == 0;
    String kind = at > 0 ? parts[at] : parts[parts.length - 1];
    boolean status = parts[parts.length - 1].equals("status");
    return kind + (status ? "/status" : list ? " (list)" : "");
  }

  private void set(String name, int replicas) {
    truth.create(
        StatefulSet.TYPE,
        Kube.NS,
        Map.of(
            "apiVersion",
            "apps/v1",
            "kind",
            "StatefulSet",
            "metadata",
            Map.of(
                "name",
                name,
                "annotations",
                Map.of(Names.TEMPLATE, World.TEMPLATE, "ebb.dev/cleanup-max-parallel", "50")),
            "spec",
            Map.of(
                "replicas",
                replicas,
                "serviceName",
                name,
                "podManagementPolicy",
                "Parallel",
                "selector",
                Map.of("matchLabels", Map.of("app", name)),
                "volumeClaimTemplates",
                List.of(Map.of("metadata", Map.of("name", "data")))),
            "status",
            Map.of("observedGeneration", 1)));
    truth.patch(
        StatefulSet.TYPE,
        new dev.ebb.scaler.ResourceKey(Kube.NS, name),
        "status",
        PatchType.MERGE,
        Map.of("status", Map.of("observedGeneration", 1)));
  }

  private void claim(String set, int n) {
    truth.create(
        Claim.TYPE,
        Kube.NS,
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "PersistentVolumeClaim",
            "metadata",
            Map.of("name", "data-" + set + "-" + n, "labels", Map.of("app", set))));
  }

  private void pod(String set, int n) {
    String uid =
        truth
            .find(StatefulSet.TYPE, new dev.ebb.scaler.ResourceKey(Kube.NS, set))
            .orElseThrow()
            .metadata()
            .uid();
    truth.create(
        SetPod.TYPE,
        Kube.NS,
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "Pod",
            "metadata",
            Map.of(
                "name",
                set + "-" + n,
                "labels",
                Map.of("app", set),
                "ownerReferences",
                List.of(
                    Map.of(
                        "apiVersion",
                        "apps/v1",
                        "kind",
                        "StatefulSet",
                        "name",
                        set,
                        "uid",
                        uid,
                        "controller",
                        true))),
            "spec",
            Map.of("containers", List.of(Map.of("name", "main")))));
  }

  private static long heap() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(50);
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private long writes() {
    return calls.entrySet().stream()
        .filter(e -> !e.getKey().startsWith("GET"))
        .mapToLong(e -> e.getValue().get())
        .sum();
  }

  private boolean atRest(int sets, int ordinals) throws Exception {
    for (int s = 0; s < sets; s++) {
      String name = "set" + s;
      set(name, ordinals);
      for (int n = 0; n < ordinals; n++) {
        claim(name, n);
        pod(name, n);
      }
    }
    long before = heap();
    try (Stack stack = new Stack(client, clock, Seams.NONE)) {
      long begin = System.nanoTime();
      int looks = 0;
      while (stack.loop.reconcileOne()) {
        looks++;
      }
      long millis = (System.nanoTime() - begin) / 1_000_000;
      clock.advance(Duration.ofHours(1));
      while (stack.loop.reconcileOne()) {
        looks++;
      }
      System.out.printf(
          "at rest: %d sets x %d ordinals, %d looks (all in %d ms), %d writes, caches of %d MiB%n",
          sets, ordinals, looks, millis, writes(), (heap() - before) >> 20);
    }
    return writes() == 0;
  }

  private void atOnce(int ordinals, int parallel) throws Exception {
    set("big", 0);
    for (int n = 0; n < ordinals; n++) {
      claim("big", n);
    }
    int most = 0;
    int rounds = 0;
    try (Stack stack = new Stack(client, clock, Seams.NONE)) {
      calls.clear();
      long begin = System.nanoTime();
      while (!truth.list(Claim.TYPE, Kube.NS, Map.of()).items().isEmpty() && rounds++ < 10_000) {
        api.awaitDrained(Stack.WATCHES, LONGEST);
        if (!stack.loop.reconcileOne()) {
          List<SetPod> pods = truth.list(SetPod.TYPE, Kube.NS, Map.of()).items();
          most = Math.max(most, pods.size());
          pods.stream().filter(p -> !p.status().phase().equals("Succeeded")).forEach(this::succeed);
          clock.advance(Duration.ofMillis(200));
        }
      }
      System.out.printf(
          "at once: %d ordinals, %d at the same time (allowed: %d), %d ms of work%n",
          ordinals, most, parallel, (System.nanoTime() - begin) / 1_000_000);
    }
    long all = calls.values().stream().mapToLong(AtomicLong::get).sum();
    System.out.printf("  API calls per ordinal: %.1f%n", all / (double) ordinals);
    new TreeMap<>(calls)
        .forEach((call, count) ->
            System.out.printf("  %6.2f  %s%n", count.get() / (double) ordinals, call));
  }

  private void succeed(SetPod pod) {
    truth.patch(
        SetPod.TYPE,
        pod.key(),
        "status",
        PatchType.MERGE,
        Map.of("status", Map.of("phase", "Succeeded")));
  }
}
