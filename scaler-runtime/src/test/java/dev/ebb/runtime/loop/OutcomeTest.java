package dev.ebb.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.kube.KubeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class OutcomeTest {

  @Test
  void whatTheWorldRefusesIsAnError() {
    assertThat(
            List.of(
                new IOException("reset"),
                new UncheckedIOException(new IOException("reset")),
                new KubeException(409, "Conflict", "changed"),
                new CompletionException(new KubeException(500, "", "down"))))
        .allMatch(failure -> Outcome.of(failure) == Outcome.ERROR);
  }

  @Test
  void aMistakeInTheCodeIsAPanic() {
    assertThat(
            List.of(
                new NullPointerException(),
                new IllegalStateException(),
                new CompletionException(new IndexOutOfBoundsException()),
                new NoClassDefFoundError(),
                new AssertionError(),
                new StackOverflowError()))
        .allMatch(failure -> Outcome.of(failure) == Outcome.PANIC);
  }

  @Test
  void aTerminalFailureIsOneEvenWhenItIsWrapped() {
    assertThat(Outcome.of(new CompletionException(new TerminalException("no such plug-in"))))
        .isEqualTo(Outcome.TERMINAL);
  }

  @Test
  void labelsAreInLowerCase() {
    assertThat(List.of(Outcome.values()))
        .extracting(Outcome::label)
        .containsExactly("success", "requeue_after", "error", "timeout", "panic", "terminal");
  }
}
