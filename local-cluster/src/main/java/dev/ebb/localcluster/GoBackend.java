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
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Clusters built from Go modules: needs Linux and a Go that is new enough. Pods run where this is
 * root; for anybody else there is a control plane of plain processes, whose nodes can only pretend.
 */
final class GoBackend implements Backend {

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?");
  private static final int LONGEST_SOCKET_PATH = 100;

  private final Environment environment;
  private final Programs programs;

  GoBackend(Environment environment) {
    this.environment = environment;
    this.programs = new Programs(environment);
  }

  @Override
  public Optional<String> impossible(boolean pods) {
    boolean linux = System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux");
    if (!linux || GoTool.find(environment).isEmpty()) {
      return Optional.of(
          "No cluster is possible here: "
              + (linux ? "no such Go was found" : "this is not Linux")
              + remedy());
    }
    return pods && !isRoot()
        ? Optional.of("Pods cannot run here, only a control plane can: this is not root" + remedy())
        : Optional.empty();
  }

  private static String remedy() {
    return ". Either set EBB_KUBECONFIG to the kubeconfig of a cluster for Ebb to use, or run on"
        + " Linux as root with Go "
        + GoTool.NEEDED
        + " or newer on the PATH.";
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
                .map(state -> new GoCluster(instance, instances, state, programs)));
  }

  @Override
  public Cluster start(Options options) {
    impossible(options.pods())
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
    List<GoBinary> wanted = GoBinary.of(options);
    programs.build(wanted, progress);
    return instances
        .create(options, name, isRoot())
        .map(instance -> start(options, instances, instance, wanted))
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
    impossible(true)
        .ifPresent(why -> {
          throw new ClusterException(why);
        });
    progress.expect(2);
    new Prerequisites(environment, progress).ensure();
    programs.give(cluster.instance(), GoBinary.withPods(), progress);
    cluster.startPods(progress);
    cluster.instance().state().ifPresent(state -> cluster.instance().write(state.ready(true)));
  }

  private Cluster start(
      Options options, Instances instances, Instance instance, List<GoBinary> wanted) {
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
                  "first process of cluster " + instance.dir().getFileName(),
                  () -> launch(options, instance, wanted));
      GoCluster cluster = new GoCluster(instance, instances, launched, programs);
      cluster.start(options);
      instance.write(launched.ready(options.pods()));
      return cluster;
    } catch (RuntimeException failed) {
      Path logs = instances.keepLogs(instance);
      instances.stop(instance);
      throw new ClusterException(
          "The cluster did not start: " + failed.getMessage() + " (logs: " + logs + ")", failed);
    }
  }

  private State launch(Options options, Instance instance, List<GoBinary> wanted) {
    programs.give(instance, wanted, options.progress());
    State state =
        instance.state().orElseThrow(() -> new ClusterException("the state file is unreadable"));
    if (state.isolated()) {
      Cgroups.create(state.cgroup());
    }
    try {
      Files.writeString(
          instance.resolvConf(),
          "nameserver "
              + Addresses.DNS
              + "\nsearch svc.cluster.local cluster.local\noptions ndots:3 timeout:2\n");
      List<String> command = launchCommand(options, instance, state.isolated());
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

  private List<String> launchCommand(Options options, Instance instance, boolean isolated) {
    List<String> command = new ArrayList<>(List.of(instance.program(GoBinary.NODE), "launch"));
    if (!options.persistent()) {
      command.add("--owned"); // ends with its standard input, which is a pipe from this JVM
    }
    if (!isolated) {
      command.add("--plain"); // no namespaces: they take root
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
