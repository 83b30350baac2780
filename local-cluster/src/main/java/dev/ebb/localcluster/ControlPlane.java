package dev.ebb.localcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** etcd, kube-apiserver, kube-controller-manager and kube-scheduler of an instance. */
final class ControlPlane {

  static final String API_SERVER = "kube-apiserver";
  private static final String CONTROLLERS = "kube-controller-manager";
  private static final String SCHEDULER = "kube-scheduler";

  private final Instance instance;
  private final State state;
  private final Supervisor supervisor;
  private final ConfigFiles files;
  private final Daemons daemons;

  ControlPlane(
      Instance instance, State state, Supervisor supervisor, ConfigFiles files, Daemons daemons) {
    this.instance = instance;
    this.state = state;
    this.supervisor = supervisor;
    this.files = files;
    this.daemons = daemons;
  }

  /** Makes keys, certificates and kubeconfigs. */
  void makeKeys() {
    String names =
        String.join(
            ",",
            "kubernetes",
            "kubernetes.default",
            "kubernetes.default.svc",
            "kubernetes.default.svc.cluster.local",
            "localhost",
            "127.0.0.1",
            Addresses.API_SERVICE,
            Addresses.NODE);
    Commands.run(
            List.of(
                instance.program(GoBinary.NODE),
                "certs",
                "--dir",
                instance.certs().toString(),
                "--node",
                Addresses.NODE_NAME,
                "--address",
                Addresses.NODE,
                "--names",
                names),
            Map.of(),
            Duration.ofSeconds(30))
        .orThrow();
    files.kubeconfig(instance.kubeconfig(), "https://127.0.0.1:" + state.port(), "admin");
    for (String client : List.of("controller-manager", "scheduler", "proxy", "kubelet")) {
      files.kubeconfig(
          instance.file(client + ".kubeconfig"), "https://" + state.apiServer(), client);
    }
  }

  /** Starts etcd and the API server; {@link #awaitReady} says when they serve. */
  void begin(Options options) {
    supervisor.start(
        "etcd",
        List.of(
            instance.program(GoBinary.ETCD),
            "--name=ebb",
            "--data-dir=" + instance.file("etcd"),
            "--listen-client-urls=" + socket("etcd"),
            "--advertise-client-urls=" + socket("etcd"),
            "--listen-peer-urls=" + socket("etcd-peer"),
            "--initial-advertise-peer-urls=" + socket("etcd-peer"),
            "--initial-cluster=ebb=" + socket("etcd-peer"),
            "--unsafe-no-fsync",
            "--log-level=warn"));
    if (options.audit()) {
      files.write("audit.yaml", "audit.yaml");
    }
    if (!options.controllers()) {
      markBare();
    }
    startApiServer();
  }

  private void markBare() {
    try {
      Files.createFile(instance.file("bare"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /**
   * Without controllers hardly anybody watches, and a list would wait for the cache of watches up
   * to a tenth of a second: until etcd has told that nothing has come for this kind.
   */
  private List<String> cache() {
    return Files.exists(instance.file("bare")) ? List.of("--watch-cache=false") : List.of();
  }

  void startApiServer() {
    List<String> audit = auditLog().map(this::audit).orElse(List.of());
    supervisor.start(
        API_SERVER,
        Stream.of(identity(), tokens(), kubelets(), audit, cache()).flatMap(List::stream).toList());
  }

  /** The audit log; empty where none is written. */
  Optional<Path> auditLog() {
    return Files.exists(instance.file("audit.yaml"))
        ? Optional.of(instance.logs().resolve("audit.log"))
        : Optional.empty();
  }

  private List<String> identity() {
    return List.of(
        instance.program(GoBinary.KUBE_APISERVER),
        "--bind-address=" + (state.isolated() ? "0.0.0.0" : "127.0.0.1"),
        "--secure-port=" + port(),
        // the first process of a cluster without namespaces keeps the port taken for it
        "--permit-port-sharing=true",
        "--advertise-address=" + Addresses.NODE,
        "--etcd-servers=" + socket("etcd"),
        "--service-cluster-ip-range=" + Addresses.SERVICE_RANGE,
        "--allow-privileged=true",
        "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction",
        "--client-ca-file=" + cert("ca.crt"),
        "--tls-cert-file=" + cert("apiserver.crt"),
        "--tls-private-key-file=" + cert("apiserver.key"));
  }

  private List<String> tokens() {
    return List.of(
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
        "--service-account-key-file=" + cert("service-accounts.pub"),
        "--service-account-signing-key-file=" + cert("service-accounts.key"),
        "--requestheader-client-ca-file=" + cert("front-proxy-ca.crt"),
        "--requestheader-allowed-names=front-proxy-client",
        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
        "--requestheader-group-headers=X-Remote-Group",
        "--requestheader-username-headers=X-Remote-User",
        "--proxy-client-cert-file=" + cert("front-proxy-client.crt"),
        "--proxy-client-key-file=" + cert("front-proxy-client.key"));
  }

  private List<String> kubelets() {
    return List.of(
        "--kubelet-certificate-authority=" + cert("ca.crt"),
        "--kubelet-client-certificate=" + cert("apiserver-kubelet-client.crt"),
        "--kubelet-client-key=" + cert("apiserver-kubelet-client.key"),
        // else `kubectl logs` looks the node's name up in DNS
        "--kubelet-preferred-address-types=InternalIP");
  }

  private List<String> audit(Path log) {
    return List.of(
        "--audit-policy-file=" + instance.file("audit.yaml"),
        "--audit-log-path=" + log,
        // one file: who reads it while it grows would lose what is moved away at 100 MB
        "--audit-log-maxsize=100000");
  }

  /** Returns when the API server is ready; fails early when it or etcd died. */
  void awaitReady() {
    daemons.await(
        "the API server", Duration.ofSeconds(120), kubectl -> kubectl.apply("get --raw=/readyz"));
  }

  private String port() {
    String address = state.apiServer();
    return address.substring(address.lastIndexOf(':') + 1);
  }

  /** etcd listens in the instance's folder: no port of the machine, and nobody else's to reach. */
  private String socket(String name) {
    return "unix://" + instance.file(name + ".sock");
  }

  /** Starts the scheduler, unless it runs. */
  void startScheduler() {
    String kubeconfig = instance.file("scheduler.kubeconfig").toString();
    supervisor.start(
        SCHEDULER,
        Stream.of(
                List.of(instance.program(GoBinary.KUBE_SCHEDULER)),
                component(kubeconfig),
                List.of("--leader-elect=false"))
            .flatMap(List::stream)
            .toList());
  }

  /** Starts the controllers and the scheduler, those of them that were there before. */
  void restartControllers() {
    if (supervisor.daemons().containsKey(CONTROLLERS)) {
      startControllers();
    }
    if (supervisor.daemons().containsKey(SCHEDULER)) {
      startScheduler();
    }
  }

  /** Starts the controllers. */
  void startControllers() {
    String kubeconfig = instance.file("controller-manager.kubeconfig").toString();
    supervisor.start(
        CONTROLLERS,
        Stream.of(controllers(), component(kubeconfig)).flatMap(List::stream).toList());
  }

  private List<String> component(String kubeconfig) {
    List<String> always =
        List.of(
            "--kubeconfig=" + kubeconfig,
            "--authentication-kubeconfig=" + kubeconfig,
            "--authorization-kubeconfig=" + kubeconfig);
    // Its own port would be the machine's where there is no namespace; nobody asks it for anything
    return state.isolated()
        ? always
        : Stream.concat(always.stream(), Stream.of("--secure-port=0")).toList();
  }

  private List<String> controllers() {
    return List.of(
        instance.program(GoBinary.KUBE_CONTROLLER_MANAGER),
        "--leader-elect=false",
        // its forty controllers ask for a token each: the default limit costs five seconds
        "--kube-api-qps=200",
        "--kube-api-burst=400",
        "--use-service-account-credentials=true",
        "--service-account-private-key-file=" + cert("service-accounts.key"),
        "--root-ca-file=" + cert("ca.crt"),
        "--cluster-signing-cert-file=" + cert("ca.crt"),
        "--cluster-signing-key-file=" + cert("ca.key"),
        "--service-cluster-ip-range=" + Addresses.SERVICE_RANGE,
        "--cluster-cidr=" + Addresses.POD_RANGE,
        "--allocate-node-cidrs=true");
  }

  /** Kills the controllers and the scheduler, those of them that are there. */
  void killControllers() {
    Set<String> daemons = supervisor.daemons().keySet();
    Stream.of(CONTROLLERS, SCHEDULER).filter(daemons::contains).forEach(supervisor::kill);
  }

  /** Returns when the controllers made the default service account: pods can be created. */
  void awaitDefaultAccount() {
    daemons.await(
        "the default service account",
        Duration.ofSeconds(60),
        kubectl -> kubectl.apply("get serviceaccount default -n default"));
  }

  private String cert(String file) {
    return instance.certs().resolve(file).toString();
  }
}
