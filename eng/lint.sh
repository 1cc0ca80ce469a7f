# shellcheck shell=bash
# The house style, as far as a machine can see it.

max_source_lines=400

check_sources() {
  local long
  say "dotnet format --verify-no-changes"
  run_quietly "dotnet restore" dotnet restore ShimStack.sln
  dotnet format ShimStack.sln --verify-no-changes --no-restore || fail "the sources are not formatted"
  long=$(git ls-files 'src/*.cs' 'src/*.c' 'tests/*.cs' 'tests/*.c' | xargs wc -l | awk -v max="$max_source_lines" '$1 > max && $2 != "total"')
  [[ -z $long ]] || fail "files above $max_source_lines lines:"$'\n'"$long"
}

check_scripts() {
  say "shellcheck"
  bash -n build.sh .ci/run eng/*.sh eng/demo/*.sh
  shellcheck build.sh .ci/run eng/*.sh eng/demo/*.sh eng/vm/*.sh eng/debian/{postinst,prerm,postrm} tests/SystemTests/VirtualMachines/Guest/*.sh || fail "the scripts have faults"
}
