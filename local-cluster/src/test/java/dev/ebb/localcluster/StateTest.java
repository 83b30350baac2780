package dev.ebb.localcluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateTest {

  private static final ProcessId ALIVE = ProcessId.self();
  private static final ProcessId DEAD = new ProcessId(ALIVE.pid(), ALIVE.start() + 1);

  @Test
  void isReadAsItWasWritten(@TempDir Path folder) {
    State state = state(true, ALIVE).launched(ALIVE, 4711).ready(true);
    Instance instance = new Instance(folder);
    instance.write(state);

    assertThat(instance.state()).contains(state);
  }

  @Test
  void isEmptyWhereTheFileIsBroken(@TempDir Path folder) throws IOException {
    Instance instance = new Instance(folder);
    assertThat(instance.state()).isEmpty();
    Files.writeString(instance.stateFile(), "{\"name\":");
    assertThat(instance.state()).isEmpty();
  }

  @Test
  void isAbandonedWhenItsFirstProcessIsDead() {
    assertThat(state(true, ALIVE).launched(DEAD, 1).ready(true).abandoned()).isTrue();
    assertThat(state(true, ALIVE).launched(ALIVE, 1).ready(true).abandoned()).isFalse();
  }

  @Test
  void isAbandonedWhenItsOwnerIsDeadUnlessItOutlivesItOnPurpose() {
    assertThat(state(false, DEAD).launched(ALIVE, 1).ready(true).abandoned()).isTrue();
    assertThat(state(true, DEAD).launched(ALIVE, 1).ready(true).abandoned()).isFalse();
    assertThat(state(true, DEAD).launched(ALIVE, 1).abandoned()).as("half started").isTrue();
  }

  private static State state(boolean persistent, ProcessId owner) {
    return new State("x", State.Phase.STARTING, persistent, true, owner, null, 0, "/ebb-x");
  }
}
