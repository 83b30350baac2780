package dev.ebb.selectorclient;

/** The keys that 3S's public clients make of an image's name. Stateless. */
public final class Keys {

  private Keys() {}

  /**
   * Makes the key of kontinuous: {@code [/project]/repository/package[-target]}.
   *
   * @param project empty for none
   * @param repository the repository
   * @param name the package; empty for {@code app}
   * @param target the build's target; empty for none
   */
  public static String ofPackage(String project, String repository, String name, String target) {
    return (project.isEmpty() ? "" : "/" + project)
        + "/"
        + repository
        + "/"
        + (name.isEmpty() ? "app" : name)
        + (target.isEmpty() ? "" : "-" + target);
  }

  /** Makes the key of the GitHub action: what stands before the first colon of its tags. */
  public static String ofTags(String tags) {
    int colon = tags.indexOf(':');
    return colon < 0 ? tags : tags.substring(0, colon);
  }
}
