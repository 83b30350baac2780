package dev.ebb.runtime.freeze;

import java.util.Optional;

/** Tells who is frozen. Thread-safe. */
public interface Freezes {

  /** Nothing ever is: for commands that a user calls. */
  Freezes NONE =
      new Freezes() {
        @Override
        public Optional<Freeze> of(String namespace) {
          return Optional.empty();
        }

        @Override
        public Optional<Freeze> live(String namespace) {
          return Optional.empty();
        }
      };

  /**
   * Returns what freezes a namespace, as last seen. Never blocks.
   *
   * @param namespace empty for what lies in no namespace
   */
  Optional<Freeze> of(String namespace);

  /** Returns what freezes a namespace, read now, before what cannot be undone. Blocks. */
  Optional<Freeze> live(String namespace);
}
