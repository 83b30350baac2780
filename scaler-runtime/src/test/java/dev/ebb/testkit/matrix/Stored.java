package dev.ebb.testkit.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.kube.ResourceType;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Objects of one kind of the service's that make no sense, from a file.
 *
 * @param kind whose definition has to be loosened
 * @param file their manifests
 * @param told asserts that each is told; asked until it holds
 */
public record Stored(ResourceType<JsonNode> kind, Path file, Consumer<World> told)
    implements Scenario.Invalid {

  /** Objects of these names, each of which is told by its condition Ready. */
  public static Stored notReady(ResourceType<JsonNode> kind, Path file, String... names) {
    return new Stored(
        kind,
        file,
        world -> {
          for (String name : names) {
            assertThat(world.condition(kind, name, "Ready")).as(name).isEqualTo("False");
          }
        });
  }

  @Override
  public List<String> definitions() {
    return List.of(kind.plural() + "." + kind.group());
  }

  @Override
  public void store(World world) {
    world.apply(file);
  }

  @Override
  public void told(World world) {
    told.accept(world);
  }
}
