package dev.ebb.runtime.plugin;

import dev.ebb.scaler.ResourceScaler;
import dev.ebb.scaler.nodes.NodeProvider;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Makes a bean of every {@link ResourceScaler} and {@link NodeProvider} in the jars of the folder
 * {@code ebb.plugins.folder}, {@code /plugins} where nothing is said; of those in the packages
 * {@code ebb.plugins.packages} only, where these are set. The service's class path is fixed by its
 * AOT cache, so the jars get a class loader below it, together; it is closed after the beans.
 *
 * <p>A folder that is missing or has no jars changes nothing. Whatever else is wrong ends the start
 * with a {@link PluginException}.
 */
public final class Plugins implements ApplicationContextInitializer<GenericApplicationContext> {

  /** The attribute of a plug-in's bean definition that holds its jar. */
  static final String JAR = Plugins.class.getName() + ".jar";

  private static final Logger log = LoggerFactory.getLogger(Plugins.class);

  @Override
  public void initialize(GenericApplicationContext context) {
    Environment environment = context.getEnvironment();
    List<Path> jars = jars(Path.of(environment.getProperty("ebb.plugins.folder", "/plugins")));
    if (jars.isEmpty()) {
      return;
    }
    List<String> packages =
        Binder.get(environment)
            .bind("ebb.plugins.packages", Bindable.listOf(String.class))
            .orElse(List.of());
    URLClassLoader loader =
        new URLClassLoader(
            "plugins",
            jars.stream().map(Plugins::url).toArray(URL[]::new),
            context.getClassLoader());
    // Destroyed in reverse order: what is registered first outlives the plug-ins.
    context.getDefaultListableBeanFactory().registerDisposableBean("ebbPlugins", loader::close);
    for (PluginScan.Found found : new PluginScan(loader, packages).of(jars)) {
      String name = found.type().getName();
      RootBeanDefinition bean = new RootBeanDefinition(found.type());
      bean.setResourceDescription(found.jar().toString());
      bean.setAttribute(JAR, found.jar());
      context.registerBeanDefinition(name, bean);
      boolean cloud = NodeProvider.class.isAssignableFrom(found.type());
      log.info("plug-in {}: {} {}", found.jar(), cloud ? "node provider" : "scaler", name);
    }
  }

  /** Lists the jars by name. A mounted ConfigMap's are links, beside folders of its own. */
  private static List<Path> jars(Path folder) {
    if (Files.notExists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".jar") && !Files.isDirectory(file))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new PluginException(
          "the folder of plug-ins "
              + folder
              + " cannot be read: "
              + e
              + "; correct ebb.plugins.folder, or the volume that is mounted there",
          e);
    }
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
