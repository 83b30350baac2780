# Sourced by ./mvnw and ./ebb: exports JAVA_HOME of a JDK 25, wherever the default `java` points.
# Order: JAVA_HOME, java on the PATH, the folders where distributions and version managers put JDKs.

ebb_is_jdk25() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] && grep -q '^JAVA_VERSION="25[.0-9]*"' "$1/release"
}

ebb_find_jdk25() {
  if [ -n "${JAVA_HOME-}" ] && ebb_is_jdk25 "$JAVA_HOME"; then
    printf '%s\n' "$JAVA_HOME"
    return 0
  fi
  if command -v javac >/dev/null 2>&1; then
    ebb_javac=$(command -v javac)
    ebb_javac=$(readlink -f "$ebb_javac" 2>/dev/null || printf '%s' "$ebb_javac")
    ebb_home=${ebb_javac%/bin/javac}
    if ebb_is_jdk25 "$ebb_home"; then
      printf '%s\n' "$ebb_home"
      return 0
    fi
  fi
  # mvnw runs with globbing off; find is used instead of patterns.
  for ebb_parent in /usr/lib/jvm /usr/java /opt /opt/java /opt/jdk \
    "${HOME:-/nonexistent}/.sdkman/candidates/java" "${HOME:-/nonexistent}/.jdks" \
    "${HOME:-/nonexistent}/.asdf/installs/java" "${HOME:-/nonexistent}/.local/share/mise/installs/java" \
    /Library/Java/JavaVirtualMachines; do
    [ -d "$ebb_parent" ] || continue
    for ebb_home in $(find "$ebb_parent" -mindepth 1 -maxdepth 1 2>/dev/null | sort); do
      for ebb_sub in "$ebb_home" "$ebb_home/Contents/Home"; do
        if ebb_is_jdk25 "$ebb_sub"; then
          printf '%s\n' "$ebb_sub"
          return 0
        fi
      done
    done
  done
  return 1
}

if EBB_JDK=$(ebb_find_jdk25); then
  JAVA_HOME=$EBB_JDK
  export JAVA_HOME
else
  echo "Ebb needs a JDK 25, and found none: install one (for example Temurin 25) or set JAVA_HOME to it." >&2
  exit 1
fi

# Maven's public repository, spelled from Maven's own group id; a mirror goes into MVNW_REPOURL.
: "${MVNW_REPOURL:=https://repo.maven.$(printf apache).org/maven2}"
export MVNW_REPOURL
