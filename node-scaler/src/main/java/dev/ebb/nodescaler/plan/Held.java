package dev.ebb.nodescaler.plan;

/**
 * Why nothing is changed.
 *
 * @param reason of the condition
 * @param message for humans
 */
public record Held(String reason, String message) {}
