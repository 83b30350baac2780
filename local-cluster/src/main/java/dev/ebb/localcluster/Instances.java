package dev.ebb.localcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All instances of this machine's user, under one lock.
 *
 * <p>What a crash leaves is found by its state file: an instance whose first process is dead, or
 * whose owner is, belongs to nobody, and whoever comes next removes its processes, cgroups and
 * files. Mounts, addresses and rules need no removal: they live in namespaces that end with the
 * first process.
 */
final class Instances {

  private final Path cache;
  private final Progress progress;

  Instances(Path cache, Progress progress) {
    this.cache = cache;
    this.progress = progress;
  }

  /** The instance of this name, if it exists and somebody still uses it. */
  Optional<Instance> find(String name) {
    Instance instance = instance(name);
    return instance.state().filter(state -> !state.abandoned()).map(state -> instance);
  }

  /** Removes everything that belongs to nobody. */
  void sweep() {
    locked(() -> {
      for (Instance instance : all()) {
        if (instance.state().map(State::abandoned).orElse(true)) {
          progress.say(
              "Cleaning up after cluster "
                  + instance.dir().getFileName()
                  + ", which was not stopped properly.");
          remove(instance);
        }
      }
      return true;
    });
  }

  /**
   * Makes the folder of a new instance; empty if one of this name is in use.
   *
   * @param isolated whether it will have namespaces and cgroups of its own
   */
  Optional<Instance> create(Options options, String name, boolean isolated) {
    return locked(() -> {
      Instance instance = instance(name);
      if (Files.exists(instance.dir())) {
        return Optional.empty();
      }
      try {
        Files.createDirectories(instance.logs());
        Files.createDirectories(instance.certs());
        Files.createDirectories(instance.bin());
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
      String cgroup =
          isolated
              ? "/ebb-" + name + "-" + Integer.toHexString(instance.dir().toString().hashCode())
              : "";
      instance.write(
          new State(
              name,
              State.Phase.STARTING,
              options.persistent(),
              options.pods(),
              ProcessId.self(),
              null,
              0,
              cgroup));
      return Optional.of(instance);
    });
  }

  /** Ends an instance and removes everything of it. */
  void stop(Instance instance) {
    locked(() -> {
      remove(instance);
      return true;
    });
  }

  /** Keeps the logs of an instance that failed, and says where. */
  Path keepLogs(Instance instance) {
    Path kept = cache.resolve("logs").resolve(String.valueOf(instance.dir().getFileName()));
    try {
      deleteTree(kept);
      Files.createDirectories(kept.getParent());
      Files.move(instance.logs(), kept, StandardCopyOption.ATOMIC_MOVE);
      return kept;
    } catch (IOException | UncheckedIOException failed) {
      return instance.logs();
    }
  }

  private void remove(Instance instance) {
    instance
        .state()
        .ifPresent(state -> {
          ProcessId first = state.first();
          if (first != null) {
            first.kill();
            Waiting.until(() -> !first.alive(), Duration.ofSeconds(20), 20);
          }
          if (state.isolated()) {
            Cgroups.remove(state.cgroup());
          }
        });
    // Plain processes die right after the first one, not before it: they may still be writing
    if (!Waiting.until(() -> deleted(instance.dir()), Duration.ofSeconds(10), 50)) {
      deleteTree(instance.dir());
    }
  }

  private static boolean deleted(Path root) {
    try {
      deleteTree(root);
      return true;
    } catch (UncheckedIOException stillWritten) {
      return false;
    }
  }

  private List<Instance> all() {
    Path folder = cache.resolve("clusters");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(folder)) {
      return folders.filter(Files::isDirectory).map(Instance::new).toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private Instance instance(String name) {
    return new Instance(cache.resolve("clusters").resolve(name));
  }

  private <T> T locked(Supplier<T> work) {
    return FileLocks.with(cache.resolve("clusters.lock"), () -> {}, work);
  }

  /** Deletes a folder without following links; what vanishes meanwhile is fine. */
  static void deleteTree(Path root) {
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failed)
                throws IOException {
              if (failed instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
              }
              throw failed;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failed)
                throws IOException {
              Files.deleteIfExists(folder);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException failed) {
      throw new UncheckedIOException("could not remove " + root, failed);
    }
  }
}
