# shellcheck shell=bash
# Sourced, not run: `find_native_toolchain ARCHITECTURE` says in $native_toolchain what can build a native
# Linux executable: the home of a GraalVM for JDK 25, or "container". When nothing can, it returns 1 and
# $native_missing is one sentence that says what to install.

# This machine's architecture in the words of Lambda and SAM.
machine_architecture() {
  case $(uname -m) in
    x86_64 | amd64) echo x86_64 ;;
    aarch64 | arm64) echo arm64 ;;
    *) uname -m ;;
  esac
}

# What Maven is told of the machine that an executable is for; $1 its architecture. Every x86_64 machine of Lambda
# has AVX2, and with it the instructions for AES and GHASH, without which AES-GCM takes four times as long.
machine_argument() {
  if [[ $1 == x86_64 ]]; then
    echo "-Dquarkus.native.march=haswell"
  fi
}

# The home of a GraalVM whose native-image is there; nothing if there is none.
graalvm_home() {
  local image
  if [[ -n ${GRAALVM_HOME:-} && -x $GRAALVM_HOME/bin/native-image ]]; then
    echo "$GRAALVM_HOME"
  elif image=$(command -v native-image); then
    (cd "$(dirname "$(readlink -f "$image")")" && while [[ ! -e release && $PWD != / ]]; do cd ..; done && pwd)
  fi
}

container_runtime() {
  local runtime
  for runtime in docker podman; do
    if command -v "$runtime" >/dev/null && "$runtime" info >/dev/null 2>&1; then
      echo "$runtime"
      return 0
    fi
  done
  return 1
}

# Whether a GraalVM here can build for that architecture; $1 its home, $2 the architecture.
graalvm_suits() {
  local version
  if [[ $(uname -s) != Linux || $2 != "$(machine_architecture)" ]]; then
    native_missing="a GraalVM builds for its own machine only, and Linux on $2 is wanted: install Docker or podman"
  elif ! version=$("$1/bin/native-image" --version 2>/dev/null) || [[ ${version%%$'\n'*} != *" 25"* ]]; then
    native_missing="the GraalVM in $1 is not one for JDK 25: set GRAALVM_HOME to one that is, or start Docker or podman"
  elif ! command -v gcc >/dev/null; then
    native_missing="native-image needs gcc and zlib's headers (gcc and zlib1g-dev, or gcc and zlib-devel)"
  else
    return 0
  fi
  return 1
}

find_native_toolchain() {
  local home
  native_missing="no GraalVM for JDK 25 (GRAALVM_HOME or native-image on PATH) and no Docker or podman that runs"
  home=$(graalvm_home)
  if [[ -n $home ]] && graalvm_suits "$home" "$1"; then
    native_toolchain=$home
  elif container_runtime >/dev/null; then
    native_toolchain=container
  else
    return 1
  fi
}
