package dev.ebb.benchmarks.proxy;

import dev.ebb.benchmarks.lab.Caller;
import dev.ebb.benchmarks.lab.JavaProcess;
import dev.ebb.benchmarks.lab.Lab;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.GoProgram;
import dev.ebb.localcluster.Progress;
import dev.ebb.localcluster.cli.Suite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Where the contenders meet: a backend in the network of a workload's pod, the other proxies in
 * that of the gateway's. Close it.
 */
final class Arena implements AutoCloseable {

  static final String GATEWAY = "gateway";
  static final String HAPROXY = "HAProxy";
  static final String GO = "Go ReverseProxy";

  private static final String NAME = "hello";
  private static final int PROXY_CORE = 0;
  private static final int OTHER_CORE = 1;
  private static final int BACKEND_PORT = 8090;
  private static final int ANSWER = 100;
  private static final int HAPROXY_PORT = 18_001;
  private static final int GO_PORT = 18_002;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Lab lab;
  private final Generator generator;
  private final Optional<Path> haproxy;
  private final Path goProxy;
  private final List<Contender> contenders = new ArrayList<>();
  private final List<Process> processes = new ArrayList<>();
  private final List<Path> files = new ArrayList<>();

  private Arena(Lab lab, Generator generator, Optional<Path> haproxy, Path goProxy) {
    this.lab = lab;
    this.generator = generator;
    this.haproxy = haproxy;
    this.goProxy = goProxy;
  }

  /** Finds or builds the programs, and starts everything. */
  static Arena in(Lab lab, Progress progress) {
    Tools tools = new Tools(progress);
    Path h2load =
        tools
            .find("h2load", "nghttp2-client")
            .orElseThrow(
                () -> new ClusterException("h2load is needed: install nghttp2 or nghttp2-client"));
    Optional<Path> haproxy = tools.find("haproxy", "haproxy");
    if (haproxy.isEmpty()) {
      progress.say("Without haproxy: its row is left out, and the backend is one in Go");
    }
    Path go = new GoProgram("benchmark-proxy", lab.resource("proxy/main.go")).build(progress);
    Arena arena = new Arena(lab, new Generator(h2load, lab.cluster(), OTHER_CORE), haproxy, go);
    try {
      progress.step("backend and proxies", arena::start);
      return arena;
    } catch (RuntimeException failed) {
      arena.close();
      throw failed;
    }
  }

  Generator generator() {
    return generator;
  }

  /** All ways to the backend; the first is the gateway's. */
  List<Contender> contenders() {
    return contenders;
  }

  Contender gateway() {
    return contenders.getFirst();
  }

  private void start() {
    lab.apply(
        "workload.yaml",
        List.of("@NAME@", NAME, "@IDLE@", "1h", "@MEMORY@", "128Mi", "@DELAY@", "0"));
    lab.kubectl(Lab.NAMESPACE, "rollout", "status", "deployment/" + NAME, "--timeout=90s");
    PodNetwork workload = network(Lab.NAMESPACE, "app=" + NAME);
    String target = workload.address() + ":" + BACKEND_PORT;
    processes.add(
        workload.start(
            OTHER_CORE,
            haproxy
                .map(program -> haproxy(program, "proxy/backend.cfg", BACKEND_PORT, target))
                .orElseGet(() -> List.of(goProxy.toString(), "backend", ":" + BACKEND_PORT))));
    lab.kubectl(
        Lab.NAMESPACE,
        "patch",
        "service",
        NAME,
        "--type=json",
        "-p",
        "[{\"op\":\"replace\",\"path\":\"/spec/ports/0/targetPort\",\"value\":"
            + BACKEND_PORT
            + "}]");
    PodNetwork gateway = network(Suite.NAMESPACE, "app.kubernetes.io/name=dlx-gateway");
    pin(gateway.pod());
    contenders.add(new Contender(GATEWAY, gatewayUrl(), ProcessHandle.of(gateway.pod().pid())));
    haproxy.ifPresent(program ->
        add(
            gateway,
            HAPROXY,
            HAPROXY_PORT,
            haproxy(program, "proxy/proxy.cfg", HAPROXY_PORT, target)));
    add(
        gateway,
        GO,
        GO_PORT,
        List.of(goProxy.toString(), "proxy", ":" + GO_PORT, "http://" + target));
    contenders.add(new Contender("direct", "http://" + target + "/", Optional.empty()));
    awaitAnswers();
  }

  private void add(PodNetwork network, String name, int port, List<String> program) {
    Process process = network.start(PROXY_CORE, program);
    processes.add(process);
    contenders.add(
        new Contender(
            name,
            "http://" + network.address() + ":" + port + "/",
            Optional.of(process.toHandle())));
  }

  /** The command that runs HAProxy with one of the configurations. */
  private List<String> haproxy(Path program, String configuration, int port, String target) {
    String text =
        lab.resource(configuration)
            .replace("@PORT@", Integer.toString(port))
            .replace("@TARGET@", target);
    try {
      Path file = Files.createTempFile("ebb-", ".cfg");
      files.add(file);
      Files.writeString(file, text);
      return List.of(program.toString(), "-db", "-f", file.toString());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private PodNetwork network(String namespace, String selector) {
    JsonNode pod = lab.get(namespace, "pods", "-l", selector).path("items").path(0);
    JavaProcess process =
        JavaProcess.in(pod.path("metadata").path("uid").asString("none"))
            .orElseThrow(() -> new ClusterException("no process of " + selector + " here"));
    return new PodNetwork(pod.path("status").path("podIP").asString(), process);
  }

  /** The gateway's port for the workload's Service, at the gateway's own address. */
  private String gatewayUrl() {
    String labels =
        "kubernetes.io/service-name="
            + NAME
            + ",endpointslice.kubernetes.io/managed-by=dlx-gateway.ebb.dev";
    List<String> found = new ArrayList<>();
    Lab.await(
        "the hand-over to the gateway",
        LIMIT,
        () -> {
          JsonNode slice =
              lab.get(Lab.NAMESPACE, "endpointslices", "-l", labels).path("items").path(0);
          String address = slice.path("endpoints").path(0).path("addresses").path(0).asString("");
          int port = slice.path("ports").path(0).path("port").asInt(0);
          if (!address.isEmpty() && port > 0) {
            found.add("http://" + address + ":" + port + "/");
          }
          return !found.isEmpty();
        });
    return found.getFirst();
  }

  private static void pin(JavaProcess process) {
    try {
      int code =
          new ProcessBuilder(
                  "taskset", "-acp", Integer.toString(PROXY_CORE), Long.toString(process.pid()))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
      if (code != 0) {
        throw new ClusterException("taskset could not bind the gateway to a core");
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted", interrupted);
    }
  }

  /** Waits until every way leads to the backend; the workload's own answer is another. */
  private void awaitAnswers() {
    try (Caller caller = Caller.in(lab.cluster())) {
      for (Contender contender : contenders) {
        Lab.await(
            "an answer of the backend by way of " + contender.name(),
            LIMIT,
            () -> ANSWER == caller.ask("get", contender.url()).path("body").asString("").length());
      }
    }
  }

  @Override
  public void close() {
    processes.forEach(Process::destroy);
    for (Path file : files) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException left) {
        // In the folder for what may be left.
      }
    }
  }
}
