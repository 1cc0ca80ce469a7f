# shellcheck shell=bash
# Runs every test project, one after the other, and holds the result against the committed minimum.

# run_tests [ARGUMENT...]: the arguments go to each test program (for instance -class '*Restart*'). With arguments the minimum does not count.
run_tests() {
  local project log=out/tests.log broken=0
  : >"$log"
  for project in tests/*/*.csproj; do
    grep -q 'xunit' "$project" || continue
    say "$(basename "$project" .csproj)"
    dotnet build -c Release "$project" --nologo -v quiet -tl:off || broken=1
    dotnet run -c Release --no-build --project "$project" -- -noColor "$@" 2>&1 | tee -a "$log" || broken=1
  done
  count_tests "$log"
  ((failed == 0 && broken == 0)) || fail_tests "see above"
  (($# > 0 || passed >= $(<eng/minimum-tests))) || fail_tests "fewer tests passed than the $(<eng/minimum-tests) of eng/minimum-tests"
  totals
}

# Adds up the summaries that the test programs print: "Total: 33, Errors: 0, Failed: 1, Skipped: 2, Not Run: 0, Time: 6.213s".
count_tests() {
  read -r passed failed skipped < <(awk '/ Total: [0-9]+, Errors: / {
      gsub(",", "")
      for (i = 1; i < NF; i++) { if ($i ~ /^(Total|Errors|Failed|Skipped|Run):$/) n[$i] += $(i + 1) }
    }
    END { bad = n["Errors:"] + n["Failed:"]; print n["Total:"] - bad - n["Skipped:"] - n["Run:"], bad + 0, n["Skipped:"] + 0 }' "$1")
}

totals() { printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"; }

fail_tests() {
  printf '%s\n' "build.sh: tests failed: $1" >&2
  totals
  exit 1
}
