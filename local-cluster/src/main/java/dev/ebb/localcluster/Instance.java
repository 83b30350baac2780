package dev.ebb.localcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder of one cluster: where what lies in it.
 *
 * @param dir the folder
 */
record Instance(Path dir) {

  private static final JsonMapper JSON = new JsonMapper();

  Path stateFile() {
    return dir.resolve("state.json");
  }

  Path kubeconfig() {
    return dir.resolve("kubeconfig");
  }

  Path bin() {
    return dir.resolve("bin");
  }

  Path logs() {
    return dir.resolve("logs");
  }

  Path certs() {
    return dir.resolve("certs");
  }

  Path resolvConf() {
    return dir.resolve("resolv.conf");
  }

  Path file(String name) {
    return dir.resolve(name);
  }

  String program(GoBinary binary) {
    return bin().resolve(binary.program()).toString();
  }

  /** What was written last; empty if there is nothing readable. */
  Optional<State> state() {
    try {
      return Optional.of(JSON.readValue(Files.readString(stateFile()), State.class));
    } catch (IOException | JacksonException unreadable) {
      return Optional.empty();
    }
  }

  /** Writes the state; a reader sees the old one or the new one. */
  void write(State state) {
    try {
      Path next = dir.resolve("state.json.next");
      Files.writeString(
          next, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(state) + "\n");
      Files.move(next, stateFile(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
