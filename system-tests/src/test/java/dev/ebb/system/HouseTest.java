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
import com.tngtech.archunit.library.Architectures;
import java.util.Arrays;
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
          .mayOnlyAccessLayers(
              "local-cluster", "scaler-api", "scaler-runtime", "time-plan", "selector-operator");

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
      rooms("autoscaler", "plan", "apply", "activity", "reconcile", "admin");

  @ArchTest
  static final ArchRule theTimeScalersRoomsPointOneWay =
      rooms("timescaler", "api", "plan", "apply", "reconcile", "admin");

  @ArchTest
  static final ArchRule theSelectorOperatorsRoomsPointOneWay =
      rooms("selector", "api", "plan", "apply", "reconcile", "admin");

  @ArchTest
  static final ArchRule theCleanupControllersRoomsPointOneWay =
      rooms("cleanup", "api", "plan", "apply", "reconcile", "admin");

  @ArchTest
  static final ArchRule theNodeScalersRoomsPointOneWay =
      rooms("nodescaler", "api", "plan", "provider", "apply", "reconcile", "admin");

  @ArchTest
  static final ArchRule cloudsKnowNothingOfWhatIsDecided =
      noClasses()
          .that()
          .resideInAPackage("dev.ebb.nodescaler.provider..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.ebb.nodescaler.api..", "dev.ebb.nodescaler.plan..");

  /** Each room may use those before it; the configuration and the main class may use all. */
  private static ArchRule rooms(String service, String... rooms) {
    String root = "dev.ebb." + service;
    Architectures.LayeredArchitecture house =
        layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(root + "..")
            .layer("main")
            .definedBy(root, root + ".config..");
    for (String room : rooms) {
      house = house.layer(room).definedBy(root + "." + room + "..");
    }
    for (int i = 0; i < rooms.length; i++) {
      house =
          i == 0
              ? house.whereLayer(rooms[i]).mayNotAccessAnyLayer()
              : house.whereLayer(rooms[i]).mayOnlyAccessLayers(Arrays.copyOf(rooms, i));
    }
    return house;
  }

  @ArchTest
  static final ArchRule roomsAreFreeOfCycles =
      slices()
          .matching(
              "dev.ebb.(autoscaler|timescaler|nodescaler|cleanup|selector|runtime|console).(*)..")
          .should()
          .beFreeOfCycles();
}
