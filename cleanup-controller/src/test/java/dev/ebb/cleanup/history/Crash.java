package dev.ebb.cleanup.history;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Response;

/** Ends the controller's process right after one of its next writes, or right before. */
final class Crash implements Interceptor {

  /** The process ends here. */
  static final class Now extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private int writes;
  private boolean before;

  /** Crashes at the n-th write from now on. */
  void at(int n, boolean instead) {
    writes = n;
    before = instead;
  }

  void heal() {
    writes = 0;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    boolean write =
        !chain.request().method().equals("GET")
            && !chain.request().url().encodedPath().endsWith("/events");
    if (!write || writes == 0 || --writes > 0) {
      return chain.proceed(chain.request());
    }
    if (!before) {
      chain.proceed(chain.request()).close();
    }
    throw new Now();
  }
}
