package dev.ebb.runtime.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.model.EndpointSlice;
import dev.ebb.runtime.model.HorizontalPodAutoscaler;
import dev.ebb.runtime.model.Pod;
import dev.ebb.runtime.model.ScaledResource;
import dev.ebb.runtime.model.Service;
import dev.ebb.runtime.model.Workload;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What our informers hand out cannot be changed, so nobody spoils it for others and nothing has to
 * be copied. Each type is filled with something in every field, as it is decoded from JSON.
 */
class ImmutableRecordsTest {

  private static final JsonMapper JSON = RuntimeAutoConfiguration.kubernetesJson();
  private static final Set<Class<?>> ATOMS =
      Set.of(
          String.class,
          Integer.class,
          Long.class,
          Boolean.class,
          Instant.class,
          Duration.class,
          int.class,
          long.class,
          boolean.class);

  private static Stream<Class<? extends KubeObject>> cached() {
    return Stream.of(
        Service.class,
        Pod.class,
        EndpointSlice.class,
        HorizontalPodAutoscaler.class,
        ScaledResource.class,
        Workload.class);
  }

  @ParameterizedTest
  @MethodSource("cached")
  void nothingThatIsReachableCanBeChanged(Class<? extends KubeObject> type) throws Exception {
    Object object = JSON.treeToValue(filled(type), type);

    Set<Class<?>> met = new HashSet<>();
    check(type.getSimpleName(), object, met);

    assertThat(met).as("the whole object was walked").contains(type, Meta.class, String.class);
  }

  private static void check(String path, Object value, Set<Class<?>> met) throws Exception {
    if (value == null) {
      return;
    }
    met.add(value.getClass());
    switch (value) {
      case Record whole -> {
        for (RecordComponent component : whole.getClass().getRecordComponents()) {
          component.getAccessor().setAccessible(true);
          check(path + "." + component.getName(), component.getAccessor().invoke(whole), met);
        }
      }
      case Map<?, ?> map -> {
        assertThatThrownBy(map::clear).as(path).isInstanceOf(UnsupportedOperationException.class);
        for (Object item : map.values()) {
          check(path + "{}", item, met);
        }
      }
      case Collection<?> list -> {
        assertThatThrownBy(list::clear).as(path).isInstanceOf(UnsupportedOperationException.class);
        for (Object item : list) {
          check(path + "[]", item, met);
        }
      }
      default ->
          assertThat(ATOMS.contains(value.getClass()) || value instanceof Enum<?>)
              .as("%s is of the immutable type %s", path, value.getClass())
              .isTrue();
    }
  }

  /** Returns JSON with something in every component of a record. */
  private static ObjectNode filled(Class<?> type) {
    ObjectNode node = JSON.createObjectNode();
    for (RecordComponent component : type.getRecordComponents()) {
      node.set(component.getName(), value(component.getGenericType()));
    }
    return node;
  }

  private static tools.jackson.databind.JsonNode value(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type item = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
      if (generic.getRawType() == Map.class) {
        return JSON.createObjectNode().set("key", value(item));
      }
      ArrayNode array = JSON.createArrayNode();
      array.add(value(item));
      return array;
    }
    Class<?> plain = (Class<?>) type;
    if (plain == String.class) {
      return JSON.getNodeFactory().stringNode("1");
    }
    if (plain == Instant.class) {
      return JSON.getNodeFactory().stringNode("2026-01-01T00:00:00Z");
    }
    if (plain == Boolean.class || plain == boolean.class) {
      return JSON.getNodeFactory().booleanNode(true);
    }
    if (plain.isEnum()) {
      return JSON.getNodeFactory().stringNode(plain.getEnumConstants()[0].toString());
    }
    if (plain.isRecord() && !List.of("IntOrString").contains(plain.getSimpleName())) {
      return filled(plain);
    }
    return JSON.getNodeFactory().numberNode(1);
  }
}
