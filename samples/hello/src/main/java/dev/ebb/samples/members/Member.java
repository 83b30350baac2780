package dev.ebb.samples.members;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/**
 * What the sample image does when it is given words.
 *
 * <ul>
 *   <li>{@code broker FOLDER}: keeps messages there, and listens on port 8080
 *   <li>{@code hand-over FOLDER URL}: gives them to a peer
 *   <li>{@code dump FOLDER TARGET}: copies them
 *   <li>{@code nothing}: ends well
 * </ul>
 */
public final class Member {

  private static final int PORT = 8080;

  private Member() {}

  /** Does it, or ends with 1 and says why; a broker goes on. */
  public static void run(String[] words) {
    try {
      act(words);
    } catch (IOException | IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static void act(String[] words) throws IOException {
    switch (words[0]) {
      case "broker" -> broker(Path.of(words[1]));
      case "hand-over" -> say(Leaving.handOver(Path.of(words[1]), URI.create(words[2])));
      case "dump" -> say(Leaving.dump(Path.of(words[1]), Path.of(words[2])));
      case "nothing" -> say("nothing is to be done");
      default -> throw new IllegalArgumentException("what is " + words[0] + "?");
    }
  }

  private static void broker(Path folder) throws IOException {
    String name = System.getenv().getOrDefault("HOSTNAME", "broker");
    Store store = new Store(folder);
    Broker broker = new Broker(store, name, PORT);
    Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "stop"));
    say(name + " holds " + store.all().size() + " messages");
  }

  private static void say(String text) {
    System.out.println(text);
  }
}
