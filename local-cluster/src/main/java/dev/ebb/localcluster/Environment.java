package dev.ebb.localcluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the process environment says about clusters.
 *
 * @param variables environment variables by name
 */
public record Environment(Map<String, String> variables) {

  /** This process's own environment. */
  public static Environment system() {
    return new Environment(System.getenv());
  }

  /** Where binaries and clusters live: {@code EBB_CACHE}, or {@code ~/.cache/ebb}. */
  public Path cache() {
    return value("EBB_CACHE")
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "ebb"))
        .toAbsolutePath()
        .normalize();
  }

  /** The cluster that the user chose on purpose: {@code EBB_KUBECONFIG}. */
  public Optional<Path> kubeconfig() {
    return value("EBB_KUBECONFIG").map(Path::of).map(Path::toAbsolutePath);
  }

  /** The way to a cluster that the user chose, {@code k3s} or {@code go}: {@code EBB_BACKEND}. */
  Optional<String> backend() {
    return value("EBB_BACKEND");
  }

  /** The image of K3s clusters: {@code EBB_K3S_IMAGE}, or the version of our own clusters. */
  String k3sImage() {
    return value("EBB_K3S_IMAGE").orElse("rancher/k3s:v1.37.2-k3s1");
  }

  /** Whether a cluster without real pods is a failure: {@code EBB_REQUIRE_PODS=1} or in CI. */
  public boolean requiresPods() {
    return value("EBB_REQUIRE_PODS").filter(v -> v.equals("1") || v.equals("true")).isPresent()
        || value("CI").filter("true"::equals).isPresent();
  }

  /** Whether failures show their stack trace: {@code EBB_DEBUG=1}. */
  public boolean debug() {
    return value("EBB_DEBUG").isPresent();
  }

  /** Finds a program on the PATH, and where administrators' programs usually are. */
  public Optional<Path> program(String name) {
    String path = variables.getOrDefault("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin";
    return Stream.of(path.split(":", -1))
        .filter(folder -> folder.startsWith("/"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(variables.get(name)).filter(v -> !v.isBlank());
  }
}
