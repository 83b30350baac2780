package dev.ebb.localcluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoToolTest {

  @ParameterizedTest
  @CsvSource({
    "go1.26.7, true",
    "go1.26.8, true",
    "go1.27, true",
    "go1.27rc1, true",
    "go2.0.0, true",
    "go1.26.6, false",
    "go1.26, false",
    "go1.19.8, false",
    "'', false",
    "gccgo, false",
  })
  void acceptsWhatTheNewestModuleNeeds(String version, boolean enough) {
    assertThat(GoTool.isEnough(version)).isEqualTo(enough);
  }
}
