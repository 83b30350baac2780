package dev.ebb.localcluster;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A program that is built from Go modules, in the order in which a start needs them. */
enum GoBinary {
  NODE(GoModule.NODE, "node", "."),
  ETCD(GoModule.KUBERNETES, "etcd", "go.etcd.io/etcd/server/v3"),
  KUBE_APISERVER(GoModule.KUBERNETES, "kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver"),
  KUBECTL(GoModule.KUBERNETES, "kubectl", "k8s.io/kubernetes/cmd/kubectl"),
  KUBE_CONTROLLER_MANAGER(
      GoModule.KUBERNETES,
      "kube-controller-manager",
      "k8s.io/kubernetes/cmd/kube-controller-manager"),
  HELM(GoModule.TOOLS, "helm", "helm.sh/helm/v4/cmd/helm"),
  KUBE_SCHEDULER(GoModule.KUBERNETES, "kube-scheduler", "k8s.io/kubernetes/cmd/kube-scheduler"),
  KUBELET(GoModule.KUBERNETES, "kubelet", "k8s.io/kubernetes/cmd/kubelet"),
  KUBE_PROXY(GoModule.KUBERNETES, "kube-proxy", "k8s.io/kubernetes/cmd/kube-proxy"),
  CONTAINERD(
      GoModule.CONTAINERD, "containerd", "github.com/containerd/containerd/v2/cmd/containerd"),
  CONTAINERD_SHIM(
      GoModule.CONTAINERD,
      "containerd-shim-runc-v2",
      "github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2"),
  CTR(GoModule.CONTAINERD, "ctr", "github.com/containerd/containerd/v2/cmd/ctr"),
  PTP(GoModule.CNI, "ptp", "github.com/containernetworking/plugins/plugins/main/ptp"),
  LOOPBACK(
      GoModule.CNI, "loopback", "github.com/containernetworking/plugins/plugins/main/loopback"),
  HOST_LOCAL(
      GoModule.CNI, "host-local", "github.com/containernetworking/plugins/plugins/ipam/host-local"),
  PORTMAP(GoModule.CNI, "portmap", "github.com/containernetworking/plugins/plugins/meta/portmap"),
  COREDNS(GoModule.TOOLS, "coredns", "github.com/coredns/coredns"),
  VOLUMES(GoModule.VOLUMES, "volumes", "."),
  KWOK(GoModule.KWOK, "kwok", "sigs.k8s.io/kwok/cmd/kwok"),
  METRICS(GoModule.METRICS, "metrics", "."),
  PROMETHEUS(GoModule.PROMETHEUS, "prometheus", "github.com/prometheus/prometheus/cmd/prometheus");

  private final GoModule module;
  private final String program;
  private final String goPackage;

  GoBinary(GoModule module, String program, String goPackage) {
    this.module = module;
    this.program = program;
    this.goPackage = goPackage;
  }

  /** The module whose go.mod says the version. */
  GoModule module() {
    return module;
  }

  /** The file name of the program. */
  String program() {
    return program;
  }

  /** The package to build. */
  String goPackage() {
    return goPackage;
  }

  /** What such a cluster is made of. */
  static List<GoBinary> of(Options options) {
    if (options.pods()) {
      return withPods();
    }
    return options.controllers() ? controlPlane() : List.of(NODE, ETCD, KUBE_APISERVER, KUBECTL);
  }

  /** What a cluster without pods needs. */
  static List<GoBinary> controlPlane() {
    return List.of(NODE, ETCD, KUBE_APISERVER, KUBECTL, KUBE_CONTROLLER_MANAGER, HELM);
  }

  /** What a cluster with pods needs; what only some tests ask for is built for them. */
  static List<GoBinary> withPods() {
    Set<GoBinary> some = Set.of(KWOK, METRICS, PROMETHEUS);
    return Stream.of(values()).filter(binary -> !some.contains(binary)).toList();
  }

  /** What a control plane needs beside its own to have nodes that only pretend. */
  static List<GoBinary> fakeNodes() {
    return List.of(KUBE_SCHEDULER, VOLUMES, KWOK);
  }
}
