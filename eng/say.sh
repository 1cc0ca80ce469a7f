# shellcheck shell=bash
# How the scripts talk: what they do on one line, and why they stop.

say() { printf '%s\n' "== $*"; }

fail() {
  printf '%s\n' "build.sh: $*" >&2
  exit 1
}

# run_quietly WHAT COMMAND...: silent when it works; all of its output when it does not.
run_quietly() {
  local what=$1 log
  log=$(mktemp)
  shift
  if ! "$@" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    fail "$what failed"
  fi
  rm -f "$log"
}
