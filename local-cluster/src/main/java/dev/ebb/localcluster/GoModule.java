package dev.ebb.localcluster;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/** One folder of {@code src/main/go}: a Go module whose programs are built together. */
enum GoModule {
  /** Ebb's own: first process, way in, certificates, images. */
  NODE(
      List.of(
          "go.mod",
          "certs.go",
          "enter.go",
          "forward.go",
          "get.go",
          "image.go",
          "init.go",
          "launch.go",
          "main.go",
          "pause.go",
          "publish.go",
          "supervisor.go"),
      Map.of()),
  /** Kubernetes itself, and the etcd that it asks for. */
  KUBERNETES(
      List.of("go.mod", "go.sum"),
      Map.of(
          "k8s.io/component-base/version.gitVersion", "v1.37.2",
          "k8s.io/component-base/version.gitMajor", "1",
          "k8s.io/component-base/version.gitMinor", "37")),
  /** The container runtime. */
  CONTAINERD(List.of("go.mod", "go.sum"), Map.of()),
  /** The pods' network plug-ins. */
  CNI(List.of("go.mod", "go.sum"), Map.of()),
  /** CoreDNS and Helm. */
  TOOLS(List.of("go.mod", "go.sum"), Map.of()),
  /** Ebb's own: folders of the machine as volumes. */
  VOLUMES(List.of("go.mod", "go.sum", "main.go"), Map.of()),
  /** What pretends to be nodes. */
  KWOK(List.of("go.mod", "go.sum"), Map.of()),
  /** Ebb's own: a metrics API whose values a test sets. */
  METRICS(List.of("go.mod", "go.sum", "main.go", "provider.go"), Map.of()),
  /** Prometheus. */
  PROMETHEUS(List.of("go.mod", "go.sum"), Map.of());

  private final List<String> files;
  private final Map<String, String> variables;

  GoModule(List<String> files, Map<String, String> variables) {
    this.files = files;
    this.variables = variables;
  }

  /** The module's folder name. */
  String folder() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Every file of the module, by name. */
  List<String> files() {
    return files;
  }

  /** The build tags: of Prometheus' service discoveries, a dozen clouds' clients, none is used. */
  String tags() {
    return this == PROMETHEUS ? "remove_all_sd" : "";
  }

  /** What the linker is told. */
  String linkerFlags() {
    SequencedMap<String, String> sorted = new TreeMap<>(variables);
    StringBuilder flags = new StringBuilder("-s -w");
    sorted.forEach((name, value) -> flags.append(" -X ").append(name).append('=').append(value));
    return flags.toString();
  }
}
