package dev.ebb.runtime.admin;

import java.util.List;

/**
 * What a verb did.
 *
 * @param verb the API's word
 * @param changed whether anything was written
 * @param message what happened, or why nothing had to
 * @param waitsFor what must still hold before it takes effect; empty when it has
 */
public record Done(String verb, boolean changed, String message, List<String> waitsFor) {

  /** Copies the list. */
  public Done {
    waitsFor = List.copyOf(waitsFor);
  }

  /** Something was written, and it has taken effect. */
  public static Done changed(String verb, String message) {
    return new Done(verb, true, message, List.of());
  }

  /** It was so already. */
  public static Done already(String verb, String message) {
    return new Done(verb, false, message, List.of());
  }
}
