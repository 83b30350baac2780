package dev.ebb.benchmarks.proxy;

import dev.ebb.benchmarks.report.Spread;
import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.ClusterException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * h2load over HTTP/1.1, on a core of its own, inside the cluster's network.
 *
 * @param program h2load
 * @param cluster whose network it is
 * @param core the core
 */
record Generator(Path program, Cluster cluster, int core) {

  /** So many connections share a fixed rate. */
  private static final int PACED = 20;

  private static final Pattern FINISHED = Pattern.compile("finished in ([0-9.]+)(s|ms)");
  private static final Pattern REQUESTS =
      Pattern.compile(
          "(\\d+) done, (\\d+) succeeded, (\\d+) failed, (\\d+) errored, (\\d+) timeout");
  private static final Pattern STATUS =
      Pattern.compile("status codes: \\d+ 2xx, (\\d+) 3xx, (\\d+) 4xx, (\\d+) 5xx");

  /**
   * What a flood came to.
   *
   * @param requests that were answered with 200 or its like
   * @param seconds how long it took
   */
  record Flood(long requests, double seconds) {}

  /** Sends on every connection as soon as the last answer is there. */
  Flood flood(String url, int connections, Duration time) {
    return parse(run(arguments(connections, time), url));
  }

  /**
   * Sends so many requests a second, and notes how long each took.
   *
   * @return how many requests a second were answered: fewer when the way cannot keep up
   */
  double pace(String url, int rate, Duration time, Spread latencies) {
    try {
      Path log = Files.createTempFile("ebb-", ".log");
      try {
        List<String> arguments = arguments(PACED, time);
        arguments.addAll(List.of("--rps", Integer.toString(rate / PACED)));
        arguments.addAll(List.of("--log-file", log.toString()));
        Flood paced = parse(run(arguments, url));
        micros(Files.readAllLines(log)).forEach(latencies::add);
        return paced.requests() / paced.seconds();
      } finally {
        Files.delete(log);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static List<String> arguments(int connections, Duration time) {
    return new ArrayList<>(
        List.of(
            "--h1",
            "-t",
            "1",
            "-c",
            Integer.toString(connections),
            "-D",
            Long.toString(time.toSeconds())));
  }

  private String run(List<String> arguments, String url) {
    List<String> command =
        Stream.of(
                cluster.enterCommand(),
                List.of("taskset", "-c", Integer.toString(core), program.toString()),
                arguments,
                List.of(url))
            .flatMap(List::stream)
            .toList();
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (InputStream out = process.getInputStream()) {
        return new String(out.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Reads what h2load prints; a request that failed spoils the measurement. */
  static Flood parse(String output) {
    Matcher finished = FINISHED.matcher(output);
    Matcher requests = REQUESTS.matcher(output);
    Matcher status = STATUS.matcher(output);
    if (!finished.find() || !requests.find() || !status.find()) {
      throw new ClusterException("h2load said: " + output);
    }
    long done = Long.parseLong(requests.group(1));
    if (done == 0
        || Long.parseLong(requests.group(2)) != done
        || Stream.of(3, 4, 5).anyMatch(i -> !requests.group(i).equals("0"))
        || Stream.of(1, 2, 3).anyMatch(i -> !status.group(i).equals("0"))) {
      throw new ClusterException(
          "not all requests were answered well: " + requests.group() + ", " + status.group());
    }
    double number = Double.parseDouble(finished.group(1));
    return new Flood(done, finished.group(2).equals("s") ? number : number / 1000);
  }

  /** Reads h2load's log: start, status and microseconds of each request. */
  static List<Long> micros(List<String> lines) {
    return lines.stream().map(line -> Long.parseLong(line.split("\t", -1)[2])).toList();
  }
}
