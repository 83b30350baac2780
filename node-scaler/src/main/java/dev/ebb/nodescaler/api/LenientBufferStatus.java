package dev.ebb.nodescaler.api;

import dev.ebb.nodescaler.api.NodeBuffer.Status;
import dev.ebb.runtime.model.Lenient;
import java.util.ArrayList;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/** Reads a status whatever somebody left in it: it is written anew. */
final class LenientBufferStatus extends ValueDeserializer<Status> {
  @Override
  public Status deserialize(JsonParser parser, DeserializationContext context) {
    return Lenient.values(
        context, context.readTree(parser), "status", Status.class, new ArrayList<>());
  }
}
