package dev.ebb.testkit.proxy;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What can happen to a request on its way. */
public sealed interface Fault {

  /** A fault of a whole request. */
  sealed interface OfRequest extends Fault {}

  /** A fault of the events of a watch, of those that are open already too. */
  sealed interface OfWatch extends Fault {}

  /** Answered by the proxy; the API server never hears of it. */
  record Answer(int status, String reason, @Nullable Duration retryAfter) implements OfRequest {}

  /** Done by the API server, and the connection is closed instead of an answer. */
  record DropAnswer() implements OfRequest {}

  /** The connection is closed, and the API server never hears of it. */
  record Cut() implements OfRequest {}

  /** Passed on after a while: a random one of the seed, so requests overtake each other. */
  record Delay(Duration least, Duration most) implements OfRequest {}

  /** Not passed on before the rule is withdrawn. */
  record Hold() implements OfRequest {}

  /** Something else happens just before it is passed on: another writer is quicker. */
  record Before(Consumer<ApiRequest> action) implements OfRequest {}

  /** Done by the API server; then something else happens, and the connection is closed. */
  record After(Consumer<ApiRequest> action) implements OfRequest {}

  /** A list is answered from an old state, once for each client and path. */
  record Stale(Snapshot snapshot) implements OfRequest {}

  /** The watch ends in order after a while. */
  record CloseWatch(Duration after) implements OfWatch {}

  /** A line is put between the watch's events. */
  record Line(String text) implements OfWatch {}

  /** Events come late, in their order; a random delay of the seed each. */
  record DelayEvents(Duration least, Duration most) implements OfWatch {}

  /** Each event comes twice. */
  record RepeatEvents() implements OfWatch {}

  /** The watch stays open and says nothing before the rule is withdrawn; then it says it all. */
  record Freeze() implements OfWatch {}

  /** Refused with a status code; 403 for example forbids a kind. */
  static Fault answer(int status) {
    return new Answer(status, reason(status), null);
  }

  /** Refused with 429 and {@code Retry-After}. */
  static Fault tooManyRequests(Duration retryAfter) {
    return new Answer(429, reason(429), retryAfter);
  }

  /** See {@link DropAnswer}. */
  static Fault dropAnswer() {
    return new DropAnswer();
  }

  /** See {@link Cut}. */
  static Fault cut() {
    return new Cut();
  }

  /** See {@link Delay}. */
  static Fault delay(Duration least, Duration most) {
    return new Delay(least, most);
  }

  /** See {@link Hold}. */
  static Fault hold() {
    return new Hold();
  }

  /** See {@link Before}. */
  static Fault before(Consumer<ApiRequest> action) {
    return new Before(action);
  }

  /** See {@link After}. */
  static Fault after(Consumer<ApiRequest> action) {
    return new After(action);
  }

  /** See {@link Stale}. */
  static Fault stale(Snapshot snapshot) {
    return new Stale(snapshot);
  }

  /** See {@link CloseWatch}. */
  static Fault closeWatch(Duration after) {
    return new CloseWatch(after);
  }

  /** The watch says that the version it started from is too old: 410 as an event. */
  static Fault goneEvent() {
    return new Line(
        """
        {"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","status":"Failure","message":\
        "too old resource version","reason":"Expired","code":410}}\
        """);
  }

  /** The watch reports an error of the API server. */
  static Fault errorEvent() {
    return new Line(
        """
        {"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","status":"Failure","message":\
        "etcd is not well","reason":"InternalError","code":500}}\
        """);
  }

  /** The watch says half a line that is no JSON. */
  static Fault malformedLine() {
    return new Line("{\"type\":\"MODIFIED\",\"object\":{\"metadata\":{\"na");
  }

  /** See {@link DelayEvents}. */
  static Fault delayEvents(Duration least, Duration most) {
    return new DelayEvents(least, most);
  }

  /** See {@link RepeatEvents}. */
  static Fault repeatEvents() {
    return new RepeatEvents();
  }

  /** See {@link Freeze}. */
  static Fault freeze() {
    return new Freeze();
  }

  private static String reason(int status) {
    return switch (status) {
      case 403 -> "Forbidden";
      case 404 -> "NotFound";
      case 409 -> "Conflict";
      case 410 -> "Expired";
      case 429 -> "TooManyRequests";
      case 500 -> "InternalError";
      case 503 -> "ServiceUnavailable";
      case 504 -> "Timeout";
      default -> "Injected";
    };
  }
}
