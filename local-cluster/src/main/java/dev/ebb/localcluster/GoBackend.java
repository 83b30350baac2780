package dev.ebb.localcluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Clusters built from Go modules: needs Linux, root and a Go that is new enough. */
final class GoBackend implements Backend {

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?");
  private static final int LONGEST_SOCKET_PATH = 100;

  private final Environment environment;

  GoBackend(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Optional<String> impossible() {
    boolean linux = System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux");
    boolean root = linux && isRoot();
    boolean go = GoTool.find(environment).isPresent();
    if (linux && root && go) {
      return Optional.empty();
    }
    String missing =
        !linux ? "this is not Linux" : !root ? "this is not root" : "no such Go was found";
    return Optional.of(
        "No cluster is possible here: "
            + missing
            + ". Either set EBB_KUBECONFIG to the kubeconfig of a cluster for Ebb to use, or run on"
            + " Linux as root with Go "
            + GoTool.NEEDED
            + " or newer on the PATH.");
  }

  private static boolean isRoot() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .anyMatch(line -> line.matches("Uid:\\s+\\d+\\s+0\\s.*"));
    } catch (IOException unknown) {
      return false;
    }
  }

  @Override
  public Optional<Cluster> find(String name) {
    Instances instances = new Instances(environment.cache(), Progress.silent());
    return instances
        .find(name)
        .flatMap(instance ->
            instance
                .state()
                .filter(state -> state.phase() == State.Phase.READY)
                .map(state -> new GoCluster(instance, instances, state)));
  }

  @Override
  public Cluster start(Options options) {
    impossible()
        .ifPresent(why -> {
          throw new ClusterException(why);
        });
    String name = options.name().isEmpty() ? inventedName() : options.name();
    checkName(name);
    Progress progress = options.progress();
    progress.expect(options.pods() ? 4 : 2);
    Instances instances = new Instances(environment.cache(), progress);
    instances.sweep();
    if (options.pods()) {
      new Prerequisites(environment, progress).ensure();
    }
    Map<GoBinary, Path> programs = build(options.pods(), progress);
    return instances
        .create(options, name)
        .map(instance -> start(options, instances, instance, programs))
        .orElseGet(() -> awaitOther(instances, name, progress));
  }

  /** Somebody else claimed the name: theirs is ours as soon as it is ready. */
  private Cluster awaitOther(Instances instances, String name, Progress progress) {
    progress.say("Another ebb is starting cluster " + name + ": waiting for it.");
    boolean settled =
        Waiting.until(
            () -> find(name).isPresent() || instances.find(name).isEmpty(),
            Duration.ofMinutes(5),
            200);
    return Optional.of(settled)
        .filter(Boolean::booleanValue)
        .flatMap(yes -> find(name))
        .orElseThrow(
            () -> new ClusterException("Cluster " + name + " was not started by the other ebb."));
  }

  @Override
  public boolean stop(String name) {
    Instances instances = new Instances(environment.cache(), Progress.silent());
    Optional<Instance> found = instances.find(name);
    found.ifPresent(instances::stop);
    instances.sweep();
    return found.isPresent();
  }

  /** Adds what runs pods to a control plane of this JVM. */
  void addPods(GoCluster cluster, Progress progress) {
    progress.expect(2);
    new Prerequisites(environment, progress).ensure();
    link(cluster.instance(), build(true, progress));
    cluster.startPods(progress);
    cluster.instance().state().ifPresent(state -> cluster.instance().write(state.ready(true)));
  }

  private Map<GoBinary, Path> build(boolean pods, Progress progress) {
    GoTool go =
        GoTool.find(environment)
            .orElseThrow(() -> new ClusterException("Go " + GoTool.NEEDED + " is needed"));
    return new Binaries(environment.cache(), go, progress)
        .ensure(pods ? GoBinary.all() : GoBinary.controlPlane());
  }

  private Cluster start(
      Options options, Instances instances, Instance instance, Map<GoBinary, Path> programs) {
    if (!options.persistent()) {
      Thread end =
          new Thread(
              () -> {
                if (Files.exists(instance.stateFile())) {
                  instances.stop(instance);
                }
              },
              "ebb-cluster-end");
      Runtime.getRuntime().addShutdownHook(end);
    }
    try {
      State launched =
          options
              .progress()
              .step(
                  "namespaces for cluster " + instance.dir().getFileName(),
                  () -> launch(options, instance, programs));
      GoCluster cluster = new GoCluster(instance, instances, launched);
      cluster.start(options, launched.port());
      instance.write(launched.ready(options.pods()));
      return cluster;
    } catch (RuntimeException failed) {
      Path logs = instances.keepLogs(instance);
      instances.stop(instance);
      throw new ClusterException(
          "The cluster did not start: " + failed.getMessage() + " (logs: " + logs + ")", failed);
    }
  }

  private State launch(Options options, Instance instance, Map<GoBinary, Path> programs) {
    link(instance, programs);
    State state =
        instance.state().orElseThrow(() -> new ClusterException("the state file is unreadable"));
    Cgroups.create(state.cgroup());
    try {
      Files.writeString(
          instance.resolvConf(),
          "nameserver "
              + Addresses.DNS
              + "\nsearch svc.cluster.local cluster.local\noptions ndots:3 timeout:2\n");
      List<String> command = launchCommand(options, instance);
      Process launcher =
          new ProcessBuilder(command).redirectError(instance.file("launch.err").toFile()).start();
      BufferedReader out = launcher.inputReader(StandardCharsets.UTF_8);
      String line = out.readLine();
      if (line == null) {
        throw new ClusterException(Files.readString(instance.file("launch.err")).strip());
      }
      JsonNode answer = new JsonMapper().readTree(line);
      long pid = answer.get("pid").asLong();
      ProcessId first =
          ProcessId.of(pid).orElseThrow(() -> new ClusterException("its first process died"));
      State launched = state.launched(first, answer.get("port").asInt());
      instance.write(launched);
      return launched;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private List<String> launchCommand(Options options, Instance instance) {
    List<String> command = new ArrayList<>(List.of(instance.program(GoBinary.NODE), "launch"));
    if (!options.persistent()) {
      command.add("--owned"); // ends with its standard input, which is a pipe from this JVM
    }
    command.addAll(
        List.of(
            "--dir",
            instance.dir().toString(),
            "--keep",
            environment.cache().toString(),
            "--address",
            Addresses.NODE,
            "--upstream",
            Addresses.API_SERVER));
    return command;
  }

  private static void link(Instance instance, Map<GoBinary, Path> programs) {
    programs.forEach((binary, path) -> {
      Path link = instance.bin().resolve(binary.program());
      try {
        if (!Files.exists(link)) {
          Files.createSymbolicLink(link, path);
        }
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    });
  }

  private static String inventedName() {
    return "jvm-"
        + ProcessHandle.current().pid()
        + "-"
        + Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36, 36 * 36 * 36), 36);
  }

  private void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new ClusterException(
          "\"" + name + "\" cannot be a cluster's name: use a-z, 0-9 and -, at most 30 of them.");
    }
    Path socket = environment.cache().resolve("clusters").resolve(name).resolve("containerd.sock");
    if (socket.toString().length() > LONGEST_SOCKET_PATH) {
      throw new ClusterException(
          "The folder " + environment.cache() + " is too long a path: set EBB_CACHE to a shorter.");
    }
  }
}
