package dev.ebb.localcluster.junit;

import dev.ebb.localcluster.Cluster;
import dev.ebb.localcluster.ClusterException;
import dev.ebb.localcluster.Clusters;
import dev.ebb.localcluster.Environment;
import dev.ebb.localcluster.NotPossibleException;
import dev.ebb.localcluster.Options;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/** What {@link WithCluster} does. */
final class ClusterExtension
    implements ExecutionCondition,
        BeforeAllCallback,
        ParameterResolver,
        TestExecutionExceptionHandler,
        LifecycleMethodExecutionExceptionHandler {

  private static final Namespace OURS = Namespace.create(ClusterExtension.class);
  private static final int LONGEST_PREFIX = 40;

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Optional<String> impossible = Clusters.impossible(options(context).pods());
    return impossible.isPresent() && !Environment.system().requiresPods()
        ? ConditionEvaluationResult.disabled(impossible.get())
        : ConditionEvaluationResult.enabled("a cluster is possible, or required");
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    Clusters.impossible(options(context).pods())
        .ifPresent(why -> {
          throw new ClusterException(why);
        });
    try {
      ClassNamespace namespace = namespace(context); // now, not within the first test's time
      assert !namespace.name().isEmpty();
    } catch (NotPossibleException impossible) {
      throw skipped(impossible);
    }
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw skipped(failure);
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw skipped(failure);
  }

  @Override
  public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw skipped(failure);
  }

  /** What this cluster cannot do is no failure of what is tested. */
  private static Throwable skipped(Throwable failure) {
    return failure instanceof NotPossibleException impossible ? skipped(impossible) : failure;
  }

  private static RuntimeException skipped(NotPossibleException impossible) {
    return Environment.system().requiresPods()
        ? impossible
        : new TestAbortedException(impossible.getMessage(), impossible);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Cluster.class || type == TestNamespace.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Cluster.class
        ? cluster(context)
        : new TestNamespace(namespace(context).name());
  }

  /** The JVM's cluster; it ends with the root context, after the last class. */
  private static Cluster cluster(ExtensionContext context) {
    context
        .getRoot()
        .getStore(OURS)
        .computeIfAbsent(SharedCluster.class, key -> new SharedCluster(), SharedCluster.class);
    return Clusters.shared(options(context));
  }

  /** The outermost class's namespace; it ends with that class's context. */
  private static ClassNamespace namespace(ExtensionContext context) {
    return context
        .getStore(OURS)
        .computeIfAbsent(
            ClassNamespace.class,
            key -> ClassNamespace.create(cluster(context), context.getRequiredTestClass()),
            ClassNamespace.class);
  }

  private static Options options(ExtensionContext context) {
    WithCluster wanted = annotation(context);
    return Options.owned().withPods(wanted.pods()).withControllers(wanted.controllers());
  }

  private static WithCluster annotation(ExtensionContext context) {
    return Stream.<Class<?>>iterate(
            context.getRequiredTestClass(), c -> c != null, Class::getEnclosingClass)
        .flatMap(c -> Optional.ofNullable(c.getAnnotation(WithCluster.class)).stream())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no @WithCluster"));
  }

  /** Ends the shared clusters when JUnit closes its root store. */
  private record SharedCluster() implements AutoCloseable {
    @Override
    public void close() {
      Clusters.stopShared();
    }
  }

  /** A namespace that is deleted when JUnit closes the class's store. */
  private record ClassNamespace(Cluster cluster, String name) implements AutoCloseable {

    static ClassNamespace create(Cluster cluster, Class<?> test) {
      String name = nameFor(test, ThreadLocalRandom.current().nextInt(36 * 36 * 36));
      cluster.kubectl("create", "namespace", name).orThrow();
      return new ClassNamespace(cluster, name);
    }

    @Override
    public void close() {
      cluster.kubectl("delete", "namespace", name, "--wait=false", "--ignore-not-found");
    }
  }

  /** A DNS label made of the class's name and a suffix. */
  static String nameFor(Class<?> test, int random) {
    String words =
        test.getSimpleName()
            .replaceAll("([a-z0-9])([A-Z])", "$1-$2")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9-]", "");
    String prefix = words.substring(0, Math.min(words.length(), LONGEST_PREFIX));
    return prefix + "-" + Integer.toString(random, 36);
  }
}
