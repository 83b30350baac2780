package dev.ebb.samples.hello;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** How bodies lie on an HTTP/1.1 connection. */
final class Bodies {

  private static final int LONGEST_LINE = 64 * 1024;

  private Bodies() {}

  /** A line without its end, as ISO 8859-1; null at the end of the stream. */
  static @org.jspecify.annotations.Nullable String line(InputStream in) throws IOException {
    var line = new StringBuilder(128);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        if (line.isEmpty()) {
          return null;
        }
        throw new EOFException("the connection ended within a line");
      }
      if (line.length() == LONGEST_LINE) {
        throw new IOException("a line is longer than " + LONGEST_LINE);
      }
      line.append((char) b);
    }
    int length = line.length();
    if (length > 0 && line.charAt(length - 1) == '\r') {
      line.setLength(length - 1);
    }
    return line.toString();
  }

  /** A body of known length. */
  static final class Fixed extends InputStream {
    private final InputStream in;
    private long left;

    Fixed(InputStream in, long length) {
      this.in = in;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int n = in.read(bytes, offset, (int) Math.min(length, left));
      if (n < 0) {
        throw new EOFException("the body ended " + left + " bytes early");
      }
      left -= n;
      return n;
    }
  }

  /** A chunked body; trailers are read and dropped. */
  static final class Chunked extends InputStream {
    private final InputStream in;
    private long left;
    private boolean first = true;
    private boolean done;

    Chunked(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (!done && left == 0) {
        nextChunk();
      }
      if (done) {
        return -1;
      }
      int n = in.read(bytes, offset, (int) Math.min(length, left));
      if (n < 0) {
        throw new EOFException("the body ended within a chunk");
      }
      left -= n;
      return n;
    }

    private void nextChunk() throws IOException {
      if (!first) {
        required();
      }
      first = false;
      String size = required();
      int extension = size.indexOf(';');
      try {
        left = Long.parseLong(extension < 0 ? size : size.substring(0, extension).strip(), 16);
      } catch (NumberFormatException e) {
        throw new IOException("not the size of a chunk: " + size, e);
      }
      if (left == 0) {
        while (!required().isEmpty()) {
          // a trailer
        }
        done = true;
      }
    }

    private String required() throws IOException {
      String line = line(in);
      if (line == null) {
        throw new EOFException("the body ended early");
      }
      return line;
    }
  }

  /** Writes every array that it is given as one chunk, at once; closing it ends the body. */
  static final class ChunkedOutput extends OutputStream {
    private final OutputStream out;

    ChunkedOutput(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > 0) {
        out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.write(bytes, offset, length);
        out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
      }
    }

    @Override
    public void close() throws IOException {
      out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }
  }
}
