package dev.ebb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
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

  @Test
  void poolsAreATableOfTheirOwn() {
    JsonNode list =
        json(
            """
            [{"namespace":"a","name":"builds","strategy":"Sticky","mode":"Paused","services":8,
              "pods":4,"eligible":3,"imbalance":1,"message":"spec.mode is Paused"}]
            """);

    assertThat(printed(out -> Pools.list(out, list, true)))
        .isEqualTo(
            """
            NAMESPACE   POOL             STRATEGY          SERVICES   PODS   IMBALANCE   WHY
            a           svcpool/builds   Sticky (paused)   8          3/4    1           spec.mode is Paused
            """);
  }

  @Test
  void whyShowsEachPodOfAPoolWithItsServices() {
    JsonNode why =
        json(
            """
            {"message":"3 Services are shared out among 2 pods","changes":["svc-2: b-2 -> b-0 (gone)"],
             "deferred":1,"lookAgainAt":"2026-03-01T12:00:00Z","findings":[],
             "refused":["svc-9: it is headless"],
             "pods":{"b-0":"ELIGIBLE","b-1":"WARMING"},
             "map":{"svc-0":"b-0","svc-1":"b-0","svc-2":"b-2","svc-3":null}}
            """);

    assertThat(printed(out -> Pools.explain(out, "a/svcpool/builds", why)))
        .isEqualTo(
            """
            a/svcpool/builds: 3 Services are shared out among 2 pods
            Writes:    svc-2: b-2 -> b-0 (gone)
            Later:     1 more
            Decides:   on every change, and at 2026-03-01T12:00:00Z
            Refused:   svc-9: it is headless

            POD   STANDING   SERVICES
            b-0   eligible   svc-0 svc-1
            b-1   warming    -
            -     gone       svc-3
            b-2   gone       svc-2
            """);
  }

  @Test
  void buffersAreATableOfTheirOwn() {
    JsonNode list =
        json(
            """
            [{"namespace":"games","name":"arena","provider":"digitalocean","mode":"Observe","ready":false,
              "message":"3 of 4 slots are free","free":3,"desired":4,"pending":0,"used":17,"coming":10,
              "nodes":3,"draining":1,"min":2,"max":6}]
            """);

    assertThat(printed(out -> Buffers.list(out, list, true)))
        .isEqualTo(
            """
            NAMESPACE   BUFFER                 FREE   PENDING   COMING   USED   NODES      DRAINING   WHY
            games       nbuf/arena (observe)   3/4    0         10       17     3 of 2-6   1          3 of 4 slots are free
            """);
  }

  @Test
  void whyShowsEachNodeOfABuffer() {
    JsonNode why =
        json(
            """
            {"message":"13 of 4 slots are free","held":null,
             "counts":{"free":13,"starting":0,"upcoming":0,"pending":0,"used":17,"desired":4,"perNode":10},
             "size":3,"cloudProblem":null,"limit":null,"steps":["node n2 out of use"],
             "nodes":[{"name":"n1","state":"Active","free":1,"stays":"Needed","detail":""},
               {"name":"n2","state":"Draining","free":9,"stays":"ProtectedPod","detail":"games/a"}],
             "findings":[],"lookAgainAt":"2026-03-01T12:00:00Z"}
            """);

    assertThat(printed(out -> Buffers.explain(out, "games/nbuf/arena", why)))
        .isEqualTo(
            """
            games/nbuf/arena: 13 of 4 slots are free
            Does now:  node n2 out of use
            Slots:     13 free of 4 wanted, 0 start, 0 asked for, 0 wait, 17 used, 10 a new node
            Cloud:     3 nodes
            Decides:   on every change, and at 2026-03-01T12:00:00Z

            NODE   STATE      FREE   STAYS          DETAIL
            n1     Active     1      Needed         -
            n2     Draining   9      ProtectedPod   games/a
            """);
  }

  @Test
  void aSimulationOfABufferSaysWhatWouldBeDone() {
    JsonNode answer =
        json(
            """
            {"at":"2026-12-24T19:00:00Z","servers":50,"limit":"MaxReached","steps":["size 3 -> 6"],
             "counts":{"free":13,"starting":0,"upcoming":0,"pending":50,"used":17,"desired":4,"perNode":10}}
            """);

    assertThat(printed(out -> Buffers.simulation(out, answer)))
        .isEqualTo(
            """
            With 50 more servers, at 2026-12-24T19:00:00Z:
            Would do:  size 3 -> 6
            Slots:     13 free of 4 wanted, 0 start, 0 asked for, 50 wait, 17 used, 10 a new node
            Limit:     MaxReached
            """);
  }

  @Test
  void aSimulationSaysWhatWouldMove() {
    JsonNode answer =
        json("{\"pods\":2,\"moves\":1,\"map\":{\"svc-0\":\"b-0\",\"svc-1\":\"b-1\"}}");

    assertThat(printed(out -> Pools.simulation(out, answer)))
        .isEqualTo(
            """
            With 2 pods 1 of 2 Services would move.

            POD   SERVICES
            b-0   svc-0
            b-1   svc-1
            """);
  }

  @Test
  void schedulesAreATableOfTheirOwn() {
    JsonNode list =
        json(
            """
            [{"namespace":"a","name":"shop","mode":"Enforce","ready":true,"active":"default",
              "config":{"minReplicas":4,"maxReplicas":8},
              "next":{"at":"2026-03-01T10:30:00Z","to":"evening: min 3"},"message":"all is well"},
             {"namespace":"a","name":"bag","mode":"Paused","ready":false,"active":null,
              "config":null,"next":null,"message":"resume it"}]
            """);

    assertThat(printed(out -> Schedules.list(out, Kind.SERVICE_SCALER, list, false)))
        .isEqualTo(
            """
            SCHEDULE   ACTIVE     MIN   MAX   NEXT                                  WHY
            ss/shop    default    4     8     2026-03-01T10:30:00Z evening: min 3   all is well
            ss/bag     (paused)   -     -     -                                     resume it
            """);
    assertThat(StatusCommand.together(Map.of(Kind.SERVICE_SCALER, list)).get(0).toString())
        .startsWith("{\"kind\":\"ServiceScaler\",\"namespace\"");
  }

  @Test
  void whyOfAScheduleShowsWhatHoldsAndWhatComes() {
    JsonNode why =
        json(
            """
            {"at":"2026-03-01T10:00:00Z","decision":"change the HPA: min 4 → 3","held":null,
             "range":null,"scheduled":{"min":4,"max":8,"cpu":50,"memory":0},
             "inForce":{"min":3,"max":8,"cpu":50,"memory":0},
             "next":{"at":"2026-03-01T10:30:00Z","range":"evening","values":{"min":3,"max":8}},
             "findings":["spec.hpa: is odd"],"lookAgainAt":"2026-03-01T10:05:00Z"}
            """);

    assertThat(printed(out -> Schedules.explain(out, "a/ss/shop", why)))
        .isEqualTo(
            """
            a/ss/shop: change the HPA: min 4 → 3
            Range:     default
            Scheduled: min 4, max 8, cpu 50%, memory off
            In force:  min 3, max 8, cpu 50%, memory off
            Next:      2026-03-01T10:30:00Z evening: min 3, max 8
            Decides:   on every change, and at 2026-03-01T10:05:00Z
            Problem:   spec.hpa: is odd
            """);
  }

  @Test
  void cleanupsAreATableOfTheirOwn() {
    JsonNode list =
        json(
            """
            [{"namespace":"a","name":"broker-2","statefulSet":"broker","ordinal":2,"state":"Retrying",
              "reason":"CleanupFailed","message":"pod broker-2 failed","attempts":3,
              "nextAttemptAt":"2026-03-01T10:30:00Z"},
             {"namespace":"a","name":"broker-1","state":"Waiting","message":"others are cleaned up before",
              "attempts":0,"nextAttemptAt":null}]
            """);

    assertThat(printed(out -> Cleanups.list(out, list, false)))
        .isEqualTo(
            """
            CLEANUP        STATE      FAILED   NEXT                   WHY
            sdc/broker-2   Retrying   3        2026-03-01T10:30:00Z   pod broker-2 failed
            sdc/broker-1   Waiting    -        -                      others are cleaned up before
            """);
  }

  @Test
  void whyOfACleanupShowsWhatIsDone() {
    JsonNode why =
        json(
            """
            {"state":"Finishing","message":"cleaned up",
             "steps":["delete claim data-broker-2","delete pod broker-2"],
             "findings":["annotation x cannot be used"],"lookAgainAt":"2026-03-01T10:05:00Z"}
            """);

    assertThat(printed(out -> Cleanups.explain(out, "a/sdc/broker-2", why)))
        .isEqualTo(
            """
            a/sdc/broker-2: cleaned up
            State:     Finishing
            Does now:  delete claim data-broker-2, delete pod broker-2
            Decides:   on every change, and at 2026-03-01T10:05:00Z
            Problem:   annotation x cannot be used
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "shop,SCALED_RESOURCE,shop",
    "sr/shop,SCALED_RESOURCE,shop",
    "scaledresource.ebb.dev/shop,SCALED_RESOURCE,shop",
    "ss/shop,SERVICE_SCALER,shop",
    "ssched/shop,SCALING_SCHEDULE,shop",
    "scalingschedules.ebb.dev/shop,SCALING_SCHEDULE,shop",
    "sdc/shop-2,SCALE_DOWN_CLEANUP,shop-2",
    "scaledowncleanup.ebb.dev/shop-2,SCALE_DOWN_CLEANUP,shop-2",
    "servicescalers/shop,SERVICE_SCALER,shop",
    "servicescaler.scaler.udaan.io/shop,SERVICE_SCALER,shop",
    "pod/shop,SCALED_RESOURCE,pod/shop"
  })
  void aNameMayBeginWithItsKind(String text, Kind kind, String name) {
    assertThat(Kind.read(text)).isEqualTo(new Kind.Named(kind, name));
  }

  @Test
  void aTimelineIsATableWithAChart() {
    JsonNode simulation =
        json(
            """
            {"timeline":[
               {"at":"2026-03-10T12:00:00Z","window":null,"values":{"min":4,"max":9,"cpu":60,"memory":null}},
               {"at":"2026-03-10T21:00:00Z","window":"night","values":{"min":1,"max":9,"cpu":0,"memory":null}}],
             "complete":false,"gaps":[],"dead":["sale"]}
            """);

    assertThat(printed(out -> Timeline.print(out, simulation)))
        .isEqualTo(
            """
            AT                     WINDOW     MIN   MAX   CPU   MEMORY   MIN # MAX -
            2026-03-10T12:00:00Z   baseline   4     9     60%   -        ####-----
            2026-03-10T21:00:00Z   night      1     9     off   -        #--------
            … and more: ask for a shorter time
            Sets nothing in that time: sale
            """);
  }

  @Test
  void whatIsInstalledIsAskedFor() {
    Kubectl.Result all =
        new Kubectl.Result(
            0,
            "ebb-autoscaler 1/1\nebb-time-scaler /1\nebb-cleanup-controller 1/1\n"
                + "ebb-selector-operator 1/1\nebb-node-scaler 1/1\n",
            "");
    Kubectl.Result clock = new Kubectl.Result(0, "ebb-time-scaler 1/1\n", "");
    Kubectl.Result unknown = new Kubectl.Result(1, "", "forbidden");

    assertThat(StatusCommand.installed("ebb", all)).containsExactly(Kind.values());
    assertThat(StatusCommand.installed("ebb", clock))
        .containsExactly(Kind.SERVICE_SCALER, Kind.SCALING_SCHEDULE);
    assertThat(StatusCommand.installed("ebb", unknown)).containsExactly(Kind.SCALED_RESOURCE);
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
