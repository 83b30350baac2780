package dev.ebb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PrintingTest {

  private static final JsonNode LIST =
      json(
          """
          [{"namespace":"a","name":"shop","target":"Deployment/shop","mode":"Enforce",
            "state":"Awake","replicas":2,"frozen":false,
            "next":{"to":"Asleep","reason":"IdleAfter"},
            "message":"awake; sleeps after 10m without traffic"},
           {"namespace":"b","name":"basket","target":"StatefulSet/basket","mode":"Paused",
            "state":"Awake","replicas":1,"frozen":false,
            "next":{"at":"2026-03-01T12:00:00Z","to":"Resumed","reason":"PauseEnds"},
            "message":"awake; paused until 2026-03-01T12:00:00Z"},
           {"namespace":"b","name":"x","mode":"Enforce","state":"Unknown","replicas":null,
            "frozen":true,"next":null,"message":"spec.targetRef: nothing"}]
          """);

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  private static String printed(Consumer<PrintWriter> what) {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    what.accept(writer);
    writer.flush();
    return out.toString().replace(System.lineSeparator(), "\n");
  }

  @Test
  void statusIsATable() {
    assertThat(printed(out -> StatusCommand.resources(out, LIST, "", true)))
        .isEqualTo(
            """
            NAMESPACE   NAME     TARGET               STATE              REPLICAS   NEXT                             WHY
            a           shop     Deployment/shop      Awake              2          Asleep (IdleAfter)               awake; sleeps after 10m without traffic
            b           basket   StatefulSet/basket   Awake (paused)     1          Resumed (2026-03-01T12:00:00Z)   awake; paused until 2026-03-01T12:00:00Z
            b           x        -                    Unknown (frozen)   -          -                                spec.targetRef: nothing
            """);
  }

  @Test
  void ofOneNamespaceItNamesNone() {
    assertThat(printed(out -> StatusCommand.resources(out, LIST, "a", false)))
        .startsWith("NAME     TARGET ");
  }

  @Test
  void whereThereIsNothingItSaysHowToBegin() {
    assertThat(printed(out -> StatusCommand.resources(out, json("[]"), "shop", false)))
        .contains("namespace shop", "ebb.dev/scale-to-zero");
  }

  @Test
  void servicesThatMayNotBeSeenAreLeftOut() {
    assertThat(printed(out -> StatusCommand.services(out, new Kubectl.Result(1, "", "forbidden"))))
        .isEmpty();
    assertThat(
            printed(out ->
                StatusCommand.services(
                    out, new Kubectl.Result(0, "ebb-autoscaler 1/1\nebb-dlx-gateway /2\n", ""))))
        .isEqualTo(
            """
            SERVICE           READY
            ebb-autoscaler    1/1
            ebb-dlx-gateway   0/2

            """);
  }

  @Test
  void whyShowsTheDecisionAndEveryGate() {
    JsonNode why =
        json(
            """
            {"state":"Awake","message":"awake; sleeps after 1h without traffic","decision":[],
             "shut":["Idle"],"lookAgainIn":"59m","next":{"to":"Asleep","reason":"IdleAfter"},
             "gates":[{"name":"Mode","open":true,"detail":"spec.mode is Enforce"},
                      {"name":"Idle","open":false,"detail":"last active 11:00",
                       "opensAt":"2026-03-01T12:00:00Z"}],
             "problems":[{"reason":"MinAboveZero","message":"set it to 0"}]}
            """);

    assertThat(printed(out -> WhyCommand.explain(out, "a/shop", why)))
        .isEqualTo(
            """
            a/shop: awake; sleeps after 1h without traffic
            State:     Awake
            Does now:  nothing
            Next:      Asleep (IdleAfter)
            Decides:   on every change, and in 59m
            Problem:   MinAboveZero: set it to 0

            MAY SLEEP   GATE   DETAIL
            yes         Mode   spec.mode is Enforce
            no          Idle   last active 11:00 (opens at 2026-03-01T12:00:00Z)
            """);
  }

  @ParameterizedTest
  @CsvSource({"json,'\"state\" : \"Awake\"'", "yaml,'state: Awake'"})
  void formsForMachinesHoldWhatTheApiAnswers(String form, String part) {
    Output output = new Output();
    new CommandLine(new Holder(output)).parseArgs("-o", form);

    assertThat(printed(out -> output.print(out, LIST.get(0), people -> {}))).contains(part);
  }

  @CommandLine.Command
  private static final class Holder {
    @CommandLine.Mixin private final Output output;

    private Holder(Output output) {
      this.output = output;
    }
  }

  @ParameterizedTest
  @CsvSource({"400,1", "403,1", "404,1", "409,1", "500,3", "503,3"})
  void aProblemIsToldInItsOwnWords(int status, int exitCode) {
    CliException told =
        AdminApi.refused(status, json("{\"detail\":\"resume it\",\"reason\":\"Paused\"}"));

    assertThat(told).hasMessage("resume it (" + status + " Paused)");
    assertThat(told.exitCode()).isEqualTo(exitCode);
  }
}
