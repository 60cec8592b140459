# Copyright The Howdah Authors
# SPDX-License-Identifier: Apache-2.0
#
# Sourced by mvnw and howdah: finds a JDK of at least 25 and exports it as JAVA_HOME, or ends with 2 and one line.

jdk_least=25

# Is $1 the home of a JDK that is new enough?
jdk_fits() {
  [ -n "$1" ] && [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
  jdk_version=
  if [ -r "$1/release" ]; then
    jdk_version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" | head -n 1)
  fi
  if [ -z "$jdk_version" ]; then
    jdk_version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
  fi
  [ -n "$jdk_version" ] && [ "$jdk_version" -ge "$jdk_least" ]
}

# The home behind the `java` on PATH: by its links, else (shims of version managers) by asking it.
jdk_on_path() {
  jdk_java=$(command -v java 2>/dev/null) || return 0
  while [ -L "$jdk_java" ]; do
    jdk_link=$(readlink "$jdk_java")
    case $jdk_link in
      /*) jdk_java=$jdk_link ;;
      *) jdk_java=$(dirname "$jdk_java")/$jdk_link ;;
    esac
  done
  jdk_found=$(CDPATH='' cd "$(dirname "$jdk_java")/.." 2>/dev/null && pwd -P)
  if [ ! -r "$jdk_found/release" ]; then
    jdk_found=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
  fi
  printf '%s\n' "$jdk_found"
}

jdk_find() {
  if jdk_fits "${JAVA_HOME-}"; then
    export JAVA_HOME
    return 0
  fi
  jdk_home=$(jdk_on_path)
  if ! jdk_fits "$jdk_home"; then
    jdk_home=
    for jdk_candidate in /usr/lib/jvm/* /opt/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
      "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/*; do
      if jdk_fits "$jdk_candidate"; then
        jdk_home=$jdk_candidate
        break
      fi
    done
  fi
  if [ -z "$jdk_home" ] && [ -x /usr/libexec/java_home ]; then
    jdk_home=$(/usr/libexec/java_home -v "$jdk_least+" 2>/dev/null)
    jdk_fits "$jdk_home" || jdk_home=
  fi
  if [ -z "$jdk_home" ]; then
    echo "howdah: no JDK $jdk_least or newer in JAVA_HOME, on PATH or in the usual places: install one (for example from https://adoptium.net) and set JAVA_HOME to it" >&2
    exit 2
  fi
  JAVA_HOME=$jdk_home
  export JAVA_HOME
}

jdk_find
