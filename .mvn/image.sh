#!/usr/bin/env bash
# Prepares what Jib packs into the services' images. Called by Maven in the package phase:
#
#   image.sh base DIR                                    the base that every image shares
#   image.sh app  DIR BASE CLASSES JAR MAIN FLAGS TRAINING PATH   what belongs to one service
#
# base: a jlink run-time image of the JDK 25, the C library that it is linked with and the user 65532. No shell, no
#       package manager. Rebuilt only when the JDK, the C library or this script changed.
# app:  java.args (flags and class path) and app.aot, the AOT cache: classes loaded, linked and profiled by a training
#       run. TRAINING is service: started as in a pod until it is ready, by Training.java; or alone: a program that ends
#       by itself with -Debb.training=true. The JVM accepts a cache only from the same run-time image, flags
#       and class path: order, sizes and file times. So the training runs on a copy of the image's /app whose times are
#       Jib's (the epoch plus one second). Rebuilt only when base, jars or flags changed.
#
# Whatever goes wrong here ends the build: a cache that is silently ignored costs two seconds at every start.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
self="$here/image.sh"

modules=java.se,jdk.crypto.ec,jdk.httpserver,jdk.jfr,jdk.management,jdk.management.agent
modules+=,jdk.naming.dns,jdk.net,jdk.nio.mapmode,jdk.unsupported,jdk.zipfs

fail() {
  echo "image.sh: $*" >&2
  exit 1
}

hash_of() { sha256sum | cut -d' ' -f1; }

# The files that a set of ELF files is linked with, and the loader, by the names that the loader looks for.
libraries() {
  find "$1" \( -name '*.so' -o -path '*/bin/*' \) -type f -print0 \
    | LD_LIBRARY_PATH="$1/lib:$1/lib/server" xargs -0 ldd 2>/dev/null \
    | sed -nE -e 's/.*=> (\/[^ ]+) .*/\1/p' -e 's/^[[:space:]]+(\/[^ ]+) .*/\1/p' \
    | grep -v "^$1/" | sort -u
}

# Takes the security providers that are not linked off the list. Each start looks for them in all jars of the class path
# otherwise, and a provider that lies there is loaded and its signature checked, in vain: 0.4 s of two cores.
only_linked_providers() {
  local java=$1 file=$1/conf/security/java.security linked
  linked=$("$java/bin/java" -XshowSettings:security:providers -version 2>&1 | sed -nE 's/^ *Provider name: *([^ ]+) *$/\1/p')
  [ -n "$linked" ] || fail "the linked java tells no security providers"
  awk -v linked="$(tr "\n" " " <<<"$linked")" '
    BEGIN { count = split(linked, names, " "); for (i = 1; i <= count; i++) known[names[i]] = 1 }
    /^security\.provider\.[0-9]+=/ {
      name = $0; sub(/^[^=]*=/, "", name); split(name, words, " ")
      if (words[1] in known) print "security.provider." ++kept "=" name
      next
    }
    { print }' "$file" >"$file.new"
  grep -q '^security\.provider\.1=SUN$' "$file.new" || fail "no security provider is left in $file"
  mv "$file.new" "$file"
}

build_base() {
  local dir=$1
  [ "$(uname -s)" = Linux ] || fail "images are built on Linux only; -Dimages.skip leaves them out"
  # shellcheck source=jdk.sh
  . "$here/jdk.sh"
  mkdir -p "$(dirname "$dir")"
  exec 9>"$dir.lock"
  flock 9
  local key
  key=$({ cat "$self" "$JAVA_HOME/release"; ldd --version | head -n 1; uname -m; } | hash_of)
  if [ -r "$dir.key" ] && [ "$(cat "$dir.key")" = "$key" ]; then
    return 0
  fi
  echo "image.sh: linking a run-time image of $JAVA_HOME"
  local new=$dir.new java
  rm -rf "$new" "$dir" "$dir.key"
  mkdir -p "$new/opt" "$new/etc" "$new/tmp" "$new/plugins"
  java=$new/opt/java
  "$JAVA_HOME/bin/jlink" --add-modules "$modules" --strip-debug --no-man-pages --no-header-files \
    --output "$java" || fail "jlink failed"
  # What needs a screen or a sound card, and with it a dozen more libraries.
  rm -f "$java"/lib/lib{awt_xawt,jawt,splashscreen,jsound}.so
  find "$java/bin" -type f ! -name java ! -name keytool ! -name jfr -delete
  only_linked_providers "$java"
  # jlink makes equal licence texts links; a layer holds plain files.
  find "$java" -type l | while read -r link; do
    cp -L "$link" "$link.file" && mv -f "$link.file" "$link"
  done
  local library nss
  for library in $(libraries "$java"); do
    install -D -m 755 "$(readlink -f "$library")" "$new$library"
  done
  find "$new" -name 'ld-linux*' | grep -q . || fail "ldd names no loader: is this a glibc system?"
  library=$(dirname "$(libraries "$java" | grep '/libc\.so' | head -n 1)")
  # Before glibc 2.34 name resolution came in modules of its own.
  for nss in libnss_dns.so.2 libnss_files.so.2 libresolv.so.2; do
    [ ! -e "$library/$nss" ] || install -D -m 755 "$(readlink -f "$library/$nss")" "$new$library/$nss"
  done
  printf 'hosts: files dns\npasswd: files\ngroup: files\n' >"$new/etc/nsswitch.conf"
  printf 'root:x:0:0:root:/:/sbin/nologin\nebb:x:65532:65532:ebb:/tmp:/sbin/nologin\n' >"$new/etc/passwd"
  printf 'root:x:0:\nebb:x:65532:\n' >"$new/etc/group"
  # Jib gives files of extra directories these times; the AOT cache remembers that of lib/modules.
  find "$new" -exec touch -h -d @1 {} +
  "$java/bin/java" -version >/dev/null 2>&1 || fail "the linked java does not run"
  mv "$new" "$dir"
  echo "$key" >"$dir.key"
}

build_app() {
  local dir=$1 base=$2 classes=$3 jar=$4 main=$5 flags=$6 training=$7 path=$8
  [ -r "$base.key" ] || fail "no base image at $base"
  [ -r "$jar" ] || fail "no $jar: run the package phase"
  local -a entries=()
  local entry names
  IFS=: read -r -a entries <<<"$path"
  local -a jars=()
  for entry in "${entries[@]}"; do
    [ "$entry" != "$classes" ] || continue
    case $entry in
      *.jar) jars+=("$entry") ;;
      *) fail "$entry is a folder, not a jar: build with the package phase, or install the module first" ;;
    esac
  done
  names=$(for entry in "${jars[@]}"; do basename "$entry"; done | sort | uniq -d)
  [ -z "$names" ] || fail "two dependencies share a file name, Jib would rename them: $names"

  local key
  key=$({ cat "$self" "$here/Training.java" "$base.key"; echo "$main $flags $training"; printf '%s\n' "${jars[@]##*/}"
    cat "$jar" "${jars[@]}" | sha256sum; } | hash_of)
  if [ -r "$dir.key" ] && [ "$(cat "$dir.key")" = "$key" ]; then
    return 0
  fi
  echo "image.sh: training the AOT cache of $main"
  local root=$dir.training
  # Jib tells a layer that changed by its files' times, which are always the same here.
  rm -rf "$dir" "$dir.key" "$root" "$(dirname "$dir")/jib-cache"
  mkdir -p "$dir" "$root/libs" "$root/classpath" "$root/work"
  cp "$jar" "$root/classpath/"
  [ ${#jars[@]} = 0 ] || cp "${jars[@]}" "$root/libs/"
  find "$root" -type f -exec touch -d @1 {} +

  local class_path=/app/classpath/${jar##*/}
  for entry in "${jars[@]}"; do
    class_path+=:/app/libs/${entry##*/}
  done
  # -XX:+AutoCreateSharedArchive and friends stay away: one file, made here, read-only in the image.
  printf '%s\n' $flags -cp "$class_path" >"$dir/java.args"

  # Trained outside of a container: the JVM accepts a class path whose common prefix moved from $root to /app.
  local log=$dir.log
  local -a run=("$base/opt/java/bin/java" -XX:AOTCacheOutput="$dir/app.aot" -Xlog:aot=warning $flags
    -Djava.io.tmpdir="$root/work" -cp "${class_path//\/app\//$root/}")
  case $training in
    service)
      # shellcheck source=jdk.sh
      . "$here/jdk.sh"
      run=("$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 -cp "${class_path//\/app\//$root/}" "$here/Training.java"
        "$base/opt/java/bin/keytool" "$root/work" "${run[@]}" -Dspring.main.banner-mode=off "$main") ;;
    alone) run+=(-Debb.training=true "$main") ;;
    *) fail "what training is $training? service or alone" ;;
  esac
  if ! (cd "$root/work" && env -i PATH=/usr/bin:/bin TZ=UTC LANG=C.UTF-8 "${run[@]}") >"$log" 2>&1; then
    [ ! -r "$root/work/service.log" ] || cat "$root/work/service.log" >>"$log"
    tail -n 40 "$log" >&2
    fail "the training run of $main failed; the whole log is $log"
  fi
  [ -s "$dir/app.aot" ] || { tail -n 40 "$log" >&2; fail "the training run of $main wrote no AOT cache; see $log"; }

  # The cache must be accepted, or the run fails: AOTMode=on.
  if ! (cd "$root/work" && env -i PATH=/usr/bin:/bin LANG=C.UTF-8 \
    "$base/opt/java/bin/java" -XX:AOTCache="$dir/app.aot" -XX:AOTMode=on $flags \
    -cp "${class_path//\/app\//$root/}" --dry-run "$main") >>"$log" 2>&1; then
    tail -n 20 "$log" >&2
    fail "the JVM refuses the AOT cache of $main; see $log"
  fi
  chmod 644 "$dir"/*
  find "$dir" -exec touch -d @1 {} +
  rm -rf "$root"
  echo "$key" >"$dir.key"
}

case ${1-} in
  base) [ $# = 2 ] || fail "usage: image.sh base DIR"; build_base "$2" ;;
  app) [ $# = 9 ] || fail "usage: image.sh app DIR BASE CLASSES JAR MAIN FLAGS TRAINING PATH"; shift; build_app "$@" ;;
  *) fail "usage: image.sh base|app ..." ;;
esac
