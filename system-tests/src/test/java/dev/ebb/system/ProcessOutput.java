package dev.ebb.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a program that goes on says first. */
final class ProcessOutput {

  private ProcessOutput() {}

  /**
   * Reads until a line says what is looked for, and from then on for the program's sake alone.
   *
   * @return the pattern's first group
   * @throws IOException with all that was said, when the program ended before
   */
  static String await(Process process, Pattern wanted) throws IOException {
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher found = wanted.matcher(line);
      if (found.find()) {
        Thread.ofVirtual().start(() -> drain(out));
        return found.group(1);
      }
      said.append(line).append('\n');
    }
    throw new IOException("the program ended: " + said);
  }

  private static void drain(BufferedReader out) {
    try {
      while (out.readLine() != null) {
        // A full pipe would stop it.
      }
    } catch (IOException ended) {
      // It was closed.
    }
  }
}
