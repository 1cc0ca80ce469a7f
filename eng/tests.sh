# shellcheck shell=bash
# Runs every test project, one after the other, and holds the result against the committed minimum.

# run_tests [ARGUMENT...]: the arguments go to each test program (for instance --filter-class). With arguments the minimum does not count.
run_tests() {
  local project log=out/tests.log broken=0
  : >"$log"
  for project in tests/*/*.csproj; do
    grep -q 'xunit' "$project" || continue
    say "$(basename "$project" .csproj)"
    dotnet run -c Release --project "$project" -- --no-progress --no-ansi "$@" 2>&1 | tee -a "$log" || broken=1
  done
  count_tests "$log"
  # 8: "no test ran", which a filter makes normal.
  ((failed == 0 && (broken == 0 || $# > 0))) || fail_tests "see above"
  (($# > 0 || passed >= $(<eng/minimum-tests))) || fail_tests "fewer tests ran than the $(<eng/minimum-tests) in eng/minimum-tests"
  totals
}

# Adds up the summaries that the test platform prints for each program.
count_tests() {
  read -r passed failed skipped < <(awk '/^ +succeeded: / { p += $2 } /^ +failed: / { f += $2 } /^ +skipped: / { s += $2 } END { print p + 0, f + 0, s + 0 }' "$1")
}

totals() { printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"; }

fail_tests() {
  printf '%s\n' "build.sh: tests failed: $1" >&2
  totals
  exit 1
}
