package dev.ebb.timescaler.api;

import dev.ebb.runtime.model.Lenient;
import dev.ebb.timeplan.ScheduleSpec;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/** Reads a spec whatever stands in it, also where the definition was looser once. */
final class LenientScheduleSpec extends ValueDeserializer<ScheduleSpec> {
  @Override
  public ScheduleSpec deserialize(JsonParser parser, DeserializationContext context) {
    List<String> left = new ArrayList<>();
    ScheduleSpec read =
        Lenient.values(context, context.readTree(parser), "spec", ScheduleSpec.class, left);
    return left.isEmpty() ? read : read.without(left);
  }
}
