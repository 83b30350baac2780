package dev.ebb.localcluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Go compiler of this machine.
 *
 * @param program its path
 * @param version what it calls itself, for example {@code go1.26.8}
 */
record GoTool(Path program, String version) {

  /** What the newest of the modules asks for. */
  static final String NEEDED = "1.26.7";

  private static final Pattern VERSION = Pattern.compile("go(\\d+)\\.(\\d+)(?:\\.(\\d+))?.*");

  /** What every call of Go gets: nothing depends on the machine, its C compiler or its folders. */
  static final Map<String, String> SETTINGS =
      Map.of(
          "CGO_ENABLED", "0",
          "GOTOOLCHAIN", "local",
          "GOFLAGS", "-buildvcs=false",
          "GOWORK", "off",
          "GO111MODULE", "on");

  /** Finds a Go that is new enough, on the PATH or in its usual folder. */
  static Optional<GoTool> find(Environment environment) {
    return Stream.concat(
            environment.program("go").stream(), Stream.of(Path.of("/usr/local/go/bin/go")))
        .filter(Files::isExecutable)
        .map(GoTool::ask)
        .filter(go -> isEnough(go.version()))
        .findFirst();
  }

  private static GoTool ask(Path program) {
    Result answer =
        Commands.run(
            List.of(program.toString(), "env", "GOVERSION"), SETTINGS, Duration.ofSeconds(20));
    return new GoTool(program, answer.out().strip());
  }

  /** Whether this version can build every module. */
  static boolean isEnough(String version) {
    Matcher found = VERSION.matcher(version);
    Matcher needed = VERSION.matcher("go" + NEEDED);
    if (!found.matches() || !needed.matches()) {
      return false;
    }
    for (int part = 1; part <= 3; part++) {
      int difference = number(found.group(part)) - number(needed.group(part));
      if (difference != 0) {
        return difference > 0;
      }
    }
    return true;
  }

  private static int number(@Nullable String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }
}
