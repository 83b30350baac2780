package dev.ebb.testkit.proxy;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Says which requests a rule is about, in words that a test can be read by: {@code
 * writes().of("services")}.
 *
 * @param what the words, for reports
 * @param test whether a request is meant
 */
public record Match(String what, Predicate<ApiRequest> test) implements Predicate<ApiRequest> {

  /** Every request. */
  public static Match anything() {
    return new Match("anything", request -> true);
  }

  /** Everything that changes something, Leases aside: a leader renews without end. */
  public static Match writes() {
    return new Match("writes", request -> request.changes() && !request.ofLease());
  }

  /** What keeps Leases: reads and writes. */
  public static Match leases() {
    return new Match("leases", ApiRequest::ofLease);
  }

  /** Lists. */
  public static Match lists() {
    return verbs("list");
  }

  /** Watches. */
  public static Match watches() {
    return verbs("watch");
  }

  /** Requests with one of these verbs. */
  public static Match verbs(String... verbs) {
    List<String> wanted = List.of(verbs);
    return new Match(String.join("|", wanted), request -> wanted.contains(request.verb()));
  }

  /** Only those of these resources (plural names); {@code deployments/scale} is a subresource. */
  public Match of(String... resources) {
    List<String> wanted = List.of(resources);
    return and("of " + String.join("|", wanted), request -> wanted.contains(full(request)));
  }

  /** Only those of other resources. */
  public Match notOf(String... resources) {
    List<String> unwanted = List.of(resources);
    return and("not of " + String.join("|", unwanted), r -> !unwanted.contains(full(r)));
  }

  private static String full(ApiRequest request) {
    return request.subresource().isEmpty()
        ? request.resource()
        : request.resource() + "/" + request.subresource();
  }

  /** Only those of one client. */
  public Match from(String client) {
    return and("from " + client, request -> request.client().equals(client));
  }

  /** Only those about an object with this name. */
  public Match named(String name) {
    return and("named " + name, request -> request.name().equals(name));
  }

  /** Only those whose body contains all of these texts. */
  public Match saying(String... texts) {
    return and(
        "saying " + String.join(", ", texts),
        request -> Arrays.stream(texts).allMatch(request.body()::contains));
  }

  /** Only those that also pass another test. */
  public Match and(String words, Predicate<ApiRequest> other) {
    return new Match(what + " " + words, request -> test.test(request) && other.test(request));
  }

  @Override
  public boolean test(ApiRequest request) {
    return test.test(request);
  }
}
