package dev.ebb.cleanup.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.cleanup.World;
import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.ScaleDownPolicy.OnFailure;
import dev.ebb.cleanup.api.StatefulSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** R-B1 and R-B5, D22, D23, D26, T15: what may be a template, and what becomes of it. */
class CleanupPodTest {

  private static ObjectNode pod(World world) {
    StatefulSet set = world.read();
    Policy policy = AnnotatedPolicy.of(set);
    return CleanupPod.of(
        set, policy, Template.read(String.valueOf(policy.template()), set), 1, world.claims);
  }

  private static Template read(String text) {
    return Template.read(text, new World(1).read());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "{bad | JSON",
        "[a] | no pod",
        "x | no pod",
        "{} | no spec",
        "{'spec':{}} | spec.containers",
        "{'spec':{'containers':[]}} | spec.containers",
        "{'spec':{'containers':['x']}} | spec.containers",
        "{'spec':{'containers':[{'image':'x'}]}} | name",
        "{'spec':{'restartPolicy':'Always','containers':[{'name':'a'}]}} | write OnFailure",
        "{'metadata':{'labels':{'app':'web'}},'spec':{'containers':[{'name':'a'}]}} | selector",
        "{'metadata':{'labels':['x']},'spec':{'containers':[{'name':'a'}]}} | metadata.labels",
        "{'spec':{'volumes':[{'name':'v'},{'name':'v'}],'containers':[{'name':'a'}]}} | two volumes"
      })
  void saysWhatIsWrongWithATemplate(String template, String problem) {
    assertThat(read(template.replace('\'', '"')).problem()).contains(problem);
  }

  @Test
  void namesFieldsThatKubernetesDoesNotKnow() {
    Template template =
        read("{\"spec\":{\"container\":1,\"containers\":[{\"name\":\"a\",\"img\":\"x\"}]}}");

    assertThat(template.problem()).isNull();
    assertThat(template.unknown()).containsExactly("spec.container", "spec.containers[].img");
  }

  @Test
  void readsYaml() {
    Template template =
        read(
            """
            metadata:
              labels: {job: cleanup}
            spec:
              containers:
                - name: main
                  image: x
                  command: [sh, -c, "echo off"]
            """);

    assertThat(template.problem()).isNull();
    assertThat(template.containers()).containsExactly("main");
  }

  @Test
  void putsTheClaimInPlaceOfAVolumeOfItsName() {
    String template =
        "{\"spec\":{\"volumes\":[{\"name\":\"data\",\"emptyDir\":{}},{\"name\":\"tmp\",\"emptyDir\":{}}],\"containers\":[{\"name\":\"a\"}]}}";
    JsonNode volumes =
        pod(new World(1, 0, 1).annotate(Names.TEMPLATE, template)).path("spec").path("volumes");

    assertThat(volumes.valueStream().map(v -> v.path("name").asString("")))
        .containsExactly("tmp", "data");
    assertThat(volumes.path(1).has("emptyDir")).isFalse();
  }

  @Test
  void goesWithItsSetAndIsNotTakenForOneOfIts() {
    JsonNode owner = pod(new World(1, 0, 1)).path("metadata").path("ownerReferences").path(0);

    assertThat(owner.path("uid").asString("")).isEqualTo("uid-web");
    assertThat(owner.path("controller").asBoolean(true)).isFalse();
    assertThat(owner.path("blockOwnerDeletion").asBoolean(true)).isFalse();
  }

  /** Kubernetes would delete it together with the set, before it has done its work. */
  @Test
  void isNotOwnedByASetThatGoes() {
    assertThat(pod(new World(1, 0, 1).deleted()).path("metadata").has("ownerReferences")).isFalse();
  }

  @Test
  void tellsEachContainerWhoItIs() {
    World world = new World(3, 0, 1);
    world.spec().putObject("ordinals").put("start", 2);
    JsonNode env = pod(world).path("spec").path("containers").path(0).path("env");

    assertThat(
            env.valueStream()
                .filter(e -> e.has("value"))
                .map(e -> e.path("name").asString("") + "=" + e.path("value").asString("")))
        .containsExactly(
            "STS_NAME=web",
            "STS_NAMESPACE=ns",
            "STS_ORDINAL=1",
            "STS_REPLICAS=3",
            "STS_SERVICE_NAME=web-peers",
            "STS_START=2");
    assertThat(env.valueStream().map(e -> e.path("name").asString(""))).contains("POD_IP");
  }

  @Test
  void leavesWhatTheTemplateSaysItself() {
    String template =
        "{\"spec\":{\"restartPolicy\":\"Never\",\"hostname\":\"h\",\"serviceAccountName\":\"own\",\"containers\":[{\"name\":\"a\",\"terminationMessagePolicy\":\"File\",\"env\":[{\"name\":\"STS_NAME\",\"value\":\"mine\"}]}]}}";
    World world = new World(1, 0, 1).annotate(Names.TEMPLATE, template);
    world.spec().putObject("template").putObject("spec").put("serviceAccountName", "sets");
    JsonNode spec = pod(world).path("spec");

    assertThat(spec.path("restartPolicy").asString("")).isEqualTo("Never");
    assertThat(spec.path("hostname").asString("")).isEqualTo("h");
    assertThat(spec.path("serviceAccountName").asString("")).isEqualTo("own");
    assertThat(spec.path("containers").path(0).path("terminationMessagePolicy").asString(""))
        .isEqualTo("File");
    assertThat(
            spec.path("containers")
                .path(0)
                .path("env")
                .valueStream()
                .filter(e -> e.path("name").asString("").equals("STS_NAME"))
                .map(e -> e.path("value").asString("")))
        .containsExactly("mine");
  }

  @Test
  void takesOverWhatTheSetsPodsHave() {
    World world = new World(1, 0, 1);
    ObjectNode spec = world.spec().putObject("template").putObject("spec");
    spec.putArray("tolerations").addObject().put("key", "disk");
    spec.putObject("nodeSelector").put("disk", "fast");
    spec.putObject("securityContext").put("runAsUser", 7);
    spec.put("serviceAccountName", "web").put("priorityClassName", "high");
    JsonNode made = pod(world).path("spec");

    assertThat(made.path("tolerations").path(0).path("key").asString("")).isEqualTo("disk");
    assertThat(made.path("nodeSelector").path("disk").asString("")).isEqualTo("fast");
    assertThat(made.path("securityContext").path("runAsUser").asInt(0)).isEqualTo(7);
    assertThat(made.path("serviceAccountName").asString("")).isEqualTo("web");
    assertThat(made.path("priorityClassName").asString("")).isEqualTo("high");
    JsonNode less = pod(world.setting("inherit", "nodeSelector")).path("spec");
    assertThat(less.has("nodeSelector")).isTrue();
    assertThat(less.has("tolerations")).isFalse();
  }

  @Test
  void hasTheHostNameOfTheSetsPod() {
    JsonNode spec = pod(new World(1, 0, 1)).path("spec");

    assertThat(spec.path("hostname").asString("")).isEqualTo("web-1");
    assertThat(spec.path("subdomain").asString("")).isEqualTo("web-peers");
    assertThat(pod(new World(1, 0, 1).setting("stable-name", "false")).path("spec").has("hostname"))
        .isFalse();
  }

  @Test
  void keepsProxiesOut() {
    JsonNode meta = pod(new World(1, 0, 1)).path("metadata");

    assertThat(meta.path("labels").path("sidecar.istio.io/inject").asString("")).isEqualTo("false");
    assertThat(meta.path("annotations").path("sidecar.istio.io/inject").asString(""))
        .isEqualTo("false");
  }

  @Test
  void startsWithoutASuccess() {
    String template =
        "{\"metadata\":{\"annotations\":{\"%s\":\"data-web-1=uid-data-web-1\"}},\"spec\":{\"containers\":[{\"name\":\"a\"}]}}"
            .formatted(Names.SUCCEEDED);

    assertThat(
            pod(new World(1, 0, 1).annotate(Names.TEMPLATE, template))
                .path("metadata")
                .path("annotations")
                .has(Names.SUCCEEDED))
        .isFalse();
  }

  @Test
  void endsAtItsDeadline() {
    assertThat(
            pod(new World(1, 0, 1).setting("deadline", "2m"))
                .path("spec")
                .path("activeDeadlineSeconds")
                .asInt(0))
        .isEqualTo(120);
  }

  @Test
  void readsPoliciesAndTellsWhatItDoesNotUnderstand() {
    World world =
        new World(1)
            .setting("backoff-limit", "-1")
            .setting("on-failure", "explode")
            .setting("deadline", "soon")
            .setting("inherit", "tolerations, everything");
    Policy policy = AnnotatedPolicy.of(world.read());

    assertThat(policy.backoffLimit()).isEqualTo(6);
    assertThat(policy.onFailure()).isEqualTo(OnFailure.Hold);
    assertThat(policy.deadline()).isNull();
    assertThat(policy.inherit()).isEqualTo(List.of("tolerations"));
    assertThat(policy.findings()).hasSize(4).allMatch(f -> f.message().contains("; write "));
  }
}
