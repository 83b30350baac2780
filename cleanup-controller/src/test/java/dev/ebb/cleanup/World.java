package dev.ebb.cleanup;

import dev.ebb.cleanup.api.Claim;
import dev.ebb.cleanup.api.Names;
import dev.ebb.cleanup.api.ScaleDownCleanup;
import dev.ebb.cleanup.api.ScaleDownCleanup.State;
import dev.ebb.cleanup.api.ScaleDownPolicy;
import dev.ebb.cleanup.api.SetPod;
import dev.ebb.cleanup.api.StatefulSet;
import dev.ebb.cleanup.plan.Observed;
import dev.ebb.cleanup.plan.Plan;
import dev.ebb.cleanup.plan.Planner;
import dev.ebb.cleanup.plan.Step;
import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.freeze.Freeze;
import dev.ebb.scaler.ResourceKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the planner sees, as the API server would say it: the set {@code web} with the claim
 * template {@code data}, one replica, and whatever a test adds or changes.
 */
public final class World {

  /** Reads objects as the service does. */
  public static final JsonMapper JSON = RuntimeAutoConfiguration.kubernetesJson();

  /** When everything happens. */
  public static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

  /** A cleanup pod that does nothing. */
  public static final String TEMPLATE =
      "{'metadata':{'labels':{'job':'cleanup'}},'spec':{'containers':[{'name':'main','image':'x'}]}}"
          .replace('\'', '"');

  /** A pod's status before it began. */
  public static final String NEVER_RAN = "{'phase': 'Pending'}";

  /** A pod's status while it runs. */
  public static final String RUNS =
      "{'phase': 'Running', 'containerStatuses': [{'name': 'main', 'state': {'running': {}}}]}";

  /** A pod's status when it has failed. */
  public static final String FAILED =
      "{'phase': 'Failed', 'containerStatuses': [{'name': 'main', 'state': {'terminated':"
          + " {'exitCode': 3, 'message': 'no peer'}}}]}";

  /** The set, to be changed. */
  public final ObjectNode set;

  /** Other sets of the namespace. */
  public final List<StatefulSet> others = new ArrayList<>();

  /** Pods. */
  public final List<SetPod> pods = new ArrayList<>();

  /** Claims. */
  public final List<Claim> claims = new ArrayList<>();

  /** What is remembered. */
  public final List<ScaleDownCleanup> records = new ArrayList<>();

  /** What is wanted. */
  public final List<ScaleDownPolicy> policies = new ArrayList<>();

  /** What freezes the namespace. */
  public Optional<Freeze> freeze = Optional.empty();

  /** Who holds the predecessor's lock. */
  public @Nullable String predecessor;

  /** The time. */
  public Instant now = NOW;

  /** Makes the world. */
  public World(int replicas, int... ordinals) {
    set = set("web", "data");
    spec().put("replicas", replicas);
    annotate(Names.TEMPLATE, TEMPLATE);
    for (int ordinal : ordinals) {
      claim("data-web-" + ordinal);
    }
  }

  /** Returns a set with a claim template. */
  public static ObjectNode set(String name, String template) {
    return object(
        """
        {'apiVersion': 'apps/v1', 'kind': 'StatefulSet',
         'metadata': {'name': '%s', 'namespace': 'ns', 'uid': 'uid-%s', 'resourceVersion': '1',
           'generation': 1, 'annotations': {}, 'finalizers': []},
         'spec': {'replicas': 1, 'serviceName': '%s-peers', 'selector': {'matchLabels': {'app': '%s'}},
           'volumeClaimTemplates': [{'metadata': {'name': '%s'}}]},
         'status': {'observedGeneration': 1}}
        """
            .formatted(name, name, name, name, template));
  }

  /** Reads JSON with single quotes. */
  public static ObjectNode object(String text) {
    return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
  }

  /** Returns the spec. */
  public ObjectNode spec() {
    return (ObjectNode) set.path("spec");
  }

  /** Annotates the set. */
  public World annotate(String key, @Nullable String value) {
    ObjectNode notes = (ObjectNode) set.path("metadata").path("annotations");
    if (value == null) {
      notes.remove(key);
    } else {
      notes.put(key, value);
    }
    return this;
  }

  /** Annotates the set with a setting of Ebb's. */
  public World setting(String name, String value) {
    return annotate("ebb.dev/cleanup-" + name, value);
  }

  /** Adds a ScaleDownPolicy of the set; {@code more} goes into its spec. */
  public World policy(String name, String more) {
    policies.add(
        JSON.treeToValue(
            object(
                "{'metadata': {'name': '%s', 'namespace': 'ns', 'uid': 'uid-%s', 'resourceVersion': '1', 'generation': 1, 'creationTimestamp': '2026-03-0%dT00:00:00Z'}, 'spec': {'statefulSet': 'web' %s}}"
                    .formatted(name, name, policies.size() + 1, more.isEmpty() ? "" : ", " + more)),
            ScaleDownPolicy.class));
    return this;
  }

  /** Makes pods come and go all at once. */
  public World parallel() {
    spec().put("podManagementPolicy", "Parallel");
    return this;
  }

  /** Asks for the set's deletion. */
  public World deleted() {
    ((ObjectNode) set.path("metadata")).put("deletionTimestamp", NOW.toString());
    return this;
  }

  /** Puts a finalizer on the set. */
  public World finalizer(String name) {
    set.path("metadata").withArrayProperty("finalizers").add(name);
    return this;
  }

  /** Adds a claim of the set. */
  public World claim(String name) {
    return claim(name, "uid-" + name, "'labels': {'app': 'web'}");
  }

  /** Adds a claim; {@code more} goes into its metadata. */
  public World claim(String name, String uid, String more) {
    claims.removeIf(c -> c.metadata().name().equals(name));
    claims.add(
        JSON.treeToValue(
            object(
                "{'metadata': {'name': '%s', 'namespace': 'ns', 'uid': '%s', 'resourceVersion': '1', 'creationTimestamp': '2026-03-01T00:00:00Z', %s}, 'status': {'capacity': {'storage': '1Mi'}}}"
                    .formatted(name, uid, more)),
            Claim.class));
    return this;
  }

  /** Lets a claim be on its way out. */
  public World terminating(String name) {
    return claim(
        name,
        "uid-" + name,
        "'labels': {'app': 'web'}, 'deletionTimestamp': '2026-03-10T11:00:00Z'");
  }

  /** Adds a pod of the set itself. */
  public World regular(int ordinal, boolean ready) {
    return pod(
        ordinal,
        "'labels': {'app': 'web'}, 'ownerReferences': [{'apiVersion': 'apps/v1', 'kind':"
            + " 'StatefulSet', 'name': 'web', 'uid': 'uid-web', 'controller': true}]",
        "{'phase': 'Running', 'conditions': [{'type': 'Ready', 'status': '%s'}]}"
            .formatted(ready ? "True" : "False"));
  }

  /** Adds a cleanup pod in a phase. */
  public World cleanup(int ordinal, String phase) {
    return cleanup(ordinal, "", "{'phase': '%s'}".formatted(phase));
  }

  /** Adds a cleanup pod; {@code notes} go into its annotations. */
  public World cleanup(int ordinal, String notes, String status) {
    return pod(
        ordinal,
        "'creationTimestamp': '2026-03-10T11:59:00Z', 'annotations': {'%s': 'web', '%s': 'uid-web', '%s': 'data-web-%d=uid-data-web-%d', '%s': 'main' %s}"
            .formatted(
                Names.OWNER,
                Names.SET_UID,
                Names.CLAIMS,
                ordinal,
                ordinal,
                Names.CONTAINERS,
                notes.isEmpty() ? "" : ", " + notes),
        status);
  }

  /** Returns the annotation of a recorded success. */
  public static String succeeded(int ordinal) {
    return "'%s': 'data-web-%d=uid-data-web-%d'".formatted(Names.SUCCEEDED, ordinal, ordinal);
  }

  /** Adds a pod; {@code meta} goes into its metadata. */
  public World pod(int ordinal, String meta, String status) {
    pods.removeIf(p -> p.metadata().name().equals("web-" + ordinal));
    pods.add(
        JSON.treeToValue(
            object(
                "{'metadata': {'name': 'web-%d', 'namespace': 'ns', 'uid': 'pod-%d', 'resourceVersion': '1', %s}, 'spec': {'containers': [{'name': 'main'}]}, 'status': %s}"
                    .formatted(ordinal, ordinal, meta, status)),
            SetPod.class));
    return this;
  }

  /** Adds what is remembered of an ordinal; {@code more} goes into its status. */
  public World record(int ordinal, State state, String reason, String more) {
    return record(ordinal, state, reason, more, "");
  }

  /** The same with a request. */
  public World record(int ordinal, State state, String reason, String more, String request) {
    records.removeIf(r -> r.spec().ordinal() == ordinal);
    records.add(
        JSON.treeToValue(
            object(
                "{'metadata': {'name': 'web-%d', 'namespace': 'ns', 'uid': 'rec-%d', 'resourceVersion': '1', 'generation': 1, 'annotations': {%s}}, 'spec': {'statefulSet': 'web', 'statefulSetUid': 'uid-web', 'ordinal': %d}, 'status': {'state': '%s', 'reason': '%s', 'message': 'm' %s}}"
                    .formatted(
                        ordinal,
                        ordinal,
                        request.isEmpty() ? "" : "'" + Names.REQUEST + "': '" + request + "'",
                        ordinal,
                        state,
                        reason,
                        more.isEmpty() ? "" : ", " + more)),
            ScaleDownCleanup.class));
    return this;
  }

  /** Returns the set as it is read. */
  public StatefulSet read() {
    return JSON.treeToValue(set, StatefulSet.class);
  }

  /** Returns what the planner sees. */
  public Observed observed() {
    StatefulSet own = read();
    List<StatefulSet> sets = new ArrayList<>(others);
    sets.add(own);
    return new Observed(
        new ResourceKey("ns", "web"),
        own,
        sets,
        pods,
        claims,
        records,
        policies,
        freeze,
        predecessor,
        now);
  }

  /** Decides. */
  public Plan plan() {
    return Planner.plan(observed());
  }

  /** Returns the steps in words, notes aside. */
  public List<String> steps() {
    return plan().steps().stream()
        .filter(step -> !(step instanceof Step.Note))
        .map(World::words)
        .toList();
  }

  /** Returns a step in words. */
  public static String words(Step step) {
    return switch (step) {
      case Step.AddFinalizer add -> "add finalizer";
      case Step.RemoveFinalizer remove -> "remove finalizer";
      case Step.SetBaseline baseline -> "baseline " + baseline.uids();
      case Step.Note note -> "note " + note.ordinal() + " " + note.status().state();
      case Step.CreatePod create -> "create " + create.ordinal();
      case Step.RecordSuccess success -> "succeeded " + success.success().text();
      case Step.DeleteClaim delete -> "delete claim " + delete.claim().metadata().name();
      case Step.DeletePod delete -> "delete pod " + delete.pod().metadata().name();
      case Step.Touch touch -> "touch";
      case Step.ClearRequest clear -> "clear request";
      case Step.DropRecord drop -> "drop record";
      case Step.Report report -> "report " + report.status().state();
    };
  }

  /** Returns the state that is decided for an ordinal, and why. */
  public String state(int ordinal) {
    return plan().ordinals().stream()
        .filter(o -> o.ordinal() == ordinal)
        .map(o -> String.valueOf(o.state()))
        .findFirst()
        .orElse("nothing");
  }

  /** Returns the reasons of all findings. */
  public List<String> findings() {
    return plan().findings().stream().map(f -> f.reason()).toList();
  }
}
