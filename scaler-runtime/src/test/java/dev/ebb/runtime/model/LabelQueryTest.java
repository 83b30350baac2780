package dev.ebb.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelQueryTest {

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new HashMap<>();
    for (String label : text == null ? new String[0] : text.split(" ", -1)) {
      int at = label.indexOf('=');
      labels.put(label.substring(0, at), label.substring(at + 1));
    }
    return labels;
  }

  @ParameterizedTest(name = "{0} with {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "app=shop|app=shop|true",
        "app=shop|app=shop tier=web|true",
        "app=shop|app=bar|false",
        "app=shop||false",
        "app==shop|app=shop|true",
        "app = shop|app=shop|true",
        "app=|app=|true",
        "app=|app=shop|false",
        "app!=shop|app=bar|true",
        "app!=shop||true",
        "app!=shop|app=shop|false",
        "app=shop,tier=web|app=shop tier=web|true",
        "app=shop,tier=web|app=shop|false",
        "app=shop, tier!=db|app=shop|true",
        "app in (shop,bar)|app=bar|true",
        "app in (shop, bar)|app=bar|true",
        "app in (shop)|app=bar|false",
        "app in (shop)||false",
        "app notin (shop,bar)|app=bar|false",
        "app notin (shop,bar)|app=baz|true",
        "app notin (shop,bar)||true",
        "app|app=|true",
        "app||false",
        "!app||true",
        "!app|app=shop|false",
        "tier in (a,b),app=shop,!old|app=shop tier=b|true",
        "tier in (a,b),app=shop,!old|app=shop tier=b old=1|false",
        "app.kubernetes.io/name=shop|app.kubernetes.io/name=shop|true",
        "version=1.2.3_rc-1|version=1.2.3_rc-1|true"
      })
  void selectsAsKubernetesDoes(String query, String labels, boolean selected) {
    assertThat(LabelQuery.parse(query).matches(labels(labels))).isEqualTo(selected);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {"", "  ", ",", "=shop", "app=shop;tier=web", "app in shop", "app>3", "a b", "(a)"})
  void whatCannotBeReadSelectsNothing(String query) {
    assertThat(LabelQuery.parse(query).matches(Map.of())).isFalse();
    assertThat(LabelQuery.parse(query).matches(Map.of("app", "shop", "a", ""))).isFalse();
    assertThat(LabelQuery.parse(query).equalities()).isEmpty();
  }

  @Test
  void tellsWhatEverySelectedObjectMustCarry() {
    assertThat(LabelQuery.parse("app=shop,tier==web,zone!=a,env in (x),!old").equalities())
        .containsOnly(Map.entry("app", "shop"), Map.entry("tier", "web"));
    assertThat(LabelQuery.parse("app in (shop,bar)").equalities()).isEmpty();
  }

  @Test
  void duplicateEquality() {
    assertThat(LabelQuery.parse("a=1,a=2").matches(Map.of("a", "2"))).isFalse();
  }

  @Test
  void duplicateInSet() {
    assertThat(LabelQuery.parse("a in (x,x)").matches(Map.of("a", "x"))).isTrue();
  }

  @Test
  void unreadable() {
    assertThat(LabelQuery.parse("!a=b").matches(Map.of("a", "b"))).isFalse();
    assertThat(LabelQuery.parse("xin (a)").matches(Map.of("x", "a"))).isFalse();
    assertThat(LabelQuery.parse("a=b,").matches(Map.of("a", "b"))).isFalse();
  }
}
