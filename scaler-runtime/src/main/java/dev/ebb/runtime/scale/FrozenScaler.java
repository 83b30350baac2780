package dev.ebb.runtime.scale;

import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ResourceScaler;
import dev.ebb.scaler.ScalableResource;
import dev.ebb.scaler.Scale;
import dev.ebb.scaler.ScaleRequest;
import dev.ebb.scaler.ScaleTarget;
import dev.ebb.scaler.ScalerConfig;
import dev.ebb.scaler.ScalerException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The scaler of what is frozen: it may wake, and nothing else. Plug-ins need this, as they write
 * past the client that is held to the freeze. Thread-safe.
 */
final class FrozenScaler implements ResourceScaler {

  private final ResourceScaler scaler;
  private final Freeze freeze;

  FrozenScaler(ResourceScaler scaler, Freeze freeze) {
    this.scaler = scaler;
    this.freeze = freeze;
  }

  @Override
  public boolean drives(ScaleTarget target) {
    return scaler.drives(target);
  }

  @Override
  public Scale getScale(ScaleTarget target) {
    return scaler.getScale(target);
  }

  @Override
  public CompletableFuture<Scale> setScale(ScaleRequest request) {
    if (!wakes(request)) {
      return CompletableFuture.failedFuture(
          new ScalerException(
              ScalerException.Kind.FORBIDDEN,
              request.target() + " is not scaled: " + freeze.message()));
    }
    return scaler.setScale(request);
  }

  private boolean wakes(ScaleRequest request) {
    return request.replicas() > 0 && scaler.getScale(request.target()).desired() == 0;
  }

  @Override
  public List<ScalableResource> getResources() {
    return scaler.getResources();
  }

  @Override
  public ScalerConfig getConfig() {
    return scaler.getConfig();
  }

  @Override
  public Optional<String> resolveServiceName(ResourceKey resource) {
    return scaler.resolveServiceName(resource);
  }
}
