package dev.ebb.samples.hello;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** What a route says. */
sealed interface Answer {

  /** Some text. */
  record Text(int status, String type, String text) implements Answer {
    byte[] bytes() {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  /** A body that is made while it is sent; length -1 means chunked. */
  record Stream(String type, long length, Body body) implements Answer {}

  /** Bytes back and forth until one side is done, after 101. */
  record Upgrade(String protocol) implements Answer {}

  /** The connection is cut without a word. */
  record Cut() implements Answer {}

  /** Writes a body. */
  interface Body {
    void to(OutputStream out) throws IOException, InterruptedException;

    /** Passes on what arrives, as soon as it arrives. */
    static Body copy(InputStream in) {
      return out -> {
        byte[] buffer = new byte[16 * 1024];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          out.write(buffer, 0, n);
          out.flush();
        }
      };
    }
  }
}
