package com.example.scaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.Scale;
import dev.ebb.scaler.ScaleRequest;
import dev.ebb.scaler.ScaleTarget;
import dev.ebb.scaler.ScalerException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LampScalerTest {

  private static final ScaleTarget HALL =
      new ScaleTarget("example.com/v1", "Lamp", new ResourceKey("house", "hall"));

  private LampPlatform platform;
  private LampScaler scaler;

  @BeforeEach
  void start() throws IOException {
    platform = new LampPlatform(0).put("house/hall", 3);
    scaler = new LampScaler(platform.url());
  }

  @AfterEach
  void stop() {
    scaler.close();
    platform.close();
  }

  @Test
  void readsAndWritesUnderTheVersionThatWasRead() {
    Scale read = scaler.getScale(HALL);
    assertThat(read).isEqualTo(new Scale(3, 3, "v1", "lamp=hall", null));

    Scale written = scaler.setScale(new ScaleRequest(HALL, 0, read.version(), "idle")).join();

    assertThat(written.desired()).isZero();
    assertThatThrownBy(
            () -> scaler.setScale(new ScaleRequest(HALL, 5, read.version(), "late")).join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            ScalerException.class,
            e -> assertThat(e.kind()).isEqualTo(ScalerException.Kind.CONFLICT));
    assertThat(scaler.getScale(HALL).desired()).isZero();
  }

  @Test
  void saysWhatIsMissing() {
    ScaleTarget attic =
        new ScaleTarget("example.com/v1", "Lamp", new ResourceKey("house", "attic"));

    assertThatThrownBy(() -> scaler.getScale(attic))
        .isInstanceOfSatisfying(
            ScalerException.class,
            e -> assertThat(e.kind()).isEqualTo(ScalerException.Kind.NOT_FOUND));
  }

  @Test
  void drivesLampsAlone() {
    assertThat(scaler.drives(HALL)).isTrue();
    assertThat(scaler.drives(new ScaleTarget("apps/v1", "Deployment", HALL.key()))).isFalse();
  }
}
