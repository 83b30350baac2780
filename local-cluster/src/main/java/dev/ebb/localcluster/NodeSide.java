package dev.ebb.localcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** containerd, kubelet, kube-proxy and the cluster's name server. */
final class NodeSide {

  private static final String KUBELET = "kubelet";
  private static final String KUBE_PROXY = "kube-proxy";

  private final Instance instance;
  private final Supervisor supervisor;
  private final ConfigFiles files;
  private final Daemons daemons;
  private final String snapshotter;

  NodeSide(
      Instance instance,
      Supervisor supervisor,
      ConfigFiles files,
      Daemons daemons,
      String snapshotter) {
    this.instance = instance;
    this.supervisor = supervisor;
    this.files = files;
    this.daemons = daemons;
    this.snapshotter = snapshotter;
  }

  /** overlayfs, except where the folder itself lies on one. */
  static String snapshotterFor(Path folder) {
    try {
      return Files.getFileStore(folder).type().equals("overlay") ? "native" : "overlayfs";
    } catch (IOException unknown) {
      return "overlayfs";
    }
  }

  /** Starts the container runtime, unless it runs, with the images that every cluster needs. */
  void startRuntime() {
    if (supervisor.daemons().containsKey("containerd")) {
      return;
    }
    files.write("cni.conflist", "cni/10-ebb.conflist");
    Path config = files.write("containerd.toml", "containerd.toml");
    supervisor.start(
        "containerd",
        List.of(instance.program(GoBinary.CONTAINERD), "--config", config.toString()));
    image("docker.io/ebb/pause:local", "/node pause", "/node", GoBinary.NODE);
    image("docker.io/ebb/coredns:local", "/coredns", "/coredns", GoBinary.COREDNS);
  }

  private void image(String name, String entrypoint, String file, GoBinary binary) {
    Path tar = instance.file(binary.program() + ".tar");
    Commands.run(
            List.of(
                instance.program(GoBinary.NODE),
                "image",
                "--name",
                name,
                "--entrypoint",
                entrypoint,
                "--out",
                tar.toString(),
                file + "=" + instance.program(binary)),
            Map.of(),
            Duration.ofSeconds(60))
        .orThrow();
    loadImage(tar);
    try {
      Files.delete(tar);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Imports the images of a tar; waits for containerd's socket first. */
  void loadImage(Path tar) {
    daemons.await(
        "containerd",
        Duration.ofSeconds(60),
        kubectl -> Files.exists(instance.file("containerd.sock")));
    ctr("images", "import", "--snapshotter", snapshotter, tar.toString());
  }

  /** Kills a container with everything in it. */
  void kill(String container) {
    ctr("tasks", "kill", "--all", "--signal", "SIGKILL", container);
  }

  private void ctr(String... words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                instance.program(GoBinary.CTR),
                "--address",
                instance.file("containerd.sock").toString(),
                "--namespace",
                "k8s.io"));
    command.addAll(List.of(words));
    Commands.run(command, Map.of(), Duration.ofMinutes(5)).orThrow();
  }

  /** Starts everything that makes pods run; returns when the node is ready. */
  void startNode() {
    startDaemons();
    daemons.await(
        "the node", Duration.ofSeconds(30), kubectl -> kubectl.apply("get node ebb-node"));
    daemons.await(
        "the node's readiness",
        Duration.ofSeconds(120),
        kubectl -> kubectl.apply("wait --for=condition=Ready node/ebb-node --timeout=2s"));
  }

  /** Ends and starts the daemons that watch the API server; pods go on. */
  void restartDaemons() {
    List.of(KUBELET, KUBE_PROXY).forEach(supervisor::kill);
    startDaemons();
  }

  private void startDaemons() {
    supervisor.start(
        KUBELET,
        List.of(
            instance.program(GoBinary.KUBELET),
            "--config=" + files.write("kubelet.yaml", "kubelet.yaml"),
            "--kubeconfig=" + instance.file("kubelet.kubeconfig"),
            "--hostname-override=" + Addresses.NODE_NAME,
            "--node-ip=" + Addresses.NODE,
            "--root-dir=" + instance.file("kubelet"),
            "--cert-dir=" + instance.file("kubelet/pki")));
    supervisor.start(
        KUBE_PROXY,
        List.of(
            instance.program(GoBinary.KUBE_PROXY),
            "--config=" + files.write("kube-proxy.yaml", "kube-proxy.yaml")));
  }

  /** Starts the name server; returns when it answers. */
  void startDns() {
    Path manifest = files.write("dns.yaml", "dns.yaml");
    daemons.await(
        "CoreDNS's objects",
        Duration.ofSeconds(30),
        kubectl -> kubectl.apply("apply --server-side -f " + manifest));
    daemons.await(
        "CoreDNS",
        Duration.ofSeconds(120),
        kubectl ->
            kubectl.apply(
                "wait -n kube-system --for=condition=Available deployment/coredns --timeout=2s"));
  }
}
