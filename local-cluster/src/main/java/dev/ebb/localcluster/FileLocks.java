package dev.ebb.localcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Locks between processes (and threads); the kernel frees them when a holder dies. */
final class FileLocks {

  private FileLocks() {}

  /** Does the work alone; {@code onWait} runs once if somebody else is at it. */
  static <T> T with(Path file, Runnable onWait, Supplier<T> work) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (FileChannel channel =
              FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = acquire(channel, onWait)) {
        assert held.isValid();
        return work.get();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static FileLock acquire(FileChannel channel, Runnable onWait) throws IOException {
    for (int attempt = 0; ; attempt++) {
      FileLock lock = tryLock(channel);
      if (lock != null) {
        return lock;
      }
      if (attempt == 0) {
        onWait.run();
      }
      Waiting.pause(100);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException anotherThread) {
      return null;
    }
  }
}
