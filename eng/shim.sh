# shellcheck shell=bash
# The shim's binary and its gates. build.sh names it: $shim.
# shellcheck disable=SC2154

max_binary_bytes=4720000

# Publishes with NativeAOT. A warning of the trimmer or of the AOT compiler is a failure: the code it warns of breaks at run time, not here.
publish_shim() {
  local log=out/publish.log
  mkdir -p out/bin
  say "publishing $shim (NativeAOT)"
  dotnet publish src/Shim -c Release --nologo -v minimal -tl:off >"$log" 2>&1 || { cat "$log" >&2; fail "publish failed"; }
  if grep -E '(warning|error) (IL|CS|CA|RS|IDE)[0-9]+' "$log" >&2; then
    fail "publish has warnings"
  fi
  command install -m 0755 "out/artifacts/publish/Shim/release/$shim" "out/bin/$shim"
}

# The helper of demo and tests: a subreaper that reaps.
build_probe() {
  mkdir -p out
  gcc -std=c17 -O1 -Wall -Wextra -Werror -o out/probe tests/Probe/probe.c || fail "the probe does not build"
}

check_binary_size() {
  local size
  size=$(stat -c %s "out/bin/$shim")
  say "binary: $size bytes (at most $max_binary_bytes)"
  ((size <= max_binary_bytes)) || fail "the binary is too large"
}
