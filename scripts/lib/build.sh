# shellcheck shell=bash
# Sourced, not run: builds the JVM package and the development classes when their sources are newer.

# SKIP_BUILD=1 takes what is there, for tests that run inside a build.

# What the package is made of; a change in any of it makes the package stale.
build_inputs=(pom.xml .mvn src/main src/local src/test)

build_is_stale() {
  local stamp=target/.built
  [[ -f $stamp && -f target/function.zip && -f target/test.classpath ]] || return 0
  [[ -n $(find "${build_inputs[@]}" -newer "$stamp" -print -quit) ]]
}

build_when_stale() {
  [[ ${SKIP_BUILD:-} != 1 ]] || return 0
  build_is_stale || return 0
  echo "${0##*/}: building (the first build fetches the dependencies, which takes some minutes)"
  mkdir -p target
  # The stamp is older than the build, so that a source saved meanwhile is newer than it.
  touch target/.building
  if ! ./mvnw -q -B -DskipTests package >target/build.log 2>&1; then
    tail -n 40 target/build.log >&2
    echo "${0##*/}: the build failed; its whole output is in target/build.log" >&2
    exit 1
  fi
  mv target/.building target/.built
}
