# shellcheck shell=bash
# Sourced, not run: `use_jdk25` exports JAVA_HOME and puts JDK 25 first on PATH, whatever the default
# `java` is. Looks at JAVA_HOME, GRAALVM_HOME, the javac on PATH, the usual directories of Linux and
# macOS, SDKMAN, mise, asdf and jenv, in this order. Exits with one sentence when there is none.

# A JDK says its version in its `release` file: reading it is faster than starting it.
is_jdk25() {
  [[ -x "$1/bin/javac" && -r "$1/release" ]] && grep -q '^JAVA_VERSION="25[."]' "$1/release"
}

# The home of the javac that PATH finds, links resolved; nothing for the shims of version managers.
jdk_on_path() {
  local javac target hops=0
  javac=$(command -v javac) || return 0
  while [[ -L $javac && $((hops += 1)) -le 16 ]]; do
    target=$(readlink "$javac")
    [[ $target == /* ]] || target=$(dirname "$javac")/$target
    javac=$target
  done
  (cd "$(dirname "$javac")/.." 2>/dev/null && pwd)
}

find_jdk25() {
  local home
  for home in "${JAVA_HOME:-}" "${GRAALVM_HOME:-}" "$(jdk_on_path)" \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* \
    "${MISE_DATA_DIR:-$HOME/.local/share/mise}"/installs/java/* \
    "${ASDF_DATA_DIR:-$HOME/.asdf}"/installs/java/* \
    "$HOME"/.jenv/versions/* "$HOME"/.jdks/*; do
    if [[ -n $home ]] && is_jdk25 "$home"; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  return 1
}

use_jdk25() {
  local home
  if ! home=$(find_jdk25); then
    echo "${0##*/}: no JDK 25 found: install one (sdk install java 25-tem, mise install java@temurin-25, or https://adoptium.net) or set JAVA_HOME to it" >&2
    exit 1
  fi
  export JAVA_HOME=$home
  export PATH="$home/bin:$PATH"
}
