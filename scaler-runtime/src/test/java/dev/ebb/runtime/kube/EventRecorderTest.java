package dev.ebb.runtime.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.runtime.model.Service;
import dev.ebb.testkit.SteppedClock;
import dev.ebb.testkit.store.MemoryApi;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** An Event that the API server cannot take yet is not lost. */
class EventRecorderTest {

  private static final ResourceType<JsonNode> EVENTS =
      new ResourceType<>("", "v1", "events", "Event", JsonNode.class);

  private final SteppedClock clock = new SteppedClock();
  private final MemoryApi api = new MemoryApi(clock).namespace("shop");
  private final ArrayDeque<Integer> answers = new ArrayDeque<>();
  private final List<Duration> pauses = new ArrayList<>();
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

  private final KubeClient client = api.client("ebb-test", this::answer);
  private final EventRecorder recorder =
      new EventRecorder(
          client,
          Runnable::run,
          clock,
          "pod-0",
          (pause, task) -> {
            pauses.add(pause);
            waiting.add(task);
          });

  private Response answer(Interceptor.Chain chain) throws java.io.IOException {
    Request request = chain.request();
    boolean write =
        request.method().equals("POST") && request.url().encodedPath().contains("/events");
    Integer code = write ? answers.poll() : null;
    if (code == null || code == 0) {
      return chain.proceed(request);
    }
    if (code < 0) {
      chain.proceed(request).close();
      throw new java.io.IOException("the answer is lost");
    }
    return new Response.Builder()
        .request(request)
        .protocol(Protocol.HTTP_1_1)
        .code(code)
        .message("no")
        .body(ResponseBody.create("{}", MediaType.get("application/json")))
        .build();
  }

  private EventRecorder.Subject service(String name) {
    Service made =
        client.create(
            Service.TYPE,
            "shop",
            client
                .json()
                .valueToTree(
                    Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Service",
                        "metadata",
                        Map.of("name", name),
                        "spec",
                        Map.of("ports", List.of(Map.of("port", 80))))));
    return EventRecorder.Subject.of(Service.TYPE, made);
  }

  private List<JsonNode> events() {
    return client.list(EVENTS, "shop", Map.of()).items();
  }

  private void untilNothingWaits() {
    while (!waiting.isEmpty()) {
      waiting.remove().run();
    }
  }

  @ParameterizedTest
  @CsvSource({"429", "500", "503", "504", "-1"})
  void isWrittenWhenTheApiServerCanTakeIt(int answer) {
    EventRecorder.Subject subject = service("a");
    answers.addAll(List.of(answer, answer, 0));

    recorder.warning(subject, "SomethingHappened", "once");
    untilNothingWaits();

    assertThat(events())
        .singleElement()
        .satisfies(e -> assertThat(e.path("count").asInt()).isOne());
  }

  @ParameterizedTest
  @CsvSource({"403", "404", "422"})
  void isNotAskedAgainWhereTheAnswerIsNo(int answer) {
    answers.add(answer);

    recorder.warning(service("a"), "SomethingHappened", "once");

    assertThat(waiting).isEmpty();
    assertThat(events()).isEmpty();
  }

  @Test
  void isGivenUpInTheEnd() {
    for (int i = 0; i < 50; i++) {
      answers.add(500);
    }

    recorder.warning(service("a"), "SomethingHappened", "once");
    untilNothingWaits();

    assertThat(pauses).hasSize(11);
    assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus))
        .isBetween(Duration.ofMinutes(3), Duration.ofMinutes(6));
  }

  @ParameterizedTest
  @CsvSource({
    "1,PT0S,0,PT1S",
    "1,PT0S,1,PT1.5S",
    "2,PT0S,0,PT2S",
    "5,PT0S,0,PT16S",
    "6,PT0S,0,PT30S",
    "60,PT0S,0,PT30S",
    "1,PT10S,0,PT10S",
    "1,PT10S,1,PT10.5S",
    "9,PT1M,0,PT1M",
  })
  void waitsLongerEachTime(int attempt, Duration asked, double random, Duration pause) {
    assertThat(EventRecorder.pause(attempt, asked, random)).isEqualTo(pause);
  }

  @Test
  void anObjectWithoutANamespaceHasItsEventsWhereKubectlLooks() {
    Meta node = client.json().convertValue(Map.of("name", "node-1", "uid", "u-1"), Meta.class);

    recorder.normal(new EventRecorder.Subject("v1", "Node", node), "Kept", "it is busy");

    assertThat(client.list(EVENTS, "default", Map.of()).items())
        .singleElement()
        .satisfies(
            e -> assertThat(e.path("involvedObject").path("name").asString()).isEqualTo("node-1"));
  }
}
