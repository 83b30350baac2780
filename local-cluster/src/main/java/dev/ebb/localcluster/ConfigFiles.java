package dev.ebb.localcluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;

/** Writes an instance's configuration files. */
final class ConfigFiles {

  private final Instance instance;
  private final Map<String, String> values;

  ConfigFiles(Instance instance, String cgroup, String snapshotter) {
    this.instance = instance;
    this.values =
        Map.of(
            "@DIR@",
            instance.dir().toString(),
            "@CGROUP@",
            cgroup,
            "@DNS@",
            Addresses.DNS,
            "@POD_RANGE@",
            Addresses.POD_RANGE,
            "@SNAPSHOTTER@",
            snapshotter);
  }

  /** Writes a packaged file with this instance's values in it, and returns where it is. */
  Path write(String resource, String target) {
    return write(resource, instance.file(target), values);
  }

  /** Writes a kubeconfig that holds everything itself, for its owner's eyes only. */
  void kubeconfig(Path target, String server, String client) {
    write(
        "kubeconfig.yaml",
        target,
        Map.of(
            "@SERVER@", server,
            "@CLIENT@", client,
            "@CA@", pem("ca.crt"),
            "@CERTIFICATE@", pem(client + ".crt"),
            "@KEY@", pem(client + ".key")));
    try {
      Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Writes a packaged file with other values than the instance's own. */
  Path write(String resource, String target, Map<String, String> values) {
    return write(resource, instance.file(target), values);
  }

  private static Path write(String resource, Path file, Map<String, String> values) {
    try (InputStream in = ConfigFiles.class.getResourceAsStream("config/" + resource)) {
      if (in == null) {
        throw new ClusterException("local-cluster was packaged without config/" + resource);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (Map.Entry<String, String> value : values.entrySet()) {
        text = text.replace(value.getKey(), value.getValue());
      }
      Files.createDirectories(file.toAbsolutePath().getParent());
      return Files.writeString(file, text);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** A file of the instance's certificates as kubeconfigs and API objects hold them. */
  String pem(String file) {
    try {
      return Base64.getEncoder().encodeToString(Files.readAllBytes(instance.certs().resolve(file)));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
