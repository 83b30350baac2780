package dev.ebb.runtime.plugin;

import static dev.ebb.runtime.plugin.TestJars.scaler;
import static dev.ebb.runtime.plugin.TestJars.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.runtime.config.RuntimeAutoConfiguration;
import dev.ebb.runtime.scale.ResourceScalers;
import dev.ebb.runtime.scale.ScaleSubresourceScaler;
import dev.ebb.scaler.ResourceKey;
import dev.ebb.scaler.ResourceScaler;
import dev.ebb.scaler.ScaleTarget;
import dev.ebb.scaler.nodes.NodeProvider;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

class PluginsTest {

  private static final String EBBS_OWN = ScaleSubresourceScaler.class.getName();

  @TempDir Path folder;
  @TempDir Path work;
  private TestJars jars;

  @BeforeEach
  void compiler() {
    jars = new TestJars(work);
  }

  @Test
  void aPlugInIsUsedBeforeEbbsOwnScaler() {
    jars.jar(folder.resolve("site.jar"), scaler("com.example.SiteScaler", "Site"));

    try (ConfigurableApplicationContext context = start()) {
      ResourceScaler scaler = scalers(context).of(target("Site"));

      assertThat(scaler.getClass().getName()).isEqualTo("com.example.SiteScaler");
      assertThat(scaler.getScale(target("Site")).desired()).isEqualTo(3);
      assertThat(scalers(context).of(target("Deployment")))
          .isInstanceOf(ScaleSubresourceScaler.class);
      assertThat(names(context)).containsExactly("com.example.SiteScaler", EBBS_OWN);
    }
  }

  @Test
  void theExampleOfTheDocumentationIsAPlugIn() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "plugins.md"));
    String code = page.substring(page.indexOf("```java\n") + 8);
    code = code.substring(0, code.indexOf("```")).replace("package com.example.sites;", "");
    jars.jar(folder.resolve("site.jar"), source("com.example.sites.SiteScaler", code));

    try (ConfigurableApplicationContext context = start()) {
      ScaleTarget site =
          new ScaleTarget("example.com/v1", "Site", new ResourceKey("shops", "shop"));
      assertThat(scalers(context).of(site).getClass().getSimpleName()).isEqualTo("SiteScaler");
    }
  }

  @Test
  void aCloudIsAPlugInToo() {
    jars.jar(
        folder.resolve("cloud.jar"),
        source(
            "com.example.Cloud",
            """
            import dev.ebb.scaler.nodes.*;
            public class Cloud implements NodeProvider {
              public String type() {
                return "example";
              }
              public NodePool read(PoolReference pool) {
                return new NodePool(1, false, java.util.List.of());
              }
              public int grow(PoolReference pool, int size) {
                return size;
              }
              public void delete(PoolReference pool, NodePool.Machine machine, boolean drain) {}
            }
            """));

    try (ConfigurableApplicationContext context = start()) {
      assertThat(context.getBean(NodeProvider.class).type()).isEqualTo("example");
    }
  }

  @Test
  void springsOrderHoldsAmongPlugInsThenThatOfJarsAndNames() {
    jars.jar(
        folder.resolve("a.jar"),
        scaler("com.example.Second", "Site"),
        scaler("com.example.Also", "Site"));
    jars.jar(
        folder.resolve("b.jar"),
        name -> !name.endsWith("Second.class"),
        scaler("com.example.Aaa", "Site"),
        scaler("com.example.Tenth", "Site", "@org.springframework.core.annotation.Order(10)", ""),
        source(
            "com.example.First",
            """
            public class First extends Second implements org.springframework.core.Ordered {
              public int getOrder() {
                return 1;
              }
            }
            """),
        scaler("com.example.Second", "Site"));

    try (ConfigurableApplicationContext context = start()) {
      assertThat(names(context))
          .containsExactly(
              "com.example.First",
              "com.example.Tenth",
              "com.example.Also",
              "com.example.Second",
              "com.example.Aaa",
              EBBS_OWN);
      assertThat(scalers(context).of(target("Site")).getClass().getName())
          .isEqualTo("com.example.First");
    }
  }

  @Test
  void aConstructorGetsBeansAndSettings() {
    jars.jar(
        folder.resolve("site.jar"),
        scaler(
            "com.example.SiteScaler",
            "Site",
            "",
            """
            private final String text;
            SiteScaler(
                java.time.InstantSource clock, org.springframework.core.env.Environment settings) {
              text = (clock.instant() != null) + settings.getProperty("site.colour");
            }
            public String toString() {
              return text;
            }
            """));

    try (ConfigurableApplicationContext context = start("site.colour=blue")) {
      assertThat(scalers(context).of(target("Site"))).hasToString("trueblue");
    }
  }

  @Test
  void onlyConcreteClassesOfTheirOwnAreTaken() {
    jars.jar(
        folder.resolve("site.jar"),
        scaler(
            "com.example.SiteScaler",
            "Site",
            "",
            """
            public static class Nested extends SiteScaler {}
            public class Inner extends SiteScaler {}
            public static abstract class Half implements ResourceScaler {}
            public interface More extends ResourceScaler {}
            ResourceScaler anonymous() {
              return new SiteScaler() {};
            }
            """),
        source(
            "com.example.Other",
            "public class Other implements Runnable { public void run() {} }"));

    try (ConfigurableApplicationContext context = start()) {
      assertThat(names(context))
          .containsExactly("com.example.SiteScaler", "com.example.SiteScaler$Nested", EBBS_OWN);
    }
  }

  @Test
  void onlyNamedPackagesAreLookedAtWithAllBelow() {
    jars.jar(
        folder.resolve("site.jar"),
        scaler("com.example.SiteScaler", "Site"),
        scaler("com.example.deep.Deep", "Deep"),
        scaler("com.examples.Other", "Other"),
        scaler("org.example.Third", "Third"));

    try (ConfigurableApplicationContext context =
        start("ebb.plugins.packages=com.example,org.example")) {
      assertThat(names(context))
          .containsExactly(
              "com.example.SiteScaler", "com.example.deep.Deep", "org.example.Third", EBBS_OWN);
    }
  }

  @Test
  void aFolderThatIsMissingOrHasNoJarsChangesNothing() throws IOException {
    try (ConfigurableApplicationContext context =
        start("ebb.plugins.folder=" + folder.resolve("missing"))) {
      assertThat(names(context)).containsExactly(EBBS_OWN);
    }
    Files.createDirectories(folder.resolve("..data"));
    Files.writeString(folder.resolve("README"), "no jar");
    try (ConfigurableApplicationContext context = start()) {
      assertThat(names(context)).containsExactly(EBBS_OWN);
    }
  }

  @Test
  void plugInsOfAMountedConfigMapAreLinks() throws IOException {
    Path data = Files.createDirectories(folder.resolve("..2026_data"));
    jars.jar(data.resolve("site.jar"), scaler("com.example.SiteScaler", "Site"));
    Files.createSymbolicLink(folder.resolve("..data"), data.getFileName());
    Files.createSymbolicLink(folder.resolve("site.jar"), Path.of("..data", "site.jar"));

    try (ConfigurableApplicationContext context = start()) {
      assertThat(names(context)).containsExactly("com.example.SiteScaler", EBBS_OWN);
    }
  }

  @Test
  void plugInsAreClosedWithTheContextAndTheirClassLoaderAfterThem() {
    jars.jar(
        folder.resolve("site.jar"),
        scaler("com.example.SiteScaler", "Site", "abstract", ""),
        source("com.example.Late", "class Late {}"),
        source(
            "com.example.Closing",
            """
            import java.util.concurrent.atomic.AtomicReference;
            public class Closing extends SiteScaler implements AutoCloseable {
              private final AtomicReference<String> note;
              public Closing(AtomicReference<String> note) {
                this.note = note;
              }
              public void close() {
                note.set("closed with " + new Late().getClass().getName());
              }
            }
            """));

    URLClassLoader loader;
    AtomicReference<?> note;
    try (ConfigurableApplicationContext context = start()) {
      note = context.getBean(AtomicReference.class);
      loader = (URLClassLoader) scalers(context).of(target("Site")).getClass().getClassLoader();
      assertThat(loader.findResource("com/example/Late.class")).isNotNull();
    }

    assertThat(note.get()).isEqualTo("closed with com.example.Late");
    assertThat(loader.findResource("com/example/Late.class")).isNull();
  }

  @Test
  void eachScalerThatIsFoundIsLogged() {
    jars.jar(folder.resolve("site.jar"), scaler("com.example.SiteScaler", "Site"));

    assertThat(output(() -> start().close()))
        .containsPattern("INFO .*site.jar: scaler com.example.SiteScaler");
  }

  @Test
  void aBrokenJarEndsTheStart() throws IOException {
    Files.writeString(folder.resolve("broken.jar"), "no jar");

    assertThat(failure()).contains("broken.jar cannot be opened").contains("replace the jar");
  }

  @Test
  void aClassWhoseParentIsMissingEndsTheStart() {
    jars.jar(
        folder.resolve("site.jar"),
        name -> !name.endsWith("Base.class"),
        scaler("com.acme.Base", "Site"),
        source("com.example.SiteScaler", "public class SiteScaler extends com.acme.Base {}"));

    assertThat(failure())
        .contains("site.jar, class com.example.SiteScaler, has a parent that is nowhere")
        .contains("com/acme/Base.class")
        .contains("ebb.plugins.packages");
  }

  @Test
  void aClassThatDoesNotFitItsParentEndsTheStart() {
    jars.jar(folder.resolve("library.jar"), source("com.acme.Base", "public final class Base {}"));
    jars.jar(
        folder.resolve("site.jar"),
        name -> !name.endsWith("Base.class"),
        source("com.acme.Base", "public class Base {}"),
        source(
            "com.example.SiteScaler",
            """
            import dev.ebb.scaler.*;
            public class SiteScaler extends com.acme.Base implements ResourceScaler {
              public boolean drives(ScaleTarget target) {
                return false;
              }
              public Scale getScale(ScaleTarget target) {
                return null;
              }
              public java.util.concurrent.CompletableFuture<Scale> setScale(ScaleRequest request) {
                return null;
              }
            }
            """));

    assertThat(failure())
        .contains("site.jar, class com.example.SiteScaler, cannot be loaded")
        .contains("IncompatibleClassChangeError")
        .contains("put what it needs into the jar or beside it");
  }

  @Test
  void aConstructorThatAsksForAMissingClassEndsTheStart() {
    jars.jar(
        folder.resolve("site.jar"),
        name -> !name.endsWith("Sdk.class"),
        source("com.acme.Sdk", "public class Sdk {}"),
        scaler("com.example.SiteScaler", "Site", "", "public SiteScaler(com.acme.Sdk sdk) {}"));

    assertThat(failure())
        .contains("site.jar, class com.example.SiteScaler, cannot be created")
        .contains("com.acme.Sdk");
  }

  @Test
  void aConstructorThatThrowsEndsTheStart() {
    jars.jar(
        folder.resolve("site.jar"),
        scaler(
            "com.example.SiteScaler",
            "Site",
            "",
            "public SiteScaler() { throw new IllegalStateException(\"SITE_URL is not set\"); }"));

    assertThat(failure())
        .contains("site.jar, class com.example.SiteScaler, cannot be created")
        .contains("IllegalStateException: SITE_URL is not set")
        .contains("remove the jar");
    assertThat(output(() -> fail(Service.class))).doesNotContain("\tat ");
  }

  @Test
  void aConstructorThatAsksForWhatThereIsNotEndsTheStart() {
    jars.jar(
        folder.resolve("site.jar"),
        scaler(
            "com.example.SiteScaler", "Site", "", "public SiteScaler(java.sql.Connection c) {}"));

    assertThat(failure())
        .contains("site.jar, class com.example.SiteScaler, cannot be created")
        .contains("java.sql.Connection");
  }

  @Test
  void twoJarsWithTheSameClassEndTheStart() {
    jars.jar(folder.resolve("one.jar"), scaler("com.example.SiteScaler", "Site"));
    jars.jar(folder.resolve("two.jar"), scaler("com.example.SiteScaler", "Site"));

    assertThat(failure())
        .contains("one.jar")
        .contains("two.jar")
        .contains("both have the class com.example.SiteScaler; remove one");
  }

  @Test
  void jarsWithoutAnyScalerEndTheStart() {
    jars.jar(folder.resolve("site.jar"), scaler("com.example.SiteScaler", "Site"));

    assertThat(failure("ebb.plugins.packages=com.exmaple"))
        .contains("site.jar")
        .contains("in the packages [com.exmaple]")
        .contains("correct ebb.plugins.packages");
  }

  @Test
  void aClassForANewerJavaEndsTheStart() throws IOException {
    String entry = "com/example/SiteScaler.class";
    jars.jar(work.resolve("site.jar"), scaler("com.example.SiteScaler", "Site"));
    byte[] code;
    try (JarFile jar = new JarFile(work.resolve("site.jar").toFile());
        InputStream in = jar.getInputStream(jar.getEntry(entry))) {
      code = in.readAllBytes();
    }
    // The major version, in the header of every class.
    code[7] = 99;
    write(folder.resolve("site.jar"), entry, code);

    assertThat(failure())
        .contains("site.jar, class com.example.SiteScaler, cannot be read")
        .contains("compile it for Java " + Runtime.version().feature() + " or older");
  }

  @Test
  void aClassOfEbbsOwnEndsTheStart() throws IOException {
    String entry = EBBS_OWN.replace('.', '/') + ".class";
    try (InputStream in =
        ScaleSubresourceScaler.class.getClassLoader().getResourceAsStream(entry)) {
      write(folder.resolve("fat.jar"), entry, in.readAllBytes());
    }

    assertThat(failure()).contains("fat.jar, class " + EBBS_OWN + ", is a class of Ebb's own");
  }

  @Test
  void somebodyElsesBrokenBeanIsNotThePlugInsFault() {
    jars.jar(
        folder.resolve("site.jar"),
        scaler("com.example.SiteScaler", "Site", "", "public SiteScaler(Runnable broken) {}"));

    assertThat(output(() -> fail(Broken.class)))
        .contains("Application run failed")
        .doesNotContain("remove the jar");
  }

  private ConfigurableApplicationContext start(String... properties) {
    return application(Service.class, properties).run();
  }

  private SpringApplicationBuilder application(Class<?> configuration, String... properties) {
    List<String> all = new ArrayList<>(List.of("ebb.plugins.folder=" + folder));
    all.addAll(List.of(properties));
    return new SpringApplicationBuilder(configuration)
        .web(WebApplicationType.NONE)
        .properties(all.toArray(String[]::new));
  }

  /** Returns the line in which the log says why the start failed. */
  private String failure(String... properties) {
    return output(() -> fail(Service.class, properties))
        .lines()
        .filter(line -> line.startsWith("plug-in"))
        .findFirst()
        .orElseThrow();
  }

  private void fail(Class<?> configuration, String... properties) {
    assertThatThrownBy(() -> application(configuration, properties).run())
        .isInstanceOf(Exception.class);
  }

  private static void write(Path jar, String entry, byte[] content) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry(entry));
      out.write(content);
    }
  }

  private static String output(Runnable action) {
    PrintStream console = System.out;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      action.run();
    } finally {
      System.setOut(console);
    }
    return captured.toString(StandardCharsets.UTF_8);
  }

  private static ResourceScalers scalers(ConfigurableApplicationContext context) {
    return context.getBean(ResourceScalers.class);
  }

  private static List<String> names(ConfigurableApplicationContext context) {
    return scalers(context).all().stream().map(scaler -> scaler.getClass().getName()).toList();
  }

  private static ScaleTarget target(String kind) {
    return new ScaleTarget("example.com/v1", kind, new ResourceKey("ns", "shop"));
  }

  /** What the services have in common, without a cluster. */
  @SpringBootConfiguration
  @ImportAutoConfiguration(RuntimeAutoConfiguration.class)
  static class Service {
    @Bean
    ApiClient ebbApiClient() {
      return new ClientBuilder().setBasePath("http://localhost:1").build();
    }

    @Bean
    AtomicReference<String> note() {
      return new AtomicReference<>("");
    }
  }

  /** A service with a bean that fails. */
  @SpringBootConfiguration
  static class Broken extends Service {
    @Bean
    Runnable broken() {
      throw new IllegalStateException("mine");
    }
  }
}
