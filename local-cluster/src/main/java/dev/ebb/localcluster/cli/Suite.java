package dev.ebb.localcluster.cli;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.Progress;
import dev.ebb.localcluster.Result;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Ebb itself, in a cluster: images from the working copy, installed by its charts. */
public final class Suite {

  /** The Helm release. */
  public static final String RELEASE = "ebb";

  /** The release's namespace. */
  public static final String NAMESPACE = "ebb-system";

  static final int STEPS = 3;

  private final Repository repository;
  private final Cluster cluster;
  private final Progress progress;
  private final Set<String> loaded = new HashSet<>();

  /** Works with the images and charts of a working copy. */
  public Suite(Repository repository, Cluster cluster, Progress progress) {
    this.repository = repository;
    this.cluster = cluster;
    this.progress = progress;
  }

  /**
   * Builds and loads the images, installs or upgrades the release, and waits until it is ready.
   *
   * @param helmArguments go to helm as they are
   */
  public void install(List<String> helmArguments) {
    progress.step("images (Maven)", repository::buildImages);
    deploy(helmArguments);
  }

  /** The same with the images as they were built last. */
  public void deploy(List<String> helmArguments) {
    progress.step(
        "load images",
        () -> {
          for (Repository.Image image : Repository.Image.values()) {
            // What was loaded once is there: an upgrade costs helm's time alone.
            if (loaded.add(image.module() + " " + repository.id(image))) {
              cluster.loadImage(repository.tar(image));
            }
          }
        });
    progress.step("helm upgrade --install ebb", () -> helm(helmArguments));
  }

  /** Whether the release is there. */
  public boolean installed() {
    return cluster.helm("status", RELEASE, "-n", NAMESPACE).ok();
  }

  /** Removes the release; what its charts created goes, what users created stays. */
  public void uninstall() {
    cluster.helm("uninstall", RELEASE, "-n", NAMESPACE, "--wait", "--timeout", "6m").orThrow();
  }

  private void helm(List<String> extra) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("upgrade", "--install", RELEASE, repository.chart().toString()));
    command.addAll(List.of("-n", NAMESPACE, "--create-namespace", "--wait", "--timeout", "4m"));
    for (Repository.Image image : EnumSet.complementOf(EnumSet.of(Repository.Image.SAMPLE))) {
      // A changed image under the same tag rolls its pods
      command.add("--set-string");
      command.add(image.module() + ".podAnnotations.ebb\\.dev/image-id=" + repository.id(image));
    }
    command.addAll(extra);
    Result result = cluster.helm(command.toArray(String[]::new));
    if (!result.ok()) {
      throw new ClusterException("helm: " + lastLine(result.err()) + pods());
    }
  }

  private String pods() {
    Result pods =
        cluster.kubectl(
            "get",
            "pods",
            "-n",
            NAMESPACE,
            "--no-headers",
            "-o",
            "custom-columns=N:.metadata.name,P:.status.phase,"
                + "R:.status.containerStatuses[*].state.waiting.reason");
    return pods.out().isBlank() ? "" : "; pods: " + String.join(", ", oneBlank(pods.out()));
  }

  private static List<String> oneBlank(String table) {
    return Arrays.stream(table.split("\n", -1))
        .filter(line -> !line.isBlank())
        .map(line -> line.strip().replaceAll("\\s+", " "))
        .toList();
  }

  private static String lastLine(String text) {
    return text.lines().filter(line -> !line.isBlank()).reduce((a, b) -> b).orElse("failed");
  }
}
