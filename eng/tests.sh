# shellcheck shell=bash
# Runs every test project, one after the other, and holds the result against the committed minimum.

# run_tests [ARGUMENT...]: the arguments go to each test program (for instance --filter-class '*Restart*'). With arguments the minimum does not
# count, and a program without a matching test (exit code 8) is no failure.
run_tests() {
  local project log=out/tests.log broken=0
  : >"$log"
  for project in tests/*/*.csproj; do
    grep -q 'xunit' "$project" || continue
    say "$(basename "$project" .csproj)"
    dotnet build -c Release "$project" --nologo -v quiet -tl:off || { broken=1; continue; }
    dotnet run -c Release --no-build --project "$project" -- --no-ansi --progress off "$@" 2>&1 | tee -a "$log" || [[ $? == 8 && $# -gt 0 ]] || broken=1
  done
  count_tests "$log"
  ((failed == 0 && broken == 0)) || fail_tests "see above"
  (($# > 0 || passed >= $(<eng/minimum-tests))) || fail_tests "fewer tests passed than the $(<eng/minimum-tests) of eng/minimum-tests"
  totals
}

# Adds up the summaries of the test programs: lines such as "  succeeded: 113".
count_tests() {
  read -r passed failed skipped < <(awk '/^ +succeeded: [0-9]+$/ { p += $2 } /^ +failed: [0-9]+$/ { f += $2 } /^ +skipped: [0-9]+$/ { s += $2 }
    END { print p + 0, f + 0, s + 0 }' "$1")
}

totals() { printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"; }

fail_tests() {
  printf '%s\n' "build.sh: tests failed: $1" >&2
  totals
  exit 1
}
