package dev.ebb.cli;

import java.util.HashMap;
import java.util.Map;

/** Connections to the services of Ebb's that are asked, each made when it is needed first. */
final class Connections implements AutoCloseable {

  private final Access access;
  private final Map<String, AdminApi> open = new HashMap<>();

  Connections(Access access) {
    this.access = access;
  }

  /** Returns the API of the service that answers for a kind. */
  AdminApi of(Kind kind) {
    return open.computeIfAbsent(kind.service(), access::open);
  }

  @Override
  public void close() {
    open.values().forEach(AdminApi::close);
  }
}
