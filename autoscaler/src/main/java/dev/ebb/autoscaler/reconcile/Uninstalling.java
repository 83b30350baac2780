package dev.ebb.autoscaler.reconcile;

import dev.ebb.autoscaler.plan.Release;
import dev.ebb.runtime.model.ScaledResource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The mark that an uninstalling Ebb leaves on resources, so that the still running autoscaler keeps
 * its hands off them. It names the installation, which a new one is not, and the time, so that an
 * uninstall that was given up does not paralyse the installation that stays.
 *
 * @param installation the UID of the gateway's Service
 * @param at when the uninstall began
 */
record Uninstalling(String installation, Instant at) {

  /** An uninstall ends within its hook's time; after this it was given up. */
  static final Duration LONGEST = Duration.ofMinutes(10);

  private static final Pattern TEXT = Pattern.compile("([^@]+)@([0-9]{1,12})");

  /** Reads the mark; what cannot be read is none. */
  static Optional<Uninstalling> of(ScaledResource resource) {
    String text = resource.metadata().annotations().getOrDefault(Release.UNINSTALLING, "");
    Matcher matcher = TEXT.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new Uninstalling(
                matcher.group(1), Instant.ofEpochSecond(Long.parseLong(matcher.group(2)))))
        : Optional.empty();
  }

  /** Returns the annotation's value. */
  String text() {
    return installation + "@" + at.getEpochSecond();
  }

  /** Returns whether this is about an installation, now. */
  boolean concerns(String ownInstallation, Instant now) {
    return installation.equals(ownInstallation) && now.isBefore(at.plus(LONGEST));
  }
}
