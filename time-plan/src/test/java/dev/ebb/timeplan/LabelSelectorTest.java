package dev.ebb.timeplan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelSelectorTest {

  private static final Map<String, String> LABELS = Map.of("team", "shop", "stage", "prod");

  @ParameterizedTest(name = "{0} {1} {2}: {3}")
  @CsvSource({
    "team,In,shop,true",
    "team,In,bar,false",
    "gone,In,bar,false",
    "team,NotIn,shop,false",
    "team,NotIn,bar,true",
    "gone,NotIn,bar,true",
    "team,Exists,,true",
    "gone,Exists,,false",
    "gone,DoesNotExist,,true",
    "team,DoesNotExist,,false",
    "team,Like,shop,false"
  })
  void aTermIsReadAsKubernetesReadsIt(String key, String operator, String value, boolean matches) {
    LabelSelector.Term term =
        new LabelSelector.Term(key, operator, value == null ? List.of() : List.of(value));

    assertThat(new LabelSelector(Map.of(), List.of(term)).matches(LABELS)).isEqualTo(matches);
  }

  @Test
  void allTermsHaveToHoldAndNoneMeansAll() {
    LabelSelector.Term prod = new LabelSelector.Term("stage", "In", List.of("prod"));

    assertThat(new LabelSelector(Map.of(), List.of()).matches(Map.of())).isTrue();
    assertThat(new LabelSelector(Map.of("team", "shop"), List.of(prod)).matches(LABELS)).isTrue();
    assertThat(new LabelSelector(Map.of("team", "bar"), List.of(prod)).matches(LABELS)).isFalse();
  }
}
