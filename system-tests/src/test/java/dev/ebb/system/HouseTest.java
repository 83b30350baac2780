package dev.ebb.system;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Tag;

/** The arrows between and inside the rooms of the house. */
@Tag("architecture")
@AnalyzeClasses(
    packages = "dev.ebb",
    importOptions = {ImportOption.DoNotIncludeTests.class, HouseTest.NoTestJars.class})
class HouseTest {

  /** The test kit comes as a jar, in which classes of tests look like any others. */
  static final class NoTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  @ArchTest
  static final ArchRule roomsDependOnlyOnWhatTheyMay =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.ebb..")
          .layer("scaler-api")
          .definedBy("dev.ebb.scaler..")
          .layer("scaler-runtime")
          .definedBy("dev.ebb.runtime..")
          .layer("autoscaler")
          .definedBy("dev.ebb.autoscaler..")
          .layer("time-plan")
          .definedBy("dev.ebb.timeplan..")
          .layer("time-scaler")
          .definedBy("dev.ebb.timescaler..")
          .layer("selector-client")
          .definedBy("dev.ebb.selectorclient..")
          .layer("selector-operator")
          .definedBy("dev.ebb.selector..")
          .layer("cleanup-controller")
          .definedBy("dev.ebb.cleanup..")
          .layer("node-scaler")
          .definedBy("dev.ebb.nodescaler..")
          .layer("dlx-gateway")
          .definedBy("dev.ebb.gateway..")
          .layer("kubectl-ebb")
          .definedBy("dev.ebb.cli..")
          .layer("admin-console")
          .definedBy("dev.ebb.console..")
          .layer("local-cluster")
          .definedBy("dev.ebb.localcluster..")
          .layer("samples")
          .definedBy("dev.ebb.samples..")
          .layer("benchmarks")
          .definedBy("dev.ebb.benchmarks..")
          .whereLayer("scaler-api")
          .mayNotAccessAnyLayer()
          .whereLayer("scaler-runtime")
          .mayOnlyAccessLayers("scaler-api")
          .whereLayer("autoscaler")
          .mayOnlyAccessLayers("scaler-api", "scaler-runtime")
          .whereLayer("time-plan")
          .mayNotAccessAnyLayer()
          .whereLayer("time-scaler")
          .mayOnlyAccessLayers("scaler-api", "scaler-runtime", "time-plan")
          .whereLayer("selector-client")
          .mayNotAccessAnyLayer()
          .whereLayer("selector-operator")
          .mayOnlyAccessLayers("scaler-api", "scaler-runtime", "selector-client")
          .whereLayer("cleanup-controller")
          .mayOnlyAccessLayers("scaler-api", "scaler-runtime")
          .whereLayer("node-scaler")
          .mayOnlyAccessLayers("scaler-api", "scaler-runtime")
          .whereLayer("dlx-gateway")
          .mayOnlyAccessLayers("scaler-api", "scaler-runtime")
          .whereLayer("kubectl-ebb")
          .mayOnlyAccessLayers("scaler-api", "selector-client", "time-plan")
          .whereLayer("admin-console")
          .mayOnlyAccessLayers("scaler-runtime")
          .whereLayer("local-cluster")
          .mayNotAccessAnyLayer()
          .whereLayer("samples")
          .mayNotAccessAnyLayer()
          .whereLayer("benchmarks")
          .mayOnlyAccessLayers("local-cluster", "time-plan");

  @ArchTest
  static final ArchRule theContractIsPureJava =
      classes()
          .that()
          .resideInAPackage("dev.ebb.scaler..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "org.jspecify..", "dev.ebb.scaler..");

  @ArchTest
  static final ArchRule decisionsArePure =
      noClasses()
          .that()
          .resideInAnyPackage("dev.ebb..plan..", "dev.ebb.timeplan..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.springframework..", "io.kubernetes..", "reactor..", "okhttp3..", "java.net..")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("dev.ebb.runtime.kube.KubeClient")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.time.Clock")
          .orShould()
          .callMethod(java.time.Instant.class, "now");

  @ArchTest
  static final ArchRule whatIsWrittenWhileFrozenIsDecidedInTheWiring =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.ebb..config..")
          .should()
          .callMethod(dev.ebb.runtime.kube.KubeClient.class, "evenFrozen");

  @ArchTest
  static final ArchRule theAutoscalersRoomsPointOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.ebb.autoscaler..")
          .layer("plan")
          .definedBy("dev.ebb.autoscaler.plan..")
          .layer("apply")
          .definedBy("dev.ebb.autoscaler.apply..")
          .layer("activity")
          .definedBy("dev.ebb.autoscaler.activity..")
          .layer("reconcile")
          .definedBy("dev.ebb.autoscaler.reconcile..")
          .layer("admin")
          .definedBy("dev.ebb.autoscaler.admin..")
          .layer("config")
          .definedBy("dev.ebb.autoscaler.config..")
          .layer("main")
          .definedBy("dev.ebb.autoscaler")
          .whereLayer("plan")
          .mayNotAccessAnyLayer()
          .whereLayer("apply")
          .mayOnlyAccessLayers("plan")
          .whereLayer("activity")
          .mayOnlyAccessLayers("plan", "apply")
          .whereLayer("reconcile")
          .mayOnlyAccessLayers("plan", "apply", "activity")
          .whereLayer("admin")
          .mayOnlyAccessLayers("plan", "apply", "reconcile");

  @ArchTest
  static final ArchRule theTimeScalersRoomsPointOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.ebb.timescaler..")
          .layer("api")
          .definedBy("dev.ebb.timescaler.api..")
          .layer("plan")
          .definedBy("dev.ebb.timescaler.plan..")
          .layer("apply")
          .definedBy("dev.ebb.timescaler.apply..")
          .layer("reconcile")
          .definedBy("dev.ebb.timescaler.reconcile..")
          .layer("admin")
          .definedBy("dev.ebb.timescaler.admin..")
          .layer("config")
          .definedBy("dev.ebb.timescaler.config..")
          .layer("main")
          .definedBy("dev.ebb.timescaler")
          .whereLayer("api")
          .mayNotAccessAnyLayer()
          .whereLayer("plan")
          .mayOnlyAccessLayers("api")
          .whereLayer("apply")
          .mayOnlyAccessLayers("api", "plan")
          .whereLayer("reconcile")
          .mayOnlyAccessLayers("api", "plan", "apply")
          .whereLayer("admin")
          .mayOnlyAccessLayers("api", "plan", "apply", "reconcile");

  @ArchTest
  static final ArchRule theSelectorOperatorsRoomsPointOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.ebb.selector..")
          .layer("api")
          .definedBy("dev.ebb.selector.api..")
          .layer("plan")
          .definedBy("dev.ebb.selector.plan..")
          .layer("apply")
          .definedBy("dev.ebb.selector.apply..")
          .layer("reconcile")
          .definedBy("dev.ebb.selector.reconcile..")
          .layer("admin")
          .definedBy("dev.ebb.selector.admin..")
          .layer("config")
          .definedBy("dev.ebb.selector.config..")
          .layer("main")
          .definedBy("dev.ebb.selector")
          .whereLayer("api")
          .mayNotAccessAnyLayer()
          .whereLayer("plan")
          .mayOnlyAccessLayers("api")
          .whereLayer("apply")
          .mayOnlyAccessLayers("api", "plan")
          .whereLayer("reconcile")
          .mayOnlyAccessLayers("api", "plan", "apply")
          .whereLayer("admin")
          .mayOnlyAccessLayers("api", "plan", "apply", "reconcile");

  @ArchTest
  static final ArchRule theCleanupControllersRoomsPointOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.ebb.cleanup..")
          .layer("api")
          .definedBy("dev.ebb.cleanup.api..")
          .layer("plan")
          .definedBy("dev.ebb.cleanup.plan..")
          .layer("apply")
          .definedBy("dev.ebb.cleanup.apply..")
          .layer("reconcile")
          .definedBy("dev.ebb.cleanup.reconcile..")
          .layer("admin")
          .definedBy("dev.ebb.cleanup.admin..")
          .layer("config")
          .definedBy("dev.ebb.cleanup.config..")
          .layer("main")
          .definedBy("dev.ebb.cleanup")
          .whereLayer("api")
          .mayNotAccessAnyLayer()
          .whereLayer("plan")
          .mayOnlyAccessLayers("api")
          .whereLayer("apply")
          .mayOnlyAccessLayers("api", "plan")
          .whereLayer("reconcile")
          .mayOnlyAccessLayers("api", "plan", "apply")
          .whereLayer("admin")
          .mayOnlyAccessLayers("api", "plan", "apply", "reconcile");

  @ArchTest
  static final ArchRule theNodeScalersRoomsPointOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.ebb.nodescaler..")
          .withOptionalLayers(true)
          .layer("api")
          .definedBy("dev.ebb.nodescaler.api..")
          .layer("plan")
          .definedBy("dev.ebb.nodescaler.plan..")
          .layer("provider")
          .definedBy("dev.ebb.nodescaler.provider..")
          .layer("apply")
          .definedBy("dev.ebb.nodescaler.apply..")
          .layer("reconcile")
          .definedBy("dev.ebb.nodescaler.reconcile..")
          .layer("admin")
          .definedBy("dev.ebb.nodescaler.admin..")
          .layer("config")
          .definedBy("dev.ebb.nodescaler.config..")
          .layer("main")
          .definedBy("dev.ebb.nodescaler")
          .whereLayer("api")
          .mayNotAccessAnyLayer()
          .whereLayer("provider")
          .mayNotAccessAnyLayer()
          .whereLayer("plan")
          .mayOnlyAccessLayers("api")
          .whereLayer("apply")
          .mayOnlyAccessLayers("api", "plan")
          .whereLayer("reconcile")
          .mayOnlyAccessLayers("api", "plan", "apply")
          .whereLayer("admin")
          .mayOnlyAccessLayers("api", "plan", "apply", "reconcile");

  @ArchTest
  static final ArchRule roomsAreFreeOfCycles =
      slices()
          .matching(
              "dev.ebb.(autoscaler|timescaler|nodescaler|cleanup|selector|runtime|console).(*)..")
          .should()
          .beFreeOfCycles();
}
