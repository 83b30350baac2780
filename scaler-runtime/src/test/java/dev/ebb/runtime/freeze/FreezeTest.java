package dev.ebb.runtime.freeze;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.freeze.Freeze.Scope;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.model.ConfigMap;
import dev.ebb.runtime.model.Namespace;
import dev.ebb.runtime.model.ScaledResource.Mode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreezeTest {

  private static final Freeze FROZEN = new Freeze(Scope.SUITE, "");

  private static Namespace namespace(String annotation) {
    return new Namespace(
        meta(annotation == null ? Map.of() : Map.of(Freeze.ANNOTATION, annotation), null));
  }

  private static Meta meta(Map<String, String> annotations, Instant deleted) {
    return new Meta(
        "shop", "", "uid", "1", 0, null, deleted, Map.of(), annotations, List.of(), List.of());
  }

  private static ConfigMap configMap(Map<String, String> data) {
    return new ConfigMap(meta(Map.of(), null), data);
  }

  @ParameterizedTest(name = "ConfigMap {0}, annotation {1}: {2} {3}")
  @CsvSource({
    ",,,",
    "'',,SUITE,''",
    "big day,,SUITE,big day",
    "'  two\n lines ',,SUITE,two lines",
    "big day,launch,SUITE,big day",
    ",'',NAMESPACE,''",
    ",true,NAMESPACE,''",
    ",True,NAMESPACE,''",
    ",launch,NAMESPACE,launch",
    ",false,,",
    ",FALSE,,",
    "big day,false,SUITE,big day",
  })
  void isOnWhereTheSwitchIs(String reason, String annotation, Scope scope, String why) {
    ConfigMap suite = reason == null ? null : configMap(Map.of(Freeze.REASON, reason));

    assertThat(Freeze.of(suite, namespace(annotation)))
        .isEqualTo(scope == null ? Optional.empty() : Optional.of(new Freeze(scope, why)));
  }

  @Test
  void anEmptyConfigMapIsEnoughAndOneThatIsBeingDeletedIsNot() {
    assertThat(Freeze.of(configMap(null), null)).contains(FROZEN);
    assertThat(Freeze.of(new ConfigMap(meta(Map.of(), Instant.EPOCH), null), null)).isEmpty();
    assertThat(Freeze.of(null, null)).isEmpty();
  }

  @Test
  void saysWhatEndsIt() {
    assertThat(new Freeze(Scope.SUITE, "big day").message())
        .contains("(big day)", "delete ConfigMap ebb-freeze");
    assertThat(new Freeze(Scope.NAMESPACE, "").message())
        .contains("remove its annotation ebb.dev/freeze")
        .doesNotContain("(");
  }

  @ParameterizedTest
  @CsvSource({
    "Enforce,false,ACT",
    "Enforce,true,WAKE",
    "Observe,false,REPORT",
    "Observe,true,REPORT",
    "Paused,false,REST",
    "Paused,true,REST"
  })
  void aStanceFollowsFromModeAndFreeze(Mode mode, boolean frozen, Stance stance) {
    assertThat(Stance.of(mode, frozen ? Optional.of(FROZEN) : Optional.empty())).isEqualTo(stance);
  }
}
