package dev.ebb.localcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A cluster's root in every cgroup hierarchy of the machine, version 1 and 2. */
final class Cgroups {

  private static final Path MOUNT = Path.of("/sys/fs/cgroup");

  private Cgroups() {}

  /** Makes the root in every hierarchy: the kubelet asks for it to exist. */
  static void create(String root) {
    for (Path hierarchy : hierarchies()) {
      Path folder = hierarchy.resolve(root.substring(1));
      try {
        Files.createDirectories(folder);
        // Version 1: an empty set of CPUs holds no process, and is not inherited.
        inherit(hierarchy, folder, "cpuset.mems");
        inherit(hierarchy, folder, "cpuset.cpus");
      } catch (IOException failed) {
        throw new ClusterException("no cgroup " + folder + ": " + failed.getMessage(), failed);
      }
    }
  }

  /** Removes the root with everything below it; its processes must be ended already. */
  static void remove(String root) {
    for (Path hierarchy : hierarchies()) {
      Path folder = hierarchy.resolve(root.substring(1));
      Waiting.until(() -> removed(folder), Duration.ofSeconds(10), 50);
    }
  }

  private static boolean removed(Path folder) {
    if (!Files.isDirectory(folder)) {
      return true;
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      List<Path> deepestFirst =
          tree.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList();
      for (Path each : deepestFirst) {
        Files.deleteIfExists(each);
      }
      return true;
    } catch (IOException | UncheckedIOException stillUsed) {
      return false;
    }
  }

  private static List<Path> hierarchies() {
    if (Files.exists(MOUNT.resolve("cgroup.procs"))) {
      return List.of(MOUNT);
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(MOUNT)) {
      for (Path folder : folders) {
        boolean alias = Files.isSymbolicLink(folder);
        if (!alias && Files.exists(folder.resolve("cgroup.procs"))) {
          found.add(folder);
        }
      }
    } catch (IOException none) {
      return List.of();
    }
    return found;
  }

  private static void inherit(Path from, Path to, String file) throws IOException {
    Path source = from.resolve(file);
    Path target = to.resolve(file);
    if (Files.exists(source) && Files.exists(target)) {
      Files.writeString(target, Files.readString(source));
    }
  }
}
