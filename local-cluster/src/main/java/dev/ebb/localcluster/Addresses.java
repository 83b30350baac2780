package dev.ebb.localcluster;

/**
 * Addresses inside a cluster's own network; they exist nowhere else, so all clusters share them.
 */
final class Addresses {

  static final String NODE_NAME = "ebb-node";
  static final String NODE = "10.88.0.10";
  static final String SERVICE_RANGE = "10.96.0.0/16";
  static final String API_SERVICE = "10.96.0.1";
  static final String DNS = "10.96.0.10";
  static final String POD_RANGE = "10.244.0.0/16";
  static final String API_SERVER = NODE + ":6443";

  private Addresses() {}
}
