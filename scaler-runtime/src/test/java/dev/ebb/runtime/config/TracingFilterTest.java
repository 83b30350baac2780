package dev.ebb.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** Tracing costs nothing where it is off. */
class TracingFilterTest {

  private static final String ENDPOINT = "http://collector:4318/v1/traces";

  private static StandardEnvironment environment(Map<String, Object> settings) {
    StandardEnvironment environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
    new RuntimeDefaults().postProcessEnvironment(environment, new SpringApplication());
    return environment;
  }

  /** All that Boot finds on this class path and that is left out under these settings. */
  private static List<String> leftOut(Map<String, Object> settings) {
    String[] all =
        StreamSupport.stream(
                ImportCandidates.load(AutoConfiguration.class, null).spliterator(), false)
            .toArray(String[]::new);
    TracingFilter filter = new TracingFilter();
    filter.setEnvironment(environment(settings));
    boolean[] wanted = filter.match(all, null);
    return IntStream.range(0, all.length).filter(i -> !wanted[i]).mapToObj(i -> all[i]).toList();
  }

  @Test
  void whatMakesTracesIsLeftOutWithoutAnEndpoint() {
    List<String> left = leftOut(Map.of());

    assertThat(left)
        .hasSizeGreaterThan(5)
        .contains(
            "org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration",
            TracingAutoConfiguration.class.getName())
        .allMatch(name -> name.matches("(?i).*(tracing|opentelemetry).*"));
    assertThat(leftOut(Map.of(TracingOn.ENDPOINT, " "))).isEqualTo(left);
    assertThat(leftOut(Map.of(TracingOn.ENDPOINT, ENDPOINT, TracingOn.EXPORT, "false")))
        .isEqualTo(left);
  }

  @Test
  void isAskedBeforeTheFiltersThatLoadClasses() {
    assertThat(
            SpringFactoriesLoader.forDefaultResourceLocation()
                .load(AutoConfigurationImportFilter.class))
        .hasSizeGreaterThan(1)
        .first()
        .isInstanceOf(TracingFilter.class);
  }

  @Test
  void withAnEndpointNothingIsLeftOut() {
    assertThat(leftOut(Map.of(TracingOn.ENDPOINT, ENDPOINT))).isEmpty();
  }

  @Test
  void namesThatAnotherFilterTookAreNoProblem() {
    assertThat(new TracingFilter().match(new String[] {null}, null)).containsExactly(true);
  }

  @Test
  void thePodIsNamedInEveryTrace() {
    StandardEnvironment on =
        environment(
            Map.of(TracingOn.ENDPOINT, ENDPOINT, "ebb.pod.name", "gateway-1", "ebb.service", "g"));

    assertThat(on.getProperty("management.opentelemetry.resource-attributes.k8s.pod.name"))
        .isEqualTo("gateway-1");
    assertThat(on.getProperty("management.opentelemetry.resource-attributes.service.name"))
        .isEqualTo("ebb-g");
    assertThat(environment(Map.of()).getProperty(TracingOn.EXPORT)).isEqualTo("false");
  }
}
