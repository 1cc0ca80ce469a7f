# shellcheck shell=bash
# The supervisor's binary. It has SQLite beside it as a library.

publish_supervisor() {
  local log=out/publish.shimstackd.log folder=out/artifacts/publish/Supervisor/release
  mkdir -p out/bin
  say "publishing shimstackd (NativeAOT)"
  dotnet publish src/Supervisor -c Release --nologo -v minimal -tl:off >"$log" 2>&1 || { cat "$log" >&2; fail "publish failed"; }
  if grep -E '(warning|error) (IL|CS|CA|RS|IDE)[0-9]+' "$log" >&2; then
    fail "publish has warnings"
  fi
  command install -m 0755 "$folder/shimstackd" "$folder/libe_sqlite3.so" out/bin/
}
