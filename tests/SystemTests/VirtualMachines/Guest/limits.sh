# shellcheck shell=dash disable=SC2154
# Limits, as the kernel has them in the cgroup, and figures, as Task.Stats gives them.

create_with_limits() {
  run "main-$runtime" 'trap "exit 42" TERM; sleep 1000 & wait' --detach \
    --memory-limit 67108864 --cpu-quota 50000 --cpu-period 100000 || return
  until_true "the container" is "main-$runtime" RUNNING || return
  same "the cgroup" "$(cgroup_of "main-$runtime")" "/sys/fs/cgroup$(cut -d : -f 3 "/proc/$(pid_of "main-$runtime")/cgroup")" || return
  same "memory.max" 67108864 "$(cgroup_file "main-$runtime" memory.max)" || return
  same "cpu.max" "50000 100000" "$(cgroup_file "main-$runtime" cpu.max)" || return
  same_in_the_unit "main-$runtime" || return
  echo "memory.max and cpu.max"
}

# runc tells systemd of the limits too: else they would be gone at its next reload.
same_in_the_unit() {
  [ "$machine" = vm-systemd ] || return 0
  same "the scope" active "$(systemctl is-active "cri-containerd-$1.scope")" || return
  [ "$runtime" != runc ] ||
    same "MemoryMax of the scope" "$(cgroup_file "$1" memory.max)" "$(systemctl show -p MemoryMax --value "cri-containerd-$1.scope")"
}

update_limits() {
  update "main-$runtime" '{"memory":{"limit":50331648},"cpu":{"quota":40000,"period":100000},"pids":{"limit":40}}' || return
  same "memory.max" 50331648 "$(cgroup_file "main-$runtime" memory.max)" || return
  same "cpu.max" "40000 100000" "$(cgroup_file "main-$runtime" cpu.max)" || return
  same "pids.max" 40 "$(cgroup_file "main-$runtime" pids.max)" || return
  same_in_the_unit "main-$runtime" || return
  echo "memory.max, cpu.max and pids.max"
}

# figure SECTION KEY: from the figures last read.
figure() {
  sed -n "/^  \"$1\": {/,/^  }/s/^    \"$2\": \([0-9]*\).*/\1/p" /run/checks/figures
}

# at_least WHAT EXPECTED ACTUAL
at_least() { [ "${3:-0}" -ge "$2" ] || no "$1: expected at least $2, found '$3'"; }

read_stats() {
  ctr tasks metrics --format json "main-$runtime" >/run/checks/figures || return
  same "pids.limit" 40 "$(figure pids limit)" || return
  at_least "pids.current" 1 "$(figure pids current)" || return
  same "memory.usage_limit" 50331648 "$(figure memory usage_limit)" || return
  at_least "memory.usage" 4096 "$(figure memory usage)" || return
  at_least "memory.anon" 4096 "$(figure memory anon)" || return
  at_least "memory.pgfault" 1 "$(figure memory pgfault)" || return
  at_least "cpu.usage_usec" 1000 "$(figure cpu usage_usec)" || return
  at_least "cpu.nr_periods" 1 "$(figure cpu nr_periods)" || return
  grep -q '"memory_events"' /run/checks/figures || { no "there are no memory_events"; return; }
  echo "memory.usage $(figure memory usage), cpu.usage_usec $(figure cpu usage_usec), $(grep -c '": [0-9]' /run/checks/figures) figures"
}
