package dev.ebb.localcluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BinariesTest {

  @Test
  void namesAFolderByTheContentOfTheModule() {
    String key = key("go1.26.8", "require x v1");

    assertThat(key).matches("cni-[0-9a-f]{12}").isEqualTo(key("go1.26.8", "require x v1"));
    assertThat(key("go1.26.8", "require x v2")).isNotEqualTo(key);
    assertThat(key("go1.26.9", "require x v1")).isNotEqualTo(key);
  }

  @Test
  void keepsModulesApartThatDifferInFlagsOnly() {
    String containerd =
        Binaries.key(GoModule.CONTAINERD, "go1.26.8", (module, file) -> new byte[0]);
    String kubernetes =
        Binaries.key(GoModule.KUBERNETES, "go1.26.8", (module, file) -> new byte[0]);

    assertThat(containerd.substring(containerd.indexOf('-')))
        .isNotEqualTo(kubernetes.substring(kubernetes.indexOf('-')));
  }

  private static String key(String go, String content) {
    return Binaries.key(
        GoModule.CNI, go, (module, file) -> content.getBytes(StandardCharsets.UTF_8));
  }
}
