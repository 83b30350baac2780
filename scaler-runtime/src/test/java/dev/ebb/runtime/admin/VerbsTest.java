package dev.ebb.runtime.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.runtime.kube.KubeException;
import dev.ebb.scaler.ScalerException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user asks is done on what is there then. */
class VerbsTest {

  private final AtomicInteger reads = new AtomicInteger();

  static Stream<Supplier<RuntimeException>> conflicts() {
    return Stream.of(
        () -> new KubeException(409, "Conflict", "somebody was quicker"),
        () -> new ScalerException(ScalerException.Kind.CONFLICT, "somebody was quicker"));
  }

  static Stream<Supplier<RuntimeException>> refusals() {
    return Stream.of(
        () -> new KubeException(403, "Forbidden", "no"),
        () -> new ScalerException(ScalerException.Kind.INVALID, "no"),
        () -> new IllegalStateException("no"));
  }

  private Done done(int fails, Supplier<RuntimeException> failure) {
    return Verbs.onCurrent(
        reads::incrementAndGet,
        version -> {
          if (version <= fails) {
            throw failure.get();
          }
          return Done.changed("wake", "version " + version);
        });
  }

  @ParameterizedTest
  @MethodSource("conflicts")
  void aConflictIsTriedAgainOnWhatIsThereThen(Supplier<RuntimeException> conflict) {
    assertThat(done(2, conflict).message()).isEqualTo("version 3");
  }

  @ParameterizedTest
  @MethodSource("conflicts")
  void theThirdConflictIsTold(Supplier<RuntimeException> conflict) {
    assertThatThrownBy(() -> done(3, conflict)).isInstanceOf(conflict.get().getClass());
    assertThat(reads).hasValue(3);
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void aRefusalIsToldAtOnce(Supplier<RuntimeException> refusal) {
    assertThatThrownBy(() -> done(1, refusal)).isInstanceOf(refusal.get().getClass());
    assertThat(reads).hasValue(1);
  }

  @Test
  void whatIsNotThereIsTheReadersToTell() {
    assertThatThrownBy(() ->
            Verbs.onCurrent(
                () -> {
                  throw Problems.notFound("there is none");
                },
                read -> Done.already("wake", "")))
        .hasMessageContaining("there is none");
  }
}
