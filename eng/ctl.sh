# shellcheck shell=bash
# The client's binary.

publish_ctl() {
  local log=out/publish.shimctl.log
  mkdir -p out/bin
  say "publishing shimctl (NativeAOT)"
  dotnet publish src/Ctl -c Release --nologo -v minimal -tl:off >"$log" 2>&1 || { cat "$log" >&2; fail "publish failed"; }
  if grep -E '(warning|error) (IL|CS|CA|RS|IDE)[0-9]+' "$log" >&2; then
    fail "publish has warnings"
  fi
  command install -m 0755 out/artifacts/publish/Ctl/release/shimctl out/bin/
}
