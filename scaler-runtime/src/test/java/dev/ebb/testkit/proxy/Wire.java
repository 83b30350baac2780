package dev.ebb.testkit.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The cable of one client: passes bytes on in both directions, and can be cut or go dead without a
 * word, as a router that forgot the connection does. Thread-safe.
 */
final class Wire implements AutoCloseable {

  private final ServerSocket server;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean dead;
  private int generation;
  private volatile boolean closed;

  /** Opens a cable to a port of this machine. */
  Wire(int target) {
    this.target = target;
    try {
      this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("wire-" + server.getLocalPort()).start(this::accept);
  }

  /** Returns where the client connects to. */
  int port() {
    return server.getLocalPort();
  }

  /** Closes all connections at once; new ones work. */
  void cut() {
    open.forEach(Wire::reset);
  }

  /** Passes nothing on any more, for connections that are there and for new ones. */
  void die() {
    dead(true);
  }

  /** Passes nothing on any more for connections that are there; new ones work. */
  void forget() {
    lock.lock();
    try {
      generation++;
    } finally {
      lock.unlock();
    }
  }

  /** Passes on again. What was said meanwhile arrives now where a connection still stands. */
  void heal() {
    dead(false);
  }

  private void dead(boolean now) {
    lock.lock();
    try {
      dead = now;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = server.accept();
        open.add(client);
        Thread.ofVirtual().name("wire-connection").start(() -> connect(client));
      } catch (IOException e) {
        // Closed; the loop's condition says so.
      }
    }
  }

  private void connect(Socket client) {
    try {
      int born = generation();
      awaitAlive(born);
      Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
      Thread.ofVirtual().name("wire-up").start(() -> pump(born, client, upstream));
      pump(born, upstream, client);
    } catch (IOException | InterruptedException e) {
      reset(client);
    }
  }

  private void pump(int born, Socket from, Socket to) {
    byte[] buffer = new byte[16 << 10];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        awaitAlive(born);
        out.write(buffer, 0, n);
      }
      awaitAlive(born);
    } catch (IOException | InterruptedException e) {
      // One side is gone; the other one follows.
    } finally {
      close(from);
      close(to);
    }
  }

  private int generation() {
    lock.lock();
    try {
      return generation;
    } finally {
      lock.unlock();
    }
  }

  private void awaitAlive(int born) throws InterruptedException {
    lock.lock();
    try {
      while ((dead || born < generation) && !closed) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }

  /** Closes with a reset: the other side sees a broken connection and no orderly end. */
  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // It is gone already.
    }
  }

  @Override
  public void close() {
    closed = true;
    heal();
    try {
      server.close();
    } catch (IOException e) {
      // Nobody waits for it.
    }
    cut();
  }
}
