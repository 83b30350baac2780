package dev.ebb.benchmarks.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls what can only be called inside the cluster's network: a process of its own, since a network
 * belongs to a process. It stays, so that only its first calls are slow ones. Reads commands from
 * standard input, writes JSON, one object a line; times are microseconds since 1970.
 *
 * <pre>
 *   get URL        {"sent": just before the request is written, "firstByte":, "end":, "status":, "body":}
 *   hold N URL     {"sent": N} when N requests, each on a connection of its own, are written;
 *                  {"ok":, "other":, "failed":, "why":} when all are answered or lost
 *   ready SECONDS URL   {"ready": when it first answered 200, or 0, "refused":, "unready":}
 * </pre>
 */
public final class Client {

  private static final JsonMapper JSON = new JsonMapper();

  private Client() {}

  /** Answers commands until standard input ends. */
  public static void main(String[] args) throws IOException, InterruptedException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "get" -> say(Exchange.get(URI.create(words[1])));
        case "hold" -> new Crowd(URI.create(words[2])).run(Integer.parseInt(words[1]), Client::say);
        case "ready" -> {
          Duration limit = Duration.ofSeconds(Long.parseLong(words[1]));
          say(new Readiness(URI.create(words[2])).await(limit));
        }
        default -> throw new IllegalArgumentException(line);
      }
    }
  }

  static JsonMapper json() {
    return JSON;
  }

  static long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  private static void say(JsonNode line) {
    System.out.println(JSON.writeValueAsString(line));
    System.out.flush();
  }
}
