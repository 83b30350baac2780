package dev.ebb.localcluster.junit;

/**
 * The namespace of one test class.
 *
 * @param name its name in the cluster
 */
public record TestNamespace(String name) {}
