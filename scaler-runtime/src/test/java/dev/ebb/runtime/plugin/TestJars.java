package dev.ebb.runtime.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.scaler.ResourceScaler;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.springframework.core.annotation.Order;

/** Makes jars of sources, as somebody does who has nothing of Ebb's but scaler-api. */
final class TestJars {

  private final Path work;

  TestJars(Path work) {
    this.work = work;
  }

  /** Compiles sources into a jar of all their classes. */
  void jar(Path jar, Source... sources) {
    jar(jar, name -> true, sources);
  }

  /** Compiles sources into a jar that has only some of their classes. */
  void jar(Path jar, Predicate<String> kept, Source... sources) {
    try {
      Path classes = Files.createTempDirectory(work, "classes");
      compile(classes, List.of(sources));
      try (OutputStream out = Files.newOutputStream(jar);
          JarOutputStream entries = new JarOutputStream(out);
          Stream<Path> files = Files.walk(classes)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String name = classes.relativize(file).toString();
          if (kept.test(name)) {
            entries.putNextEntry(new JarEntry(name));
            Files.copy(file, entries);
          }
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void compile(Path classes, List<Source> sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    List<String> options = new ArrayList<>(List.of("-proc:none", "-d", classes.toString()));
    options.addAll(List.of("-cp", home(ResourceScaler.class) + ":" + home(Order.class)));
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled = compiler.getTask(messages, files, null, options, null, sources).call();
      assertThat(compiled).as(messages.toString()).isTrue();
    }
  }

  private static String home(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }

  /** A class as text. */
  static final class Source extends SimpleJavaFileObject {
    private final String text;

    private Source(String className, String text) {
      super(
          URI.create("string:///" + className.replace('.', '/') + Kind.SOURCE.extension),
          JavaFileObject.Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Any class. */
  static Source source(String className, String declaration) {
    String packageName = className.substring(0, className.lastIndexOf('.'));
    return new Source(className, "package " + packageName + ";\n" + declaration);
  }

  /**
   * A scaler that drives one kind.
   *
   * @param before what stands before the class, as annotations do
   * @param body fields, constructors and methods of its own
   */
  static Source scaler(String className, String kind, String before, String body) {
    return source(
        className,
        """
        import dev.ebb.scaler.*;
        import java.util.concurrent.CompletableFuture;
        %s
        public class %s implements ResourceScaler {
          %s
          public boolean drives(ScaleTarget target) {
            return target.kind().equals("%s");
          }
          public Scale getScale(ScaleTarget target) {
            return new Scale(3, 3, "7", null, null);
          }
          public CompletableFuture<Scale> setScale(ScaleRequest request) {
            return CompletableFuture.completedFuture(getScale(request.target()));
          }
        }
        """
            .formatted(before, className.substring(className.lastIndexOf('.') + 1), body, kind));
  }

  static Source scaler(String className, String kind) {
    return scaler(className, kind, "", "");
  }
}
