package dev.ebb.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LenientSpecTest {

  private static ScaledResource.Spec read(String spec) {
    return RuntimeAutoConfiguration.kubernetesJson()
        .readValue(
            "{\"metadata\": {\"name\": \"a\"}, \"spec\": " + spec + "}", ScaledResource.class)
        .spec();
  }

  @Test
  void readsWhatMakesSenseAndNamesNothing() {
    ScaledResource.Spec spec =
        read(
            """
            {"targetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "shop"},
             "path": "Selector", "mode": "Observe", "replicas": {"min": 1}, "later": {"added": 1}}
            """);

    assertThat(spec.unreadable()).isEmpty();
    assertThat(spec.path()).isEqualTo(ScaledResource.Path.Selector);
    assertThat(spec.mode()).isEqualTo(ScaledResource.Mode.Observe);
    assertThat(spec.replicas()).isEqualTo(new ScaledResource.Replicas(1, null, null));
    assertThat(spec.targetRef()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'replicas': {'min': 'three'}}                              | spec.replicas",
        "{'replicas': {'onWake': 99999999999999}}                    | spec.replicas",
        "{'targetRef': 'shop'}                                       | spec.targetRef",
        "{'services': {'a': 'b'}}                                    | spec.services",
        "{'sources': [{'name': {'a': 1}}]}                           | spec.sources",
        "{'idleAfter': ['1s']}                                       | spec.idleAfter",
        "{'path': 'Sideways'}                                        | spec.path",
        "{'mode': 'Maybe'}                                           | spec.mode",
        "{'mode': {'a': 1}}                                          | spec.mode",
        "'all of it'                                                 | spec",
        "{'unreadable': ['spec.mode'], 'adoptZero': 'perhaps'}       | spec.adoptZero"
      })
  void leavesOutWhatMakesNoSenseAndNamesIt(String spec, String field) {
    assertThat(read(spec.replace('\'', '"')).unreadable()).containsExactly(field);
  }

  @Test
  void oneBadFieldTakesNoOtherWithIt() {
    ScaledResource.Spec spec =
        read("{\"idleAfter\": \"1s\", \"limits\": 3, \"adoptZero\": true, \"services\": 4}");

    assertThat(spec.unreadable()).containsExactlyInAnyOrder("spec.limits", "spec.services");
    assertThat(spec.idleAfter()).isEqualTo("1s");
    assertThat(spec.adoptZero()).isTrue();
  }
}
