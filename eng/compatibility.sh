# shellcheck shell=bash
# docs/compatibility.md: the system tests that carry [Feature], run with our shim and with Debian's, and made into a table by tests/Compatibility.
# shellcheck disable=SC2154

# make_table [broken]: broken runs a shim that is broken on purpose in our shim's place, and fails unless the table shows it.
make_table() {
  local results=$PWD/out/compatibility table=docs/compatibility.md
  dotnet build -c Release tests/SystemTests --nologo -v quiet -tl:off || fail "the system tests do not build"
  run_features reference io.containerd.runc.v2
  if [[ ${1:-} == broken ]]; then
    SHIMSTACK_TEST_BROKEN=1 run_features broken io.containerd.shimstack.v2
    ! render broken "$results/broken.md" 2>/dev/null || fail "the table of a broken shim has no failed cell"
    say "$(grep -o '✗ [0-9]' "$results/broken.md" | wc -l) failed cells with the broken shim: $results/broken.md"
  else
    run_features ours io.containerd.shimstack.v2
    render ours "$table" || fail "$table has failed cells"
    say "$table"
  fi
}

# run_features NAME RUNTIME: a failed test is a cell, not a reason to stop here.
run_features() {
  say "features with $2 ($1)"
  rm -f "$results/$1.xml"
  SHIMSTACK_TEST_RUNTIME=$2 dotnet run -c Release --no-build --project tests/SystemTests -- --no-ansi --progress off --filter-trait 'feature=*' \
    --results-directory "$results" --report-xunit-xml --report-xunit-xml-filename "$1.xml" >"out/compatibility-$1.log" || true
  [[ -s $results/$1.xml ]] || { tail -n 20 "out/compatibility-$1.log" >&2; fail "the run has written no report"; }
}

# render NAME TABLE
render() {
  dotnet run -c Release --no-build --project tests/Compatibility -- "$results/$1.xml" "$results/reference.xml" "$2" "$(machine_facts)"
}

machine_facts() {
  local pair versions=()
  for pair in "${daemon_lines[@]}"; do
    versions+=("$("$(daemon_bin "${pair%%:*}")/containerd" --version | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1)")
  done
  printf 'This run: containerd %s, %s and %s; runc %s, crun %s; kernel %s.' "${versions[@]}" \
    "$(runc --version | awk 'NR == 1 { print $3 }')" "$(crun --version | awk 'NR == 1 { print $3 }')" "$(uname -r | grep -oE '^[0-9]+\.[0-9]+')"
}
