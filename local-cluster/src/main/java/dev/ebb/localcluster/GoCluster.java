package dev.ebb.localcluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A cluster of this machine, made of programs that were built from Go modules. */
final class GoCluster implements Cluster {

  private static final Duration LONGEST_COMMAND = Duration.ofMinutes(15);
  private static final Progress PROGRESS = Progress.on(System.err, false);

  private final Instance instance;
  private final Instances instances;
  private final Supervisor supervisor;
  private final ControlPlane controlPlane;
  private final NodeSide nodeSide;
  private final Helpers helpers;
  private final Volumes volumes;
  private final FakeNodes fakeNodes;
  private final MetricsServer metrics;
  private final Programs programs;

  GoCluster(Instance instance, Instances instances, State state, Programs programs) {
    this.instance = instance;
    this.instances = instances;
    this.supervisor = new Supervisor(instance);
    String snapshotter = NodeSide.snapshotterFor(instance.dir());
    ConfigFiles files = new ConfigFiles(instance, state.cgroup(), snapshotter);
    Daemons daemons = new Daemons(instance, supervisor, this::kubectl);
    this.controlPlane = new ControlPlane(instance, state, supervisor, files, daemons);
    this.nodeSide = new NodeSide(instance, supervisor, files, daemons, snapshotter);
    this.helpers = new Helpers(instance, state, supervisor, files, daemons);
    this.volumes = new Volumes(helpers);
    this.fakeNodes = new FakeNodes(helpers, this::kubectl);
    this.metrics = new MetricsServer(helpers);
    this.programs = programs;
  }

  /** Starts the daemons of a launched instance; returns when all that was wanted is ready. */
  void start(Options options) {
    Progress progress = options.progress();
    progress.step(
        "control plane",
        () -> {
          controlPlane.makeKeys();
          controlPlane.begin(options);
          if (options.pods()) {
            nodeSide.startRuntime();
          }
          controlPlane.awaitReady();
          if (options.controllers()) {
            controlPlane.startControllers();
          }
          if (options.controllers() && !options.pods()) {
            controlPlane.awaitDefaultAccount();
          }
        });
    if (options.pods()) {
      startPods(progress);
    }
  }

  /** Adds the node side to a control plane; returns when pods can run. */
  void startPods(Progress progress) {
    progress.step(
        "node",
        () -> {
          nodeSide.startRuntime();
          controlPlane.startScheduler();
          volumes.start();
          nodeSide.startNode();
        });
    progress.step(
        "cluster DNS",
        () -> {
          nodeSide.startDns();
          controlPlane.awaitDefaultAccount();
        });
  }

  Instance instance() {
    return instance;
  }

  /** Every daemon and whether it runs. */
  Map<String, Supervisor.Daemon> daemons() {
    return supervisor.daemons();
  }

  @Override
  public String name() {
    return String.valueOf(instance.dir().getFileName());
  }

  @Override
  public Path kubeconfig() {
    return instance.kubeconfig();
  }

  @Override
  public Path kubeconfigInside() {
    return Path.of(helpers.kubeconfig());
  }

  @Override
  public Path binDir() {
    return instance.bin();
  }

  @Override
  public List<String> enterCommand() {
    return first()
        .map(pid ->
            List.of(
                instance.program(GoBinary.NODE),
                "enter",
                "--pid",
                pid,
                "--resolv",
                instance.resolvConf().toString(),
                "--"))
        .orElseGet(() -> List.of("env", "KUBECONFIG=" + kubeconfig()));
  }

  @Override
  public List<String> publishCommand(int port) {
    String number = Integer.toString(port);
    return first()
        .map(pid ->
            List.of(instance.program(GoBinary.NODE), "publish", "--pid", pid, "--port", number))
        .orElseGet(List::of);
  }

  /** The first process, whose network others can enter; empty if it has none of its own. */
  private Optional<String> first() {
    State state = state();
    ProcessId first = state.first();
    if (first == null || !first.alive()) {
      throw gone();
    }
    return state.isolated() ? Optional.of(Long.toString(first.pid())) : Optional.empty();
  }

  @Override
  public void loadImage(Path tar) {
    if (!runsPods()) {
      throw new ClusterException("cluster " + name() + " is a control plane only: no pods run");
    }
    if (!Files.isReadable(tar)) {
      throw new ClusterException("no image at " + tar);
    }
    nodeSide.loadImage(tar.toAbsolutePath());
  }

  @Override
  public void stopApiServer() {
    supervisor.kill(ControlPlane.API_SERVER);
    controlPlane.killControllers();
  }

  @Override
  public void startApiServer() {
    Supervisor.Daemon running = supervisor.daemons().get(ControlPlane.API_SERVER);
    if (running != null && running.running()) {
      return;
    }
    controlPlane.startApiServer();
    controlPlane.awaitReady();
    controlPlane.restartControllers();
    if (runsPods()) {
      nodeSide.restartDaemons();
    }
    volumes.restart();
    fakeNodes.restart();
    metrics.restart();
  }

  @Override
  public void endControllers() {
    controlPlane.killControllers();
  }

  @Override
  public void killPod(String namespace, String pod) {
    String ids =
        kubectl(
                "get",
                "pod",
                pod,
                "-n",
                namespace,
                "-o",
                "jsonpath={.status.containerStatuses[*].containerID}")
            .orThrow()
            .out();
    for (String id : ids.split(" ", -1)) {
      nodeSide.kill(id.substring(id.indexOf("//") + 2));
    }
  }

  @Override
  public Optional<Path> auditLog() {
    return controlPlane.auditLog();
  }

  @Override
  public void fakeNodes(int count) {
    programs.give(instance, GoBinary.fakeNodes(), PROGRESS);
    controlPlane.startScheduler();
    volumes.start();
    fakeNodes.set(count, runsPods());
  }

  @Override
  public Metrics metrics() {
    programs.give(instance, List.of(GoBinary.METRICS), PROGRESS);
    metrics.start();
    return metrics;
  }

  @Override
  public boolean runsPods() {
    return state().pods();
  }

  @Override
  public Result kubectl(String... args) {
    return kubectl(List.of(args));
  }

  @Override
  public Result helm(String... args) {
    return run(GoBinary.HELM, List.of(args));
  }

  @Override
  public void stop() {
    instances.stop(instance);
  }

  private Result kubectl(List<String> args) {
    return run(GoBinary.KUBECTL, args);
  }

  private Result run(GoBinary program, List<String> args) {
    List<String> command =
        Stream.concat(Stream.of(instance.program(program)), args.stream()).toList();
    return Commands.run(
        command, ClientTools.environment(kubeconfig(), instance.dir()), LONGEST_COMMAND);
  }

  private State state() {
    return instance.state().orElseThrow(this::gone);
  }

  private ClusterException gone() {
    return new ClusterException("cluster " + name() + " does not run any more");
  }
}
