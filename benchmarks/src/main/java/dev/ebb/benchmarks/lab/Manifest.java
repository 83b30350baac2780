package dev.ebb.benchmarks.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An object as a JSON resource of this module, with names in it that stand for values.
 *
 * @param text the resource
 */
public record Manifest(String text) {

  private static final JsonMapper JSON = new JsonMapper();

  /** Reads a resource, as in {@code schedule/hpa.json}. */
  public static Manifest of(String resource) {
    return new Manifest(read(resource));
  }

  /** The text of a resource. */
  static String read(String resource) {
    try (InputStream in = Manifest.class.getResourceAsStream("/dev/ebb/benchmarks/" + resource)) {
      return new String(
          Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The object, with each name replaced by the value that follows it. */
  public JsonNode with(String... namesAndValues) {
    String json = text;
    for (int i = 0; i < namesAndValues.length; i += 2) {
      json = json.replace(namesAndValues[i], namesAndValues[i + 1]);
    }
    return JSON.readTree(json);
  }
}
