package dev.ebb.testkit.proxy;

/**
 * A fault, for whom, and how often.
 *
 * @param match which requests it is about
 * @param fault what happens to them
 * @param often at which of them it happens
 */
public record Rule(Match match, Fault fault, Often often) {

  /** A fault that happens to each request that matches. */
  public static Rule of(Match match, Fault fault) {
    return new Rule(match, fault, Often.always());
  }

  /** A fault that happens to some of the requests that match. */
  public static Rule of(Match match, Fault fault, Often often) {
    return new Rule(match, fault, often);
  }
}
