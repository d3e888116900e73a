# shellcheck shell=bash
# Sourced, not run: what took how long. `timed NAME COMMAND...` runs a part; `tell_times FILE` says what the
# parts took, and which test classes took longest in reports newer than FILE. It tells and never judges: nothing
# that goes wrong in it fails the run that it is about.

parts=()

timed() {
  local name=$1 start=$SECONDS
  shift
  "$@"
  parts+=("$name $((SECONDS - start)) s")
}

# Seconds and names of the test classes whose reports are newer than $1, longest first.
longest_classes() {
  find target/surefire-reports target/failsafe-reports -name 'TEST-*.xml' -newer "$1" 2>/dev/null |
    while read -r report; do
      grep -m 1 '<testsuite ' "$report" |
        sed -n 's/.* name="\(io[^"]*\)" time="\([0-9.,]*\)".*/\2 \1/p' | tr -d ,
    done | sort -rn
}

tell_times() {
  echo "${0##*/}: took: $(printf '%s\n' "${parts[@]}" | paste -sd ,)"
  echo "${0##*/}: the longest test classes, in seconds:"
  longest_classes "$1" | head -n 8 | while read -r seconds name; do
    printf '  %6.0f  %s\n' "$seconds" "${name#io.agentvault.}"
  done || true
}
