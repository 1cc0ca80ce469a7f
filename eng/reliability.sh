# shellcheck shell=bash
# docs/reliability.md: the fault tests, run with our shim and with the reference of containerd 2.x, and made into a page by tests/FaultTests itself.

make_reliability_page() {
  local outcomes=$PWD/out/reliability/outcomes.jsonl page=docs/reliability.md
  mkdir -p "$(dirname "$outcomes")"
  rm -f "$outcomes"
  dotnet build -c Release tests/FaultTests --nologo -v quiet -tl:off || fail "the fault tests do not build"
  say "faults, with our shim and the reference"
  # A failed test is a cell, not a reason to stop here.
  SHIMSTACK_FAULT_OUTCOMES=$outcomes dotnet run -c Release --no-build --project tests/FaultTests -- --no-ansi --progress off \
    --filter-class '*FaultTests' >out/reliability.log || true
  [[ -s $outcomes ]] || { tail -n 20 out/reliability.log >&2; fail "the run has written no outcomes"; }
  dotnet run -c Release --no-build --project tests/FaultTests -- page "$outcomes" "$page" "$(reliability_facts)" || fail "$page has failed cells"
  say "$page"
}

reliability_facts() {
  printf 'This run: the shim of containerd %s; runc %s; kernel %s.' \
    "$("$(daemon_bin 2.x)/containerd-shim-runc-v2" -v | awk '/Version/ { sub(/\+.*/, "", $2); print $2 }')" \
    "$(runc --version | awk 'NR == 1 { print $3 }')" "$(uname -r | grep -oE '^[0-9]+\.[0-9]+')"
}
