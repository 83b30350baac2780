package dev.ebb.localcluster.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class the JVM's shared cluster, and a namespace of its own that lives as long as the
 * class's tests. Parameters of type {@link dev.ebb.localcluster.Cluster} and {@link TestNamespace}
 * are filled in.
 *
 * <p>Where no such cluster is possible the tests are skipped with the reason, and so is a test that
 * asks its cluster for what only another kind can do ({@link
 * dev.ebb.localcluster.NotPossibleException}); with {@code EBB_REQUIRE_PODS=1} or {@code CI=true}
 * they fail with it.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(ClusterExtension.class)
public @interface WithCluster {

  /** Whether pods must run; without them the control plane alone is started, in a few seconds. */
  boolean pods() default true;

  /**
   * Whether Kubernetes' own controllers run. Without them the cluster is another one than that of
   * all other classes, a control plane in which nothing happens by itself.
   */
  boolean controllers() default true;
}
