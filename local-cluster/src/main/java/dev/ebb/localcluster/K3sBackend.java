package dev.ebb.localcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * K3s in a container of a Docker engine, by Testcontainers, which removes it when this JVM ends,
 * however it ends. Used where Testcontainers' {@code testcontainers-k3s} is on the class path: it
 * is on that of tests, not on that of {@code ./ebb}, whose clusters outlive it.
 */
final class K3sBackend implements Backend {

  private static final String MARK = "org/testcontainers/k3s/K3sContainer.class";

  private final Environment environment;

  K3sBackend(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Optional<String> impossible(boolean pods) {
    if (K3sBackend.class.getClassLoader().getResource(MARK) == null) {
      return Optional.of(
          "K3s is for tests: org.testcontainers:testcontainers-k3s is not on the class path.");
    }
    return DockerEngine.answers(environment)
        ? Optional.empty()
        : Optional.of("No Docker engine answers: start it, or set DOCKER_HOST.");
  }

  @Override
  public Cluster start(Options options) {
    impossible(options.pods())
        .ifPresent(why -> {
          throw new ClusterException(why);
        });
    if (!options.controllers()) {
      throw new NotPossibleException("K3s comes with its controllers; here none may run.");
    }
    if (options.persistent()) {
      throw new NotPossibleException("A cluster of K3s ends with its JVM: it cannot be kept.");
    }
    Progress progress = options.progress();
    progress.expect(1);
    // Privileged and with the network of the engine, as Testcontainers sets it up
    K3sContainer k3s = new K3sContainer(DockerImageName.parse(environment.k3sImage()));
    progress.step("K3s (" + environment.k3sImage() + ")", k3s::start);
    try {
      Path kubeconfig = Files.createTempFile("ebb-k3s-", ".kubeconfig"); // its owner's alone
      Files.writeString(kubeconfig, k3s.getKubeConfigYaml());
      return new K3sCluster(k3s, ClientTools.find(kubeconfig, environment, progress));
    } catch (IOException failed) {
      k3s.stop();
      throw new UncheckedIOException(failed);
    } catch (RuntimeException failed) {
      k3s.stop();
      throw failed;
    }
  }

  @Override
  public Optional<Cluster> find(String name) {
    return Optional.empty(); // all of them are their JVMs' own
  }

  @Override
  public boolean stop(String name) {
    return false;
  }
}
