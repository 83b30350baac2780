package dev.ebb.nodescaler.plan;

import dev.ebb.nodescaler.api.NodeBuffer;
import dev.ebb.nodescaler.api.NodeBuffer.Free;
import dev.ebb.nodescaler.api.NodeBuffer.OtherPods;
import dev.ebb.nodescaler.api.NodeBuffer.Policy;
import dev.ebb.nodescaler.api.NodeBuffer.ScaleDown;
import dev.ebb.nodescaler.api.NodeBuffer.Servers;
import dev.ebb.nodescaler.api.NodeBuffer.Slot;
import dev.ebb.nodescaler.api.PodTemplate;
import dev.ebb.nodescaler.api.Resources;
import dev.ebb.nodescaler.plan.Belonging.Toleration;
import dev.ebb.runtime.model.Durations;
import dev.ebb.runtime.model.LabelQuery;
import dev.ebb.runtime.model.Pause;
import dev.ebb.runtime.model.ScaledResource.Mode;
import dev.ebb.scaler.nodes.PoolReference;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads a NodeBuffer: fills in what it does not say, and finds all that makes no sense. Not
 * thread-safe.
 */
final class BufferReader {

  private final NodeBuffer buffer;
  private final NodeBuffer.Spec spec;
  private final @Nullable PodTemplate template;
  private final List<Finding> findings = new ArrayList<>();

  BufferReader(NodeBuffer buffer, @Nullable PodTemplate template) {
    this.buffer = buffer;
    this.spec = buffer.spec();
    this.template = template;
  }

  Buffer read() {
    spec.unreadable()
        .forEach(field -> fatal(field, "its value makes no sense; see kubectl explain"));
    NodeBuffer.Pool pool =
        spec.pool() == null ? new NodeBuffer.Pool(null, null, null, null, null, null) : spec.pool();
    String provider = text(pool.provider());
    if (provider.isEmpty()) {
      fatal("spec.pool.provider", "is required: the cloud that nodes come from");
    }
    Belonging belonging = belonging(pool);
    Rules rules = rules(pool);
    Instant created = buffer.metadata().creationTimestamp();
    boolean fatal = findings.stream().anyMatch(Finding::fatal);
    return new Buffer(
        buffer.key(),
        buffer.metadata().uid(),
        created == null ? Instant.MAX : created,
        belonging,
        new PoolReference(provider, pool.settings() == null ? Map.of() : pool.settings()),
        fatal ? null : rules,
        spec.mode() == null ? Mode.Enforce : spec.mode(),
        spec.mode() == Mode.Paused ? Pause.of(buffer.metadata()) : Optional.empty(),
        findings);
  }

  private Belonging belonging(NodeBuffer.Pool pool) {
    Servers servers = spec.servers() == null ? new Servers(null, null, null) : spec.servers();
    String kept = text(servers.protectedSelector());
    return new Belonging(
        Buffer.name(buffer.key()),
        required("spec.pool.nodeSelector", pool.nodeSelector(), "every node of the cluster"),
        required("spec.servers.selector", servers.selector(), "every pod of the cluster"),
        kept.isEmpty() ? null : selector("spec.servers.protectedSelector", kept),
        labels -> false,
        tolerations(servers),
        false);
  }

  private Predicate<Map<String, String>> required(
      String field, @Nullable String text, String otherwise) {
    if (text(text).isEmpty()) {
      fatal(field, "it would take " + otherwise + "; write a label selector, as in app=arena");
    }
    return selector(field, text(text));
  }

  private Predicate<Map<String, String>> selector(String field, String text) {
    LabelQuery query = LabelQuery.parse(text);
    if (!text.isEmpty() && !query.readable()) {
      fatal(field, "\"" + text + "\" is no label selector; write app=arena");
    }
    return query::matches;
  }

  private List<Toleration> tolerations(Servers servers) {
    List<NodeBuffer.Toleration> all = new ArrayList<>();
    if (servers.tolerations() != null) {
      all.addAll(servers.tolerations());
    }
    if (template != null) {
      all.addAll(template.template().spec().tolerations());
    }
    return all.stream()
        .map(t ->
            new Toleration(
                text(t.key()),
                t.operator() == null ? "Equal" : t.operator(),
                text(t.value()),
                text(t.effect())))
        .toList();
  }

  private @Nullable Rules rules(NodeBuffer.Pool pool) {
    Resources slot = slot();
    int min = number(pool.minNodes(), 0);
    int max = number(pool.maxNodes(), -1);
    if (pool.maxNodes() == null) {
      fatal("spec.pool.maxNodes", "is required: the most nodes that you want to pay for");
    } else if (min < 0 || max < min || max < 1) {
      fatal("spec.pool.maxNodes", max + " is less than minNodes, or than one; raise it");
    }
    Free free = spec.free() == null ? new Free(null, null, null) : spec.free();
    int slots = number(free.slots(), 0);
    int percent = number(free.percent(), 0);
    List<Rules.Reservation> reservations = reservations(free);
    if (slots < 0 || percent < 0 || percent > 99) {
      fatal("spec.free", "slots are not negative, and percent is from 0 to 99");
    } else if (free.slots() == null && free.percent() == null && reservations.isEmpty()) {
      fatal("spec.free", "says nothing; set slots, percent or reservations");
    }
    Resources offers =
        pool.template() == null ? null : amounts("spec.pool.template", pool.template());
    Rules.Timing timing = timing();
    Rules.Shrinking shrinking = shrinking();
    if (findings.stream().anyMatch(Finding::fatal)) {
      return null;
    }
    return new Rules(slot, slots, percent, reservations, min, max, offers, timing, shrinking);
  }

  private Resources slot() {
    Slot slot = spec.slot() == null ? new Slot(null, null) : spec.slot();
    String name = text(slot.podTemplate());
    Map<String, String> written = slot.resources() == null ? Map.of() : slot.resources();
    if (written.isEmpty() == name.isEmpty()) {
      fatal("spec.slot", "what one server takes: set either resources or podTemplate");
      return Resources.NONE;
    }
    if (!name.isEmpty() && template == null) {
      fatal(
          "spec.slot.podTemplate",
          "there is no PodTemplate %s in namespace %s; create it"
              .formatted(name, buffer.key().namespace()));
      return Resources.NONE;
    }
    Resources amounts =
        template == null || name.isEmpty()
            ? amounts("spec.slot.resources", written)
            : template.template().spec().requests();
    if (amounts.isEmpty()) {
      fatal(
          "spec.slot", "takes nothing, so that any number would fit on a node; name what it takes");
    }
    return amounts;
  }

  private Resources amounts(String field, Map<String, String> quantities) {
    TreeMap<String, Long> amounts = new TreeMap<>();
    quantities.forEach((name, text) -> {
      long amount = Resources.parse(text).orElse(-1L);
      if (amount < 0) {
        fatal(field + "." + name, "\"" + text + "\" is no quantity; write 500m or 2Gi");
      } else {
        amounts.put(name, amount);
      }
    });
    return new Resources(amounts);
  }

  private List<Rules.Reservation> reservations(Free free) {
    List<Rules.Reservation> found = new ArrayList<>();
    for (NodeBuffer.Reservation one :
        free.reservations() == null ? List.<NodeBuffer.Reservation>of() : free.reservations()) {
      String field = "spec.free.reservations[" + text(one.name()) + "]";
      Instant at = instant(field + ".at", text(one.at()));
      Duration length = Durations.parse(one.length()).orElse(null);
      int slots = number(one.slots(), 0);
      if (length == null) {
        fatal(field + ".for", "\"" + text(one.length()) + "\" is no duration; write 2h");
      }
      if (slots < 1) {
        fatal(field + ".slots", "is at least one");
      }
      if (at != null && length != null && slots > 0) {
        found.add(new Rules.Reservation(text(one.name()), slots, at, at.plus(length)));
      }
    }
    return found;
  }

  private @Nullable Instant instant(String field, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      fatal(field, "\"" + text + "\" is no time; write 2026-12-24T20:00:00+01:00");
      return null;
    }
  }

  private Rules.Timing timing() {
    NodeBuffer.Timing own =
        spec.timing() == null
            ? new NodeBuffer.Timing(null, null, null, null, null, null, null)
            : spec.timing();
    Rules.Timing usual = Rules.Timing.DEFAULT;
    return new Rules.Timing(
        duration("spec.timing.nodeStartup", own.nodeStartup(), usual.nodeStartup()),
        duration("spec.timing.unreadyGrace", own.unreadyGrace(), usual.unreadyGrace()),
        duration("spec.timing.provisioning", own.provisioning(), usual.provisioning()),
        duration("spec.timing.backoff", own.backoff(), usual.backoff()),
        duration("spec.timing.longestBackoff", own.longestBackoff(), usual.longestBackoff()),
        duration("spec.timing.backoffReset", own.backoffReset(), usual.backoffReset()),
        duration("spec.timing.lead", own.lead(), usual.lead()));
  }

  private Rules.Shrinking shrinking() {
    ScaleDown own =
        spec.scaleDown() == null
            ? new ScaleDown(null, null, null, null, null, null, null)
            : spec.scaleDown();
    Rules.Shrinking usual = Rules.Shrinking.DEFAULT;
    return new Rules.Shrinking(
        own.policy() != Policy.Never,
        duration("spec.scaleDown.unneededFor", own.unneededFor(), usual.unneededFor()),
        duration("spec.scaleDown.delayAfterAdd", own.delayAfterAdd(), usual.delayAfterAdd()),
        Math.max(0, number(own.hysteresisNodes(), usual.hysteresisNodes())),
        usual.settle(),
        Math.max(1, number(own.atOnce(), usual.atOnce())),
        Math.clamp(number(own.percentAtOnce(), usual.percentAtOnce()), 1, 100),
        own.otherPods() == OtherPods.Drain);
  }

  private Duration duration(String field, @Nullable String text, Duration usual) {
    if (text == null) {
      return usual;
    }
    return Durations.parse(text)
        .orElseGet(() -> {
          fatal(field, "\"" + text + "\" is no duration; write 30s or 10m");
          return usual;
        });
  }

  private void fatal(String field, String message) {
    findings.add(new Finding(field, message, true));
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value.strip();
  }

  private static int number(@Nullable Integer value, int usual) {
    return value == null ? usual : value;
  }
}
