# shellcheck shell=bash
# Builds all projects at once, runs every test project, one after the other, and holds the result against the committed minimum.

# run_tests [ARGUMENT...]: the arguments go to each test program (for instance --filter-class '*Restart*'). With arguments the minimum does not
# count, a program without a matching test (exit code 8) is no failure, and there is no soak.
run_tests() {
  local project log=out/tests.log broken=0 soak='' apart=()
  : >"$log"
  say "building all projects"
  dotnet build -c Release ShimStack.sln --nologo -v quiet -tl:off || fail "the projects do not build"
  for project in tests/*/*.csproj; do
    grep -q 'xunit' "$project" || continue
    apart=()
    say "$(basename "$project" .csproj)"
    if [[ $project == */SystemTests.csproj && $# == 0 ]]; then
      # Beside the system tests, which also wait: so it costs little time. They go first where both want to work.
      local seed=${SHIMSTACK_SOAK_SEED:-71}
      say "beside it the soak, seed $seed (out/soak.log)"
      run_soak "${SHIMSTACK_SOAK_MINUTES:-3}" "$seed" >out/soak.log 2>&1 &
      soak=$!
      apart=(--filter-not-class '*.SoakTests')
    fi
    dotnet run -c Release --no-build --project "$project" -- --no-ansi --progress off "${apart[@]}" "$@" 2>&1 | tee -a "$log" || [[ $? == 8 && $# -gt 0 ]] || broken=1
  done
  if [[ -n $soak ]]; then
    wait "$soak" || broken=1
    tee -a "$log" <out/soak.log
  fi
  count_tests "$log"
  ((failed == 0 && broken == 0)) || fail_tests "see above"
  (($# > 0 || passed >= $(<eng/minimum-tests))) || fail_tests "fewer tests passed than the $(<eng/minimum-tests) of eng/minimum-tests"
  totals
}

# run_soak MINUTES [SEED]: the random walk of tests/SystemTests/Soak, a third of the time on each containerd.
run_soak() {
  local seed=${2:-$RANDOM}
  say "soak: $1 minutes, seed $seed; again: ./build.sh soak $1 $seed"
  SHIMSTACK_SOAK_MINUTES=$1 SHIMSTACK_SOAK_SEED=$seed nice -n 5 dotnet run -c Release --no-build --project tests/SystemTests -- \
    --no-ansi --progress off --explicit only --filter-class '*SoakTests'
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
