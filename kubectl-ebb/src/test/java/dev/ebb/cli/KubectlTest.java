package dev.ebb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a program that stands for kubectl. */
class KubectlTest {

  @TempDir private Path folder;

  private Kubectl kubectl(String script) throws IOException {
    Path program = folder.resolve("kubectl");
    Files.writeString(program, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new Kubectl(program.toString(), List.of("--context=mine"));
  }

  @Test
  void passesTheUsersFlagsOn() throws IOException {
    assertThat(kubectl("echo \"$@\"").run("get", "pods")).isEqualTo("--context=mine get pods\n");
  }

  @Test
  void tellsWhatKubectlTold() throws IOException {
    Kubectl kubectl = kubectl("echo 'error: no such context' >&2; exit 1");

    assertThatThrownBy(() -> kubectl.run("get", "pods"))
        .isInstanceOf(CliException.class)
        .hasMessage("kubectl get: no such context");
  }

  @Test
  void saysThatKubectlIsMissing() {
    Kubectl nowhere = new Kubectl(folder.resolve("nowhere").toString(), List.of());

    assertThatThrownBy(() -> nowhere.run("version"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("install kubectl");
  }

  @Test
  void aForwardedPortIsReadFromWhatKubectlPrints() throws IOException {
    Kubectl kubectl = kubectl("echo 'Forwarding from 127.0.0.1:43210 -> 8081'; exec sleep 60");

    PortForward forward = PortForward.open(kubectl, "ebb-system", "ebb-autoscaler");

    assertThat(forward.port()).isEqualTo(43210);
    forward.close();
  }

  @Test
  void aPortThatCannotBeForwardedSaysWhereEbbWasLookedFor() throws IOException {
    Kubectl kubectl = kubectl("echo 'error: services \"ebb-autoscaler\" not found' >&2; exit 1");

    assertThatThrownBy(() -> PortForward.open(kubectl, "ebb-system", "ebb-autoscaler"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("ebb-system")
        .hasMessageContaining("not found")
        .hasMessageContaining("--ebb-namespace");
  }
}
