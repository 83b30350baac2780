package dev.ebb.nodescaler.config;

import dev.ebb.nodescaler.config.KubescalerSettings.MistakesException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.FileSystemResource;

/**
 * Where kubescaler's configuration comes from: flags before variables before {@code config.yaml} in
 * the working directory, or another file that {@code ebb.nodescaler.config-file} names. Stateless.
 */
public final class Kubescaler {

  private Kubescaler() {}

  /** Returns the words for Spring: a flag and its value may be two words. */
  public static String[] arguments(String... words) {
    return KubescalerReader.joined(words);
  }

  /** Makes an application that reads the file too. */
  public static SpringApplication application(Class<?> main) {
    SpringApplication application = new SpringApplication(main);
    application.addInitializers(
        (ConfigurableApplicationContext context) -> addFile(context.getEnvironment()));
    return application;
  }

  /** A file that is missing says nothing; one that cannot be read must not be passed over. */
  static void addFile(ConfigurableEnvironment environment) {
    Path file =
        Path.of(environment.getProperty("ebb.nodescaler.config-file", "config.yaml").strip());
    if (!Files.exists(file)) {
      return;
    }
    try {
      new YamlPropertySourceLoader()
          .load("kubescaler's " + file, new FileSystemResource(file))
          .forEach(environment.getPropertySources()::addLast);
    } catch (IOException | RuntimeException e) {
      throw new MistakesException(List.of(file + " cannot be read: " + e.getMessage()));
    }
  }
}
