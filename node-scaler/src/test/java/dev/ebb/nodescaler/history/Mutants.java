package dev.ebb.nodescaler.history;

import dev.ebb.nodescaler.api.Node;
import dev.ebb.nodescaler.api.ServerPod;
import dev.ebb.nodescaler.plan.Belonging;
import dev.ebb.nodescaler.plan.Buffer;
import dev.ebb.nodescaler.plan.Decider;
import dev.ebb.nodescaler.plan.Decision;
import dev.ebb.nodescaler.plan.Memory;
import dev.ebb.nodescaler.plan.NodeView;
import dev.ebb.nodescaler.plan.Observed;
import dev.ebb.nodescaler.plan.Plan;
import dev.ebb.nodescaler.plan.Rules;
import dev.ebb.nodescaler.plan.Situation;
import dev.ebb.nodescaler.plan.Step;
import dev.ebb.runtime.kube.Meta;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** Faults that somebody might build in. */
final class Mutants {

  /** None. */
  static final Mutant NONE = new Mutant() {};

  private Mutants() {}

  static Map<String, Mutant> all() {
    Map<String, Mutant> all = new TreeMap<>();
    effects(all);
    seeing(all);
    deciding(all);
    return all;
  }

  /** What is done. */
  private static void effects(Map<String, Mutant> all) {
    all.put(
        "does not look at the pods before a node is deleted",
        new Mutant() {
          @Override
          public Response api(Interceptor.Chain chain) throws IOException {
            String selector = chain.request().url().queryParameter("fieldSelector");
            return selector != null && selector.startsWith("spec.nodeName=")
                ? nothing(chain)
                : chain.proceed(chain.request());
          }
        });
    all.put(
        "does not wait until a taint is heeded",
        decided(d -> with(d, shrinking(d.buffer(), Duration.ZERO), d.plan())));
    all.put(
        "marks again what is marked",
        new Mutant() {
          @Override
          public Decision decide(Situation s) {
            Decision d = Decider.decide(s);
            List<Step> steps = new ArrayList<>();
            for (NodeView node : views(d)) {
              if (node.mark() != null && node.deletingSince() == null) {
                steps.add(new Step.Unmark(node));
                steps.add(new Step.Mark(node));
              }
            }
            return steps(d, old -> old.isEmpty() ? steps : old);
          }
        });
  }

  /** What is seen. */
  private static void seeing(Map<String, Mutant> all) {
    all.put(
        "does not know who is a server",
        seen(s -> with(s, unserved(s.buffer()), s.nodes(), s.pods(), s.memory())));
    all.put(
        "takes nodes that are down for nodes that are up",
        seen(s ->
            with(
                s,
                s.buffer(),
                s.nodes().stream().map(n -> changed(n, n.spec(), true)).toList(),
                s.pods(),
                s.memory())));
    all.put(
        "does not see cordons",
        seen(s ->
            with(
                s,
                s.buffer(),
                s.nodes().stream()
                    .map(n ->
                        changed(
                            n,
                            new Node.Spec(false, n.spec().providerID(), n.spec().taints()),
                            false))
                    .toList(),
                s.pods(),
                s.memory())));
    all.put(
        "forgets what the cloud owes",
        seen(s -> {
          Memory m = s.memory();
          return with(
              s,
              s.buffer(),
              s.nodes(),
              s.pods(),
              new Memory(m.lastGrowth(), m.upcoming(), m.upcomingSince(), 99, null, 0));
        }));
    all.put("does not heed a pause", decided(d -> held(d, Optional.empty())));
  }

  /** What follows. */
  private static void deciding(Map<String, Mutant> all) {
    all.put("never grows", steps(s -> without(s, Step.Grow.class)));
    all.put("never takes a mark back", steps(s -> without(s, Step.Unmark.class)));
    all.put("never deletes", steps(s -> without(s, Step.Delete.class)));
    all.put("never marks", steps(s -> without(s, Step.Mark.class)));
    all.put(
        "grows by one more",
        steps(s ->
            s.stream()
                .map(step ->
                    step instanceof Step.Grow g ? new Step.Grow(g.from(), g.to() + 1) : step)
                .toList()));
    all.put(
        "forgets the fewest nodes",
        seen(s -> with(s, bounds(s.buffer(), 0, NodeWorld.MAX), s.nodes(), s.pods(), s.memory())));
    all.put(
        "forgets the most nodes",
        seen(s -> with(s, bounds(s.buffer(), NodeWorld.MIN, 99), s.nodes(), s.pods(), s.memory())));
    all.put(
        "takes the fullest out of use",
        new Mutant() {
          @Override
          public Decision decide(Situation s) {
            Decision d = Decider.decide(s);
            Optional<NodeView> fullest =
                views(d).stream()
                    .filter(n -> n.mark() == null && n.repels() == null && !n.going())
                    .max(Comparator.comparingInt(NodeView::protectedPods));
            return steps(
                d,
                old ->
                    old.stream()
                        .map(step ->
                            step instanceof Step.Mark && fullest.isPresent()
                                ? new Step.Mark(fullest.get())
                                : step)
                        .toList());
          }
        });
  }

  private static Response nothing(Interceptor.Chain chain) {
    return new Response.Builder()
        .request(chain.request())
        .protocol(Protocol.HTTP_1_1)
        .code(200)
        .message("")
        .body(
            ResponseBody.create(
                "{\"metadata\": {\"resourceVersion\": \"1\"}, \"items\": []}",
                MediaType.get("application/json")))
        .build();
  }

  private static Mutant seen(UnaryOperator<Situation> other) {
    return new Mutant() {
      @Override
      public Decision decide(Situation situation) {
        return Decider.decide(other.apply(situation));
      }
    };
  }

  private static Mutant decided(UnaryOperator<Decision> other) {
    return new Mutant() {
      @Override
      public Decision decide(Situation situation) {
        return other.apply(Decider.decide(situation));
      }
    };
  }

  private static Mutant steps(UnaryOperator<List<Step>> other) {
    return decided(d -> steps(d, other));
  }

  private static Decision steps(Decision d, Function<List<Step>, List<Step>> other) {
    Plan p = d.plan();
    return p == null
        ? d
        : with(
            d,
            d.buffer(),
            new Plan(
                other.apply(p.steps()),
                p.counts(),
                p.nodes(),
                p.limit(),
                p.memory(),
                p.lookAgain()));
  }

  private static List<Step> without(List<Step> steps, Class<? extends Step> kind) {
    return steps.stream().filter(step -> !kind.isInstance(step)).toList();
  }

  private static List<NodeView> views(Decision d) {
    Observed observed = d.observed();
    return observed == null ? List.of() : observed.nodes();
  }

  private static Decision with(
      Decision d, Buffer buffer, @org.jspecify.annotations.Nullable Plan plan) {
    return new Decision(
        buffer,
        d.belonging(),
        d.observed(),
        plan,
        d.strays(),
        d.held(),
        d.resume(),
        d.cloudProblem(),
        d.now());
  }

  private static Decision held(Decision d, Optional<dev.ebb.nodescaler.plan.Held> held) {
    return new Decision(
        d.buffer(),
        d.belonging(),
        d.observed(),
        d.plan(),
        d.strays(),
        held,
        d.resume(),
        d.cloudProblem(),
        d.now());
  }

  private static Situation with(
      Situation s,
      Buffer buffer,
      Collection<Node> nodes,
      Collection<ServerPod> pods,
      Memory memory) {
    return new Situation(
        buffer, s.all(), nodes, pods, s.cloud(), s.cloudProblem(), memory, s.freeze(), s.now());
  }

  private static Buffer with(
      Buffer b, Belonging belonging, @org.jspecify.annotations.Nullable Rules rules) {
    return new Buffer(
        b.key(),
        b.uid(),
        b.created(),
        belonging,
        b.pool(),
        rules,
        b.mode(),
        b.pause(),
        b.findings());
  }

  private static Buffer unserved(Buffer b) {
    Belonging o = b.belonging();
    return with(
        b,
        new Belonging(
            o.buffer(),
            o.nodes(),
            labels -> false,
            null,
            o.others(),
            o.tolerations(),
            o.kubescaler()),
        b.rules());
  }

  private static Buffer bounds(Buffer b, int min, int max) {
    Rules r = b.rules();
    return r == null
        ? b
        : with(
            b,
            b.belonging(),
            new Rules(
                r.slot(),
                r.slots(),
                r.percent(),
                r.reservations(),
                min,
                max,
                r.template(),
                r.timing(),
                r.shrinking()));
  }

  private static Buffer shrinking(Buffer b, Duration settle) {
    Rules r = b.rules();
    if (r == null) {
      return b;
    }
    Rules.Shrinking s = r.shrinking();
    return with(
        b,
        b.belonging(),
        new Rules(
            r.slot(),
            r.slots(),
            r.percent(),
            r.reservations(),
            r.min(),
            r.max(),
            r.template(),
            r.timing(),
            new Rules.Shrinking(
                s.enabled(),
                settle,
                s.delayAfterAdd(),
                s.hysteresisNodes(),
                settle,
                s.atOnce(),
                s.percentAtOnce(),
                s.othersDrained())));
  }

  private static Node changed(Node n, Node.Spec spec, boolean up) {
    Meta meta = n.metadata();
    return new Node(
        meta,
        spec,
        up
            ? new Node.Status(
                n.status().allocatable(),
                n.status().conditions().stream()
                    .map(c ->
                        new dev.ebb.runtime.model.Condition(
                            c.type(),
                            "True",
                            c.reason(),
                            c.message(),
                            c.observedGeneration(),
                            c.lastTransitionTime()))
                    .toList())
            : n.status());
  }
}
