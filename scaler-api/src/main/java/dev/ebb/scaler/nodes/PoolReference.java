package dev.ebb.scaler.nodes;

import java.util.Map;

/**
 * Which pool of which cloud, as a user wrote it.
 *
 * @param type the provider's name
 * @param settings what the provider needs to find the pool, by its own names
 */
public record PoolReference(String type, Map<String, String> settings) {

  /** Copies the settings. */
  public PoolReference {
    settings = Map.copyOf(settings);
  }

  /**
   * Returns a setting.
   *
   * @throws NodeProviderException when it is missing or empty
   */
  public String required(String name) {
    String value = settings.getOrDefault(name, "").strip();
    if (value.isEmpty()) {
      throw new NodeProviderException(
          NodeProviderException.Kind.INVALID, type + " provider: " + name + " is required");
    }
    return value;
  }
}
