package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.kube.Ebb;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Service;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Remembers in an annotation of the resource which Services carried Ebb's key, so that a key which
 * is missing can be told from one that somebody removed. A mark counts for the generation in which
 * it was made: touching the resource makes Ebb try again.
 *
 * @param byService the marks by Service name
 */
public record KeyMarks(Map<String, Mark> byService) {

  /** The annotation. */
  public static final String ANNOTATION = Ebb.key("behind-gateway");

  /** Which Service it was and under which generation of the resource. */
  public record Mark(String uid, long generation) {}

  /** Sorts, so that equal marks are equal text. */
  public KeyMarks {
    byService = Map.copyOf(byService);
  }

  /** Reads the annotation; what cannot be read is no mark. */
  public static KeyMarks of(ScaledResource resource) {
    return parse(resource.metadata().annotations().get(ANNOTATION));
  }

  static KeyMarks parse(@Nullable String text) {
    Map<String, Mark> marks = new TreeMap<>();
    for (String part : text == null ? new String[0] : text.split(";", -1)) {
      int uid = part.indexOf('=');
      int generation = part.indexOf('@');
      if (uid > 0 && generation > uid && part.substring(generation + 1).matches("[0-9]{1,18}")) {
        marks.put(
            part.substring(0, uid),
            new Mark(
                part.substring(uid + 1, generation),
                Long.parseLong(part.substring(generation + 1))));
      }
    }
    return new KeyMarks(marks);
  }

  /** Returns the mark of exactly this Service, or null. */
  public @Nullable Mark of(Service service) {
    Mark mark = byService.get(service.metadata().name());
    return mark != null && mark.uid().equals(service.metadata().uid()) ? mark : null;
  }

  /** Adds a mark. */
  public KeyMarks with(Service service, long generation) {
    Map<String, Mark> marks = new TreeMap<>(byService);
    marks.put(service.metadata().name(), new Mark(service.metadata().uid(), generation));
    return new KeyMarks(marks);
  }

  /** Removes a mark. */
  public KeyMarks without(String service) {
    Map<String, Mark> marks = new TreeMap<>(byService);
    marks.remove(service);
    return new KeyMarks(marks);
  }

  /** Returns the annotation's text, empty for no marks. */
  public String text() {
    return new TreeMap<>(byService)
        .entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue().uid() + "@" + e.getValue().generation())
            .collect(Collectors.joining(";"));
  }
}
