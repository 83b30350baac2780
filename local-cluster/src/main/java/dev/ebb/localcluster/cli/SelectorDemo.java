package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.Progress;
import dev.ebb.localcluster.Waiting;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.json.JsonMapper;

/** A set that grows, shrinks and loses a pod, and which pod each of eight Services points at. */
final class SelectorDemo implements Stage.Play<Boolean> {

  static final int STEPS = 5;

  private static final String SET = "statefulset/cache";
  private static final int SERVICES = 8;
  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final JsonMapper JSON = new JsonMapper();

  private final Repository repository;
  private final Cluster cluster;
  private final Progress progress;
  private final PrintStream out;
  private PoolMap map = new PoolMap(new TreeMap<>());

  SelectorDemo(Repository repository, Cluster cluster, Progress progress, PrintStream out) {
    this.repository = repository;
    this.cluster = cluster;
    this.progress = progress;
    this.out = out;
  }

  /** Shows all steps; what is not as Ebb promises ends it with an exception. */
  @Override
  public Boolean run() {
    progress.step("sample in namespace " + Demo.NAMESPACE, this::deploy);
    show("3 pods, 8 Services", 3, 0);
    progress.step("kubectl scale sts cache --replicas=4", () -> scale(4));
    step("One pod more", 3, 4);
    progress.step("kubectl scale sts cache --replicas=2", () -> scale(2));
    step("Two pods less: left before they are told to end", 4, 2);
    PoolMap whole = map;
    progress.step("kubectl delete pod cache-1", this::lose);
    progress.step("waiting until cache-1 is back", () -> await(() -> whole.equals(read())));
    map = read();
    out.println();
    out.println(
        "A pod went and came back, and has what it had: what it cached is asked of it again.");
    map.table(map).forEach(out::println);
    return true;
  }

  @Override
  public void remove() {
    cluster.kubectl("delete", "namespace", Demo.NAMESPACE, "--ignore-not-found", "--timeout=2m");
  }

  private void step(String title, int from, int to) {
    PoolMap before = map;
    long modulo = PoolMap.movedByModulo(before.pods().keySet(), from, to);
    show(title, to, modulo);
    long least = SERVICES - kept(from, to);
    if (map.moved(before) != least) {
      throw new ClusterException(
          map.moved(before) + " Services moved, and " + least + " would have been enough");
    }
  }

  /** How many Services can stay where they are when a balanced map becomes another one. */
  private static int kept(int from, int to) {
    int kept = 0;
    for (int pod = 0; pod < Math.min(from, to); pod++) {
      int before = SERVICES / from + (pod < SERVICES % from ? 1 : 0);
      int after = SERVICES / to + (pod < SERVICES % to ? 1 : 0);
      kept += Math.min(before, after);
    }
    return kept;
  }

  private void show(String title, int pods, long modulo) {
    PoolMap before = map;
    map = read();
    if (!map.sharedAmong(pods, SERVICES)) {
      throw new ClusterException("the Services are not shared out among " + pods + ": " + map);
    }
    out.println();
    out.println(title + ".");
    map.table(before).forEach(out::println);
    if (!before.pods().isEmpty()) {
      out.printf(
          Locale.ROOT,
          "  %d of %d Services moved (*). By their index modulo the pods, as in 3S, %d had moved.%n",
          map.moved(before),
          SERVICES,
          modulo);
    }
  }

  private void deploy() {
    if (!cluster.kubectl("get", "namespace", Demo.NAMESPACE).ok()) {
      cluster.kubectl("create", "namespace", Demo.NAMESPACE).orThrow();
    }
    kubectl(
        "apply",
        "--server-side",
        "--force-conflicts",
        "-f",
        repository.root().resolve("samples/service-pool/k8s.yaml").toString());
    scale(3);
  }

  private void scale(int pods) {
    kubectl("scale", SET, "--replicas=" + pods);
    await(() -> read().sharedAmong(pods, SERVICES));
  }

  private void lose() {
    kubectl("delete", "pod", "cache-1", "--wait=false");
    await(() -> read().sharedAmong(1, SERVICES));
    out.println();
    out.println("While cache-1 is away:");
    read().table(map).forEach(out::println);
  }

  private PoolMap read() {
    TreeMap<String, String> pods = new TreeMap<>();
    JSON.readTree(kubectl("get", "services", "-o", "json"))
        .path("items")
        .forEach(service -> {
          String pod =
              service
                  .path("spec")
                  .path("selector")
                  .path("statefulset.kubernetes.io/pod-name")
                  .asString("");
          String name = service.path("metadata").path("name").asString("");
          if (!pod.isEmpty() && name.startsWith("svc-")) {
            pods.put(name, pod);
          }
        });
    return new PoolMap(pods);
  }

  private String kubectl(String... words) {
    return cluster.kubectlIn(Demo.NAMESPACE, words).orThrow().out();
  }

  private static void await(BooleanSupplier condition) {
    if (!Waiting.until(condition, LONGEST, 200)) {
      throw new ClusterException(
          "the Services did not come to rest within " + LONGEST.toSeconds() + " s");
    }
  }
}
