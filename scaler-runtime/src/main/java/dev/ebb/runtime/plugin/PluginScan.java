package dev.ebb.runtime.plugin;

import dev.ebb.scaler.ResourceScaler;
import dev.ebb.scaler.nodes.NodeProvider;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.springframework.core.type.ClassMetadata;
import org.springframework.core.type.classreading.CachingMetadataReaderFactory;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.util.ClassUtils;

/**
 * Finds the concrete classes of some jars that implement {@link ResourceScaler} or {@link
 * NodeProvider}, without loading any other.
 *
 * <p>Spring's own scanner passes over a jar that it cannot open and a class whose parent it cannot
 * find. Here both are errors: a plug-in that is left out without a word lets another scaler drive
 * its targets.
 */
final class PluginScan {

  /** A plug-in's class and the jar that it is in. */
  record Found(Class<?> type, Path jar) {}

  /** What plug-ins may be: what scales a kind, and what nodes come from. */
  private static final List<String> CONTRACTS =
      List.of(ResourceScaler.class.getName(), NodeProvider.class.getName());

  private static final String SUFFIX = ".class";
  private static final String JAVA = "Java " + Runtime.version().feature();

  private final ClassLoader loader;
  private final List<String> packages;
  private final MetadataReaderFactory readers;

  /**
   * Prepares a scan.
   *
   * @param loader loads from the jars, and what is not there from its parent
   * @param packages where to look, with all below; empty for everywhere
   */
  PluginScan(ClassLoader loader, List<String> packages) {
    this.loader = loader;
    this.packages = packages;
    this.readers = new CachingMetadataReaderFactory(loader);
  }

  /**
   * Scans in the order of the jars, then of the classes' names.
   *
   * @throws PluginException when a jar or a class cannot be read, a class is there twice, or there
   *     is no scaler at all
   */
  List<Found> of(List<Path> jars) {
    Map<String, Path> classes = new LinkedHashMap<>();
    for (Path jar : jars) {
      for (String name : classes(jar)) {
        Path other = classes.putIfAbsent(name, jar);
        if (other != null) {
          throw new PluginException(
              "plug-ins "
                  + other
                  + " and "
                  + jar
                  + " both have the class "
                  + name
                  + "; remove one of the jars, or the class from one of them");
        }
      }
    }
    List<Found> found = new ArrayList<>();
    classes.forEach((name, jar) -> {
      if (wanted(name) && plugIn(name, jar)) {
        found.add(new Found(load(name, jar), jar));
      }
    });
    if (found.isEmpty()) {
      throw new PluginException(
          "plug-ins "
              + jars
              + " have no concrete class that implements "
              + String.join(" or ", CONTRACTS)
              + (packages.isEmpty() ? "" : " in the packages " + packages)
              + "; remove the jars, or correct "
              + (packages.isEmpty() ? "them" : "ebb.plugins.packages"));
    }
    return found;
  }

  /** Names the classes as this JVM sees them. No class has a dash in its name; module-info does. */
  private static List<String> classes(Path jar) {
    try (JarFile file =
            new JarFile(jar.toFile(), false, ZipFile.OPEN_READ, JarFile.runtimeVersion());
        Stream<String> names = file.versionedStream().map(entry -> entry.getName())) {
      return names
          .filter(name -> name.endsWith(SUFFIX) && name.indexOf('-') < 0)
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .map(ClassUtils::convertResourcePathToClassName)
          .sorted()
          .toList();
    } catch (IOException | RuntimeException e) {
      throw new PluginException(
          "plug-in " + jar + " cannot be opened: " + e + "; replace the jar, or remove it", e);
    }
  }

  private boolean wanted(String name) {
    return packages.isEmpty() || packages.stream().anyMatch(p -> name.startsWith(p + "."));
  }

  private boolean plugIn(String name, Path jar) {
    try {
      ClassMetadata type = readers.getMetadataReader(name).getClassMetadata();
      return type.isConcrete() && type.isIndependent() && implementsAContract(type);
    } catch (FileNotFoundException e) {
      throw new PluginException(
          at(jar, name)
              + " has a parent that is nowhere: "
              + e.getMessage()
              + "; put it into the jar or beside it, or name the plug-ins' packages in"
              + " ebb.plugins.packages",
          e);
    } catch (IOException | RuntimeException | LinkageError e) {
      throw new PluginException(
          at(jar, name) + " cannot be read: " + e + "; compile it for " + JAVA + " or older", e);
    }
  }

  private boolean implementsAContract(ClassMetadata type) throws IOException {
    List<String> parents = new ArrayList<>(Arrays.asList(type.getInterfaceNames()));
    String parentClass = type.getSuperClassName();
    if (parentClass != null) {
      parents.add(parentClass);
    }
    for (String parent : parents) {
      if (CONTRACTS.contains(parent)
          || (!parent.startsWith("java.")
              && implementsAContract(readers.getMetadataReader(parent).getClassMetadata()))) {
        return true;
      }
    }
    return false;
  }

  private Class<?> load(String name, Path jar) {
    Class<?> type;
    try {
      type = loader.loadClass(name);
    } catch (ClassNotFoundException | LinkageError e) {
      throw new PluginException(
          at(jar, name)
              + " cannot be loaded: "
              + e
              + "; put what it needs into the jar or beside it, compiled for "
              + JAVA
              + " or older",
          e);
    }
    if (!loader.equals(type.getClassLoader())) {
      throw new PluginException(
          at(jar, name) + " is a class of Ebb's own; leave Ebb's classes out of the jar");
    }
    return type;
  }

  /** Begins a message. */
  static String at(Path jar, String className) {
    return "plug-in " + jar + ", class " + className + ",";
  }
}
