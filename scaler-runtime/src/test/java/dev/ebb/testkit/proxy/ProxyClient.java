package dev.ebb.testkit.proxy;

import java.nio.file.Path;

/** One client of the proxy: its kubeconfig, and the cable that it hangs on. Thread-safe. */
public final class ProxyClient {

  private final String name;
  private final Path kubeconfig;
  private final Wire wire;

  ProxyClient(String name, Path kubeconfig, Wire wire) {
    this.name = name;
    this.kubeconfig = kubeconfig;
    this.wire = wire;
  }

  /** Returns its name in {@link Match#from} and in what is recorded. */
  public String name() {
    return name;
  }

  /** Returns the kubeconfig to hand to the controller. */
  public Path kubeconfig() {
    return kubeconfig;
  }

  /** Resets all its connections; new ones work. */
  public void cut() {
    wire.cut();
  }

  /**
   * Lets its connections go dead without a word: no answer, no end, no reset. New ones are accepted
   * and dead too.
   */
  public void blackHole() {
    wire.die();
  }

  /** Lets the connections that are there go dead without a word; new ones work. */
  public void forgetConnections() {
    wire.forget();
  }

  /** Ends the black hole. */
  public void heal() {
    wire.heal();
  }
}
