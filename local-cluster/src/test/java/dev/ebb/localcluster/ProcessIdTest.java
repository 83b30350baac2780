package dev.ebb.localcluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessIdTest {

  private static final String REST = " 1 2 2 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 9 9 9";

  @Test
  void readsTheStartTimeBehindANameWithBlanksAndParentheses() {
    assertThat(ProcessId.parse(7, "7 (a b) c) S" + REST)).contains(new ProcessId(7, 4711));
  }

  @Test
  void takesAProcessThatWaitsToBeReapedForDead() {
    assertThat(ProcessId.parse(7, "7 (sh) Z" + REST)).isEmpty();
  }

  @Test
  void tellsAProcessFromALaterOneWithItsNumber() {
    ProcessId self = ProcessId.self();

    assertThat(self.alive()).isTrue();
    assertThat(new ProcessId(self.pid(), self.start() + 1).alive()).isFalse();
  }
}
