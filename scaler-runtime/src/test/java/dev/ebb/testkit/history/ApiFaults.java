package dev.ebb.testkit.history;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** What goes wrong between a controller and the API: its next requests fail. */
public final class ApiFaults implements Interceptor {

  /** How a request fails. */
  public enum Fault {
    /** A server error; nothing is done. */
    REFUSED,
    /** A conflict; nothing is done. */
    CONFLICT,
    /** It is done, and the answer is lost. */
    ANSWER_LOST
  }

  private Fault fault = Fault.REFUSED;
  private int writes;
  private int reads;

  /** Lets the next writes fail. */
  public void failWrites(Fault how, int count) {
    fault = how;
    writes = count;
  }

  /** Lets the next reads of single objects fail. */
  public void failReads(int count) {
    reads = count;
  }

  /** Lets everything succeed again. */
  public void heal() {
    writes = 0;
    reads = 0;
  }

  /** Returns whether something still fails. */
  public boolean active() {
    return writes > 0 || reads > 0;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    if (request.method().equals("GET")) {
      boolean single = request.url().queryParameter("limit") == null;
      boolean watch = request.url().queryParameter("watch") != null;
      if (reads > 0 && single && !watch) {
        reads--;
        return refusal(request, 503);
      }
      return chain.proceed(request);
    }
    if (writes == 0 || request.url().encodedPath().endsWith("/events")) {
      return chain.proceed(request);
    }
    writes--;
    return switch (fault) {
      case REFUSED -> refusal(request, 500);
      case CONFLICT -> refusal(request, 409);
      case ANSWER_LOST -> {
        chain.proceed(request).close();
        throw new IOException("the answer is lost");
      }
    };
  }

  private static Response refusal(Request request, int code) {
    return new Response.Builder()
        .request(request)
        .protocol(Protocol.HTTP_1_1)
        .code(code)
        .message("")
        .body(ResponseBody.create("{}", MediaType.get("application/json")))
        .build();
  }
}
