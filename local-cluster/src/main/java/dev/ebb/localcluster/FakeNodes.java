package dev.ebb.localcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Nodes that KWOK pretends to run, with their pods. */
final class FakeNodes {

  private static final String LABEL = "type=kwok";

  private final Helpers helpers;
  private final Function<List<String>, Result> kubectl;

  FakeNodes(Helpers helpers, Function<List<String>, Result> kubectl) {
    this.helpers = helpers;
    this.kubectl = kubectl;
  }

  /** Makes their number this one; returns when all are ready. */
  void set(int count, boolean tainted) {
    startDaemon();
    Set<String> wanted =
        IntStream.range(0, count).mapToObj(i -> "fake-" + i).collect(Collectors.toSet());
    List<String> surplus = existing().filter(node -> !wanted.contains(node)).toList();
    if (!surplus.isEmpty()) {
      kubectl
          .apply(Stream.concat(Stream.of("delete", "node"), surplus.stream()).toList())
          .orThrow();
    }
    if (count > 0) {
      helpers.apply(manifest(wanted, tainted));
      helpers.await(
          "the fake nodes' readiness",
          "wait --for=condition=Ready node -l " + LABEL + " --timeout=10s");
    }
  }

  void restart() {
    helpers.restart(GoBinary.KWOK, this::startDaemon);
  }

  private void startDaemon() {
    helpers.start(
        GoBinary.KWOK,
        List.of(
            "--kubeconfig=" + helpers.kubeconfig(),
            "--config=" + helpers.files().write("kwok.yaml", "kwok.yaml"),
            "--manage-all-nodes=false",
            "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
            // real pods have addresses of another range
            "--cidr=10.200.0.1/16",
            // it serves nothing: no port
            "--node-port=0",
            "--server-address="));
  }

  private Stream<String> existing() {
    return kubectl
        .apply(List.of("get", "node", "-l", LABEL, "-o", "name"))
        .orThrow()
        .out()
        .lines()
        .map(line -> line.substring(line.indexOf('/') + 1));
  }

  private Path manifest(Set<String> names, boolean tainted) {
    try {
      String one = Files.readString(helpers.files().write("fake-node.yaml", "fake-node.yaml"));
      String taint =
          tainted ? "[{key: kwok.x-k8s.io/node, value: fake, effect: NoSchedule}]" : "[]";
      String all =
          names.stream()
              .sorted()
              .map(name -> one.replace("@NAME@", name).replace("@TAINTS@", taint))
              .collect(Collectors.joining("---\n"));
      return Files.writeString(helpers.instance().file("fake-nodes.yaml"), all);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
