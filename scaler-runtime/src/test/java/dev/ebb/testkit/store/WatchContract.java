package dev.ebb.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Lists, selectors and watches. */
abstract class WatchContract extends ApiContract {

  WatchContract(Subject subject) {
    super(subject);
  }

  private RawApi.Answer list(String selector, String... more) {
    List<String> query = new ArrayList<>(List.of(more));
    query.add("labelSelector=" + ofThisCase() + selector);
    return api.get(configMaps(), query.toArray(String[]::new));
  }

  private List<String> names(RawApi.Answer list) {
    return list.body()
        .path("items")
        .valueStream()
        .map(item -> item.at("/metadata/name").asString(""))
        .map(name -> name.substring(own("").length()))
        .toList();
  }

  private RawApi.Watch watch(String from, String... more) {
    List<String> query = new ArrayList<>(List.of(more));
    query.add("labelSelector=" + ofThisCase());
    query.add("resourceVersion=" + from);
    return api.watch(configMaps(), query.toArray(String[]::new));
  }

  private void awaitTold(RawApi.Watch watch, String... told) {
    List<String> expected = List.of(told).stream().map(this::withOwnName).toList();
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(watch.told()).isEqualTo(expected));
  }

  private String withOwnName(String event) {
    String[] parts = event.split(" ", 2);
    return parts[0] + " " + own(parts[1]);
  }

  @Test
  void selectsByLabels() {
    create("a", "x");
    create("b", "x");
    create("c", "x", "");
    api.merge(configMap("c"), "metadata: {labels: {app: null, extra: 'yes'}}");

    assertThat(names(list(""))).containsExactly("a", "b", "c");
    assertThat(names(list(",app=a"))).containsExactly("a");
    assertThat(names(list(",app!=a"))).containsExactly("b", "c");
    assertThat(names(list(",app in (a,b)"))).containsExactly("a", "b");
    assertThat(names(list(",app notin (a)"))).containsExactly("b", "c");
    assertThat(names(list(",extra"))).containsExactly("c");
    assertThat(names(list(",!extra"))).containsExactly("a", "b");
  }

  @Test
  void selectsByFields() {
    create("a", "x");
    create("b", "x");
    assertThat(names(list("", "fieldSelector=metadata.name=" + own("a")))).containsExactly("a");
    assertThat(names(list("", "fieldSelector=metadata.name!=" + own("a")))).containsExactly("b");
    String pods = CORE + "/namespaces/" + subject.namespace() + "/pods";
    api.post(
        pods,
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %1$s, labels: {%2$s: %3$s}}
        spec: {containers: [{name: c, image: none}]}
        """
            .formatted(own("p"), "case", ofThisCase().substring("case=".length())));
    String mine = "labelSelector=" + ofThisCase();
    String running = "fieldSelector=status.phase!=Succeeded,status.phase!=Failed";
    assertThat(api.get(pods, mine, running).body().path("items").size()).isEqualTo(1);
    api.merge(pods + "/" + own("p") + "/status", "status: {phase: Failed}");
    assertThat(api.get(pods, mine, running).body().path("items").isEmpty()).isTrue();
    api.delete(pods + "/" + own("p"), "gracePeriodSeconds: 0");
  }

  @Test
  void aListComesInPages() {
    create("a", "x");
    create("b", "x");
    create("c", "x");
    RawApi.Answer first = list("", "limit=2");
    assertThat(names(first)).containsExactly("a", "b");
    api.delete(configMap("c"), "");
    RawApi.Answer second = list("", "limit=2", "continue=" + first.text("/metadata/continue"));
    assertThat(names(second)).as("as it was").containsExactly("c");
    assertThat(second.text("/metadata/continue")).isEmpty();
    assertThat(second.version()).isEqualTo(first.version());
  }

  @Test
  void itemsOfBuiltInKindsDoNotSayWhatTheyAre() {
    create("a", "x");
    createResource("r", "");
    assertThat(list("").body().at("/items/0").has("kind")).isFalse();
    assertThat(list("").text("/kind")).isEqualTo("ConfigMapList");
    assertThat(api.get(resources()).text("/items/0/kind")).isEqualTo("ScaledResource");
  }

  @Test
  void aWatchTellsEveryChangeInItsOrder() {
    create("a", "x");
    RawApi.Answer seen = list("");
    try (RawApi.Watch watch = watch(seen.version())) {
      create("b", "x");
      String version = api.merge(configMap("a"), "data: {key: y}").version();
      api.merge(configMap("a"), "data: {key: y}");
      api.delete(configMap("b"), "");
      awaitTold(watch, "ADDED b", "MODIFIED a", "DELETED b");
      assertThat(watch.events().get(1).at("/object/metadata/resourceVersion").asString(""))
          .isEqualTo(version);
      assertThat(watch.events().get(1).at("/object/kind").asString("")).isEqualTo("ConfigMap");
      assertThat(watch.events().get(2).at("/object/metadata/resourceVersion").asLong())
          .as("a deletion has a version of its own")
          .isGreaterThan(Long.parseLong(version));
    }
  }

  @Test
  void aWatchGoesOnWhereAnotherEnded() {
    RawApi.Answer seen = create("a", "x");
    create("b", "x");
    api.delete(configMap("a"), "");
    try (RawApi.Watch watch = watch(seen.version())) {
      awaitTold(watch, "ADDED b", "DELETED a");
    }
  }

  @Test
  void aWatchFromNowhereTellsWhatIsThere() {
    create("a", "x");
    try (RawApi.Watch watch = watch("0")) {
      awaitTold(watch, "ADDED a");
      create("b", "x");
      awaitTold(watch, "ADDED a", "ADDED b");
    }
  }

  @Test
  void whatComesUnderASelectorIsAddedAndWhatLeavesItIsDeleted() {
    create("a", "x");
    RawApi.Answer seen = list("");
    try (RawApi.Watch watch =
        api.watch(
            configMaps(),
            "labelSelector=" + ofThisCase() + ",app=chosen",
            "resourceVersion=" + seen.version())) {
      api.merge(configMap("a"), "metadata: {labels: {app: chosen}}");
      api.merge(configMap("a"), "data: {key: y}");
      api.merge(configMap("a"), "metadata: {labels: {app: other}}");
      api.merge(configMap("a"), "data: {key: z}");
      create("end", "x");
      api.merge(configMap("end"), "metadata: {labels: {app: chosen}}");
      awaitTold(watch, "ADDED a", "MODIFIED a", "DELETED a", "ADDED end");
    }
  }

  @Test
  void aDeletionThatAFinalizerKeepsIsAChangeFirst() {
    RawApi.Answer seen = create("a", "x", "finalizers: [ebb.dev/test]");
    try (RawApi.Watch watch = watch(seen.version())) {
      api.delete(configMap("a"), "");
      api.merge(configMap("a"), "metadata: {finalizers: null}");
      awaitTold(watch, "MODIFIED a", "DELETED a");
    }
  }

  @Test
  void aVersionThatIsForgottenIsGone() {
    // Of a kind that was defined later: version 1 was never in the cache of its watches.
    createResource("r", "");
    try (RawApi.Watch watch = api.watch(resources(), "resourceVersion=1")) {
      await().atMost(Duration.ofSeconds(10)).until(() -> !watch.events().isEmpty());
      JsonNode error = watch.events().getFirst();
      assertThat(error.path("type").asString("")).isEqualTo("ERROR");
      assertThat(error.at("/object/code").asInt()).isEqualTo(410);
      assertThat(error.at("/object/reason").asString("")).isEqualTo("Expired");
    }
  }

  @Test
  void aBookmarkSaysWhereAWatchIs() {
    create("a", "x");
    String version = list("").version();
    // The real one sends them a little before the end.
    try (RawApi.Watch watch = watch(version, "allowWatchBookmarks=true", "timeoutSeconds=8")) {
      // It says only what is new: a change that the watch is not about.
      api.post(
          configMaps(),
          "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s}}".formatted(own("other")));
      subject.bookmark().run();
      await().atMost(Duration.ofSeconds(20)).until(() -> !watch.events().isEmpty());
      JsonNode bookmark = watch.events().getFirst();
      assertThat(bookmark.path("type").asString("")).isEqualTo("BOOKMARK");
      assertThat(bookmark.at("/object/kind").asString("")).isEqualTo("ConfigMap");
      assertThat(bookmark.at("/object/metadata/resourceVersion").asLong())
          .isGreaterThan(Long.parseLong(version));
    }
  }
}
