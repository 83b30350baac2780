package dev.ebb.localcluster;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Talks to an instance's first process, whose children the cluster's daemons are. */
final class Supervisor {

  private static final JsonMapper JSON = new JsonMapper();

  private final Instance instance;
  private final Set<String> killed = ConcurrentHashMap.newKeySet();

  Supervisor(Instance instance) {
    this.instance = instance;
  }

  /** Starts a daemon, unless it runs. */
  void start(String name, List<String> command) {
    Path log = instance.logs().resolve(name + ".log");
    // No proxy settings, no credentials: a daemon sees nothing of its caller's environment.
    List<String> environment =
        List.of(
            "PATH="
                + instance.bin()
                + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME=/root");
    ask(new Request("start", name, command, environment, log.toString()));
    killed.remove(name);
  }

  /** Ends a daemon in order. */
  void stop(String name) {
    ask(new Request("stop", name, List.of(), List.of(), ""));
  }

  /** Ends a daemon at once. */
  void kill(String name) {
    killed.add(name);
    ask(new Request("kill", name, List.of(), List.of(), ""));
  }

  /** Whether a daemon is away on purpose. */
  boolean killed(String name) {
    return killed.contains(name);
  }

  /** Every daemon that was started, by name. */
  Map<String, Daemon> daemons() {
    return ask(new Request("status", "", List.of(), List.of(), "")).daemons();
  }

  private Answer ask(Request request) {
    Answer answer;
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(instance.file("init.sock")));
      byte[] line = (JSON.writeValueAsString(request) + "\n").getBytes(StandardCharsets.UTF_8);
      ByteBuffer out = ByteBuffer.wrap(line);
      while (out.hasRemaining()) {
        channel.write(out);
      }
      answer = JSON.readValue(Channels.newInputStream(channel).readAllBytes(), Answer.class);
    } catch (IOException gone) {
      throw new ClusterException(
          "cluster " + instance.dir().getFileName() + " does not run any more", gone);
    }
    if (answer.error() != null) {
      throw new ClusterException(request.name() + ": " + answer.error());
    }
    return answer;
  }

  /** One line to the first process. */
  private record Request(
      String action, String name, List<String> command, List<String> env, String log) {}

  /** The line that comes back. */
  private record Answer(@Nullable String error, Map<String, Daemon> daemons) {}

  /**
   * A daemon as the first process knows it.
   *
   * @param pid its number inside the cluster
   * @param running whether it lives
   * @param exit how it ended: exit code, or 128 + signal
   */
  record Daemon(int pid, boolean running, int exit) {}
}
