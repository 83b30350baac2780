package dev.ebb.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiClientsTest {

  @TempDir private Path folder;

  private Path kubeconfig(String name, String server) throws IOException {
    return Files.writeString(
        Files.createDirectories(folder.resolve(name).getParent())
            .resolve(name.replaceFirst(".*/", "")),
        """
        apiVersion: v1
        kind: Config
        current-context: it
        contexts: [{name: it, context: {cluster: it, user: it}}]
        clusters: [{name: it, cluster: {server: "%s"}}]
        users: [{name: it, user: {token: secret}}]
        """
            .formatted(server));
  }

  @Test
  void theNamedFileComesFirstThenTheVariableThenTheUsersOwn() throws IOException {
    Path named = kubeconfig("named", "https://named:1");
    Path variable = kubeconfig("variable", "https://variable:1");
    kubeconfig(".kube/config", "https://own:1");
    Map<String, String> home = Map.of("HOME", folder.toString());
    Map<String, String> both =
        Map.of("HOME", folder.toString(), "KUBECONFIG", variable + ":" + named);

    assertThat(ApiClients.create(named.toString(), both).getBasePath())
        .isEqualTo("https://named:1");
    assertThat(ApiClients.create(" ", both).getBasePath()).isEqualTo("https://variable:1");
    assertThat(ApiClients.create(null, home).getBasePath()).isEqualTo("https://own:1");
  }

  @Test
  void aFileThatIsNotThereIsNamedWithTheRemedy() {
    Path missing = folder.resolve("missing");

    assertThatThrownBy(() -> ApiClients.create(missing.toString(), Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(missing.toString())
        .hasMessageContaining("name a file in ebb.kubeconfig or KUBECONFIG");
  }
}
