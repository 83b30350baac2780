package dev.ebb.runtime.admin;

import dev.ebb.runtime.kube.KubeException;
import dev.ebb.scaler.ScalerException;
import java.util.function.Function;
import java.util.function.Supplier;

/** How what a user asks of an object is done, whoever else writes it. Stateless. */
public final class Verbs {

  private static final int TRIES = 3;

  private Verbs() {}

  /**
   * Does it on what is there now; when somebody was quicker, once more on what is there then.
   * Blocks.
   *
   * @param read reads the object live; its exceptions are the caller's
   * @param change changes it, only on top of what it was given
   * @throws KubeException what was refused, a conflict only at the third time
   * @throws ScalerException the same of a scaler
   */
  public static <T> Done onCurrent(Supplier<T> read, Function<T, Done> change) {
    for (int i = 1; ; i++) {
      try {
        return change.apply(read.get());
      } catch (KubeException e) {
        if (!e.conflict() || i >= TRIES) {
          throw e;
        }
      } catch (ScalerException e) {
        if (e.kind() != ScalerException.Kind.CONFLICT || i >= TRIES) {
          throw e;
        }
      }
    }
  }
}
