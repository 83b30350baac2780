package dev.ebb.runtime.model;

import dev.ebb.runtime.kube.KubeObject;
import dev.ebb.runtime.kube.Meta;
import dev.ebb.runtime.kube.ResourceType;
import java.util.Map;

/** A ConfigMap's text values. */
public record ConfigMap(Meta metadata, Map<String, String> data) implements KubeObject {

  /** Where ConfigMaps are served. */
  public static final ResourceType<ConfigMap> TYPE =
      new ResourceType<>("", "v1", "configmaps", "ConfigMap", ConfigMap.class);

  /** Replaces what is absent by empty values. */
  public ConfigMap {
    metadata = metadata == null ? Meta.named("", "") : metadata;
    data = data == null ? Map.of() : Map.copyOf(data);
  }
}
