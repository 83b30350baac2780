package dev.ebb.selector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.scaler.ResourceKey;
import dev.ebb.selector.api.Strategy;
import dev.ebb.selector.config.SelectorProperties.Environment;
import dev.ebb.selector.plan.Pool;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** 3S's variables as one pool; blank is unset (A-D6, T-A11). */
class EnvironmentTest {

  private static Pool pool(Environment environment) {
    return Objects.requireNonNull(environment.pool("own"));
  }

  @Test
  void nothingSaidIsNoPool() {
    assertThat(new Environment("", " ", "", "", "default", "").pool("own")).isNull();
  }

  @Test
  void blankIsUnset() {
    Pool pool = pool(new Environment("app=buildkit", " ", "", " ", "", ""));

    assertThat(pool.prefix()).isEqualTo("svc-");
    assertThat(pool.key()).isEqualTo(new ResourceKey("own", SelectorProperties.NAME));
    assertThat(pool.strategy()).isEqualTo(Strategy.Sticky);
  }

  @Test
  void everythingSaid() {
    Pool pool = pool(new Environment("app in (a, b)", "b-", "x=y", "builds", "default", "modulo"));

    assertThat(pool.key().namespace()).isEqualTo("builds");
    assertThat(pool.prefix()).isEqualTo("b-");
    assertThat(pool.serviceSelector()).isEqualTo("x=y");
    assertThat(pool.strategy()).isEqualTo(Strategy.Modulo);
  }

  @Test
  void theNamespaceIsTheFirstThatIsKnown() {
    assertThat(pool(new Environment("app=b", "", "", "", "other", "")).key().namespace())
        .isEqualTo("own");
    assertThat(
            Objects.requireNonNull(new Environment("app=b", "", "", "", "other", "").pool(""))
                .key()
                .namespace())
        .isEqualTo("other");
    assertThat(
            Objects.requireNonNull(new Environment("app=b", "", "", "", "", "").pool(""))
                .key()
                .namespace())
        .isEqualTo("default");
  }

  @Test
  void aPoolOfEverythingIsRefusedByTheNameOfItsVariable() {
    assertThatThrownBy(() -> new Environment("", "svc-", "", "", "", "").pool("own"))
        .hasMessageContaining("SSS_POD_SELECTOR is blank");
    assertThatThrownBy(() -> new Environment("a b c", "", "", "", "", "").pool("own"))
        .hasMessageContaining("SSS_POD_SELECTOR: \"a b c\" is no label selector");
    assertThatThrownBy(() -> new Environment("app=b", "", "a b", "", "", "").pool("own"))
        .hasMessageContaining("SSS_SERVICE_SELECTOR");
    assertThatThrownBy(() -> new Environment("app=b", "", "", "", "", "best").pool("own"))
        .hasMessageContaining("SSS_STRATEGY");
  }
}
