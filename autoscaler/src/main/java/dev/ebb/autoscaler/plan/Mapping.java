package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.model.ScaledResource.MappedPort;
import dev.ebb.runtime.model.ScaledResource.MappedService;
import dev.ebb.runtime.model.Service;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which Services lead to a workload through the gateway.
 *
 * @param services the Services, by name
 * @param problems what stands in the way
 */
record Mapping(List<Service> services, List<Problem> problems) {

  /** First words of port names that say another protocol, as service meshes read them. */
  private static final Set<String> OTHER_NAMES =
      Set.of(
          "https",
          "http2",
          "h2c",
          "grpc",
          "grpcs",
          "tls",
          "tcp",
          "udp",
          "amqp",
          "amqps",
          "dns",
          "ftp",
          "imap",
          "kafka",
          "ldap",
          "ldaps",
          "memcached",
          "mongo",
          "mongodb",
          "mqtt",
          "mssql",
          "mysql",
          "nats",
          "postgres",
          "postgresql",
          "pgsql",
          "redis",
          "smtp",
          "ssh",
          "ws",
          "wss");

  /** Ports that IANA gives to such protocols, and that nobody uses for plain HTTP. */
  private static final Set<Integer> OTHER_NUMBERS =
      Set.of(
          21, 22, 25, 53, 110, 143, 389, 443, 636, 993, 995, 1433, 1521, 1883, 3306, 4222, 5432,
          5671, 5672, 6379, 8883, 9092, 11211, 27017);

  Mapping {
    services = List.copyOf(services);
    problems = List.copyOf(problems);
  }

  static MappedService mapped(Service service) {
    List<MappedPort> ports =
        service.spec().ports().stream()
            .map(p -> new MappedPort(p.name(), p.port(), p.protocol(), wakeable(p)))
            .toList();
    return new MappedService(service.metadata().name(), service.metadata().uid(), ports);
  }

  static boolean wakeable(Service.Port port) {
    return port.protocol().equals("TCP") && plainHttp(port);
  }

  /**
   * Returns whether the gateway can hold the port's protocol. Where the port does not say, it
   * counts as HTTP/1.1 unless its name or its number says otherwise: a wrong guess would break
   * connections.
   */
  static boolean plainHttp(Service.Port port) {
    String protocol = port.appProtocol();
    if (protocol != null && !protocol.isEmpty()) {
      return protocol.equals("http");
    }
    String name = port.name().toLowerCase(Locale.ROOT);
    String prefix = name.split("-", 2)[0];
    return prefix.equals("http")
        || name.startsWith("grpc-web")
        || (!OTHER_NAMES.contains(prefix) && !OTHER_NUMBERS.contains(port.port()));
  }
}
