package dev.ebb.runtime.kube;

import okhttp3.Call;
import okhttp3.Response;
import okio.BufferedSource;

/**
 * An open watch. Whoever reads it closes it; to close it under a reader is no ending but an {@link
 * IllegalStateException} there, so all others {@linkplain #cancel() cancel} it.
 */
record Watch(Call call, Response response) implements AutoCloseable {

  /** Returns the events, one JSON object a line. */
  BufferedSource events() {
    return response.body().source();
  }

  /** Ends it from any thread: its reader meets an {@link java.io.IOException}. */
  void cancel() {
    call.cancel();
  }

  @Override
  public void close() {
    response.close();
  }
}
