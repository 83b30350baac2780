package dev.ebb.system;

import static org.awaitility.Awaitility.await;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.Progress;
import dev.ebb.localcluster.cli.Repository;
import dev.ebb.localcluster.cli.Suite;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The installed suite, as tests use it: by kubectl and helm. */
final class Ebb {

  /** Shorter than the shipped ten seconds, so that tests sleep sooner; everything else is stock. */
  private static final List<String> VALUES = List.of("--set", "autoscaler.settings.settle=3s");

  private final Cluster cluster;
  private final Suite suite;

  private Ebb(Cluster cluster) {
    this.cluster = cluster;
    this.suite = new Suite(Repository.own(), cluster, Progress.on(System.err, false));
  }

  /** Installs the suite unless it is there, with two gateway replicas, and waits until ready. */
  static Ebb in(Cluster cluster) {
    Ebb ebb = new Ebb(cluster);
    if (!ebb.suite.installed()) {
      ebb.suite.deploy(VALUES);
    }
    return ebb;
  }

  /** Builds the images of the working copy and installs the suite, as tests have it. */
  static Ebb built(Cluster cluster) {
    Ebb ebb = new Ebb(cluster);
    ebb.suite.install(VALUES);
    return ebb;
  }

  /** Upgrades the release with further arguments for helm; none is as it was installed. */
  void upgrade(String... helmArguments) {
    suite.deploy(Stream.concat(VALUES.stream(), Stream.of(helmArguments)).toList());
  }

  void uninstall() {
    suite.uninstall();
  }

  /** Returns the names of the running gateway pods. */
  List<String> gateways() {
    return pods("dlx-gateway");
  }

  /** Returns the names of a service's pods. */
  List<String> pods(String service) {
    return names("-l", "app.kubernetes.io/name=" + service);
  }

  private List<String> names(String... selector) {
    String[] words =
        Stream.of(
                Stream.of("get", "pods", "-n", Suite.NAMESPACE),
                Stream.of(selector),
                Stream.of("-o", "jsonpath={.items[*].metadata.name}"))
            .flatMap(s -> s)
            .toArray(String[]::new);
    String out = cluster.kubectl(words).orThrow().out();
    return out.isBlank() ? List.of() : List.of(out.split(" ", -1));
  }

  /** Sets the autoscaler's replicas and waits until that is so. */
  void autoscalers(int replicas) {
    kubectl("scale", "deployment/ebb-autoscaler", "--replicas=" + replicas);
    await().atMost(Duration.ofSeconds(60)).until(() -> pods("autoscaler").size() == replicas);
    if (replicas > 0) {
      kubectl("rollout", "status", "deployment/ebb-autoscaler", "--timeout=90s");
    }
  }

  /** Runs kubectl in the release's namespace. */
  String kubectl(String... words) {
    return cluster.kubectlIn(Suite.NAMESPACE, words).orThrow().out();
  }
}
