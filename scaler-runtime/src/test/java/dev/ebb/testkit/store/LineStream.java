package dev.ebb.testkit.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import okio.Buffer;
import okio.Source;
import okio.Timeout;

/**
 * The body of a watch's answer: lines that are read as they come, or when they are no longer kept
 * back. Thread-safe.
 */
final class LineStream implements Source {

  private record Line(String text, Runnable onTaken) {}

  private final Runnable onWait;
  private final Runnable onClose;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Line> pending = new ArrayDeque<>();
  private final List<Line> heldBack = new ArrayList<>();
  private final Buffer current = new Buffer();
  private Runnable onTaken = () -> {};
  private boolean held;
  private boolean waiting;
  private boolean ended;
  private boolean closed;

  /**
   * Creates an empty stream.
   *
   * @param onWait is told each time the reader has taken everything and asks for more
   * @param onClose is told when the reader has closed
   */
  LineStream(Runnable onWait, Runnable onClose) {
    this.onWait = onWait;
    this.onClose = onClose;
  }

  /**
   * Sends a line.
   *
   * @param onTaken is told when the reader has taken the whole line
   */
  void send(String line, Runnable onTaken) {
    lock.lock();
    try {
      Line next = new Line(line, onTaken);
      if (held) {
        heldBack.add(next);
      } else {
        pending.add(next);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Keeps back what comes from now on, or lets it go. */
  void hold(boolean hold) {
    lock.lock();
    try {
      held = hold;
      if (!hold) {
        pending.addAll(heldBack);
        heldBack.clear();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends the stream after what is pending. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether lines are kept back. */
  boolean held() {
    lock.lock();
    try {
      return held;
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether the reader has taken everything and waits for more. */
  boolean drained() {
    lock.lock();
    try {
      return waiting && pending.isEmpty() && current.exhausted() && !ended;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long read(Buffer sink, long byteCount) throws IOException {
    lock.lock();
    try {
      while (current.exhausted() && pending.isEmpty() && !ended && !closed) {
        waiting = true;
        onWait.run();
        changed.await();
      }
      if (closed) {
        throw new IOException("closed");
      }
      if (current.exhausted()) {
        Line next = pending.poll();
        if (next == null) {
          return -1;
        }
        current.writeUtf8(next.text());
        onTaken = next.onTaken();
      }
      long read = current.read(sink, byteCount);
      if (current.exhausted()) {
        onTaken.run();
      }
      return read;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    } finally {
      waiting = false;
      lock.unlock();
    }
  }

  @Override
  public Timeout timeout() {
    return Timeout.NONE;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    onClose.run();
  }
}
