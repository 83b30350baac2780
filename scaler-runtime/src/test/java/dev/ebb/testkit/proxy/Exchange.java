package dev.ebb.testkit.proxy;

/**
 * A request and what became of it.
 *
 * @param request the request
 * @param status what the API server answered; 0 when it never heard of the request
 * @param delivered whether the client was given that answer
 */
public record Exchange(ApiRequest request, int status, boolean delivered) {

  /** Returns whether the API server did what was asked. */
  public boolean done() {
    return status >= 200 && status < 300;
  }

  @Override
  public String toString() {
    return request + " " + status + (delivered ? "" : " undelivered");
  }
}
