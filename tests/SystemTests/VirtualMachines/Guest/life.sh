# shellcheck shell=dash disable=SC2154,SC2016
# The life of a container, as it is on any machine.

run_and_exit() {
  said=$(run "short-$runtime" 'echo hello from pid $$; exit 7' --rm)
  code=$?
  echo "'$said', exit code $code"
  [ "$said" = "hello from pid 1" ] && [ $code = 7 ]
}

exec_and_exit() {
  said=$(ctr tasks exec --exec-id e1 "main-$runtime" /bin/sh -c 'echo beside; exit 3' </dev/null)
  code=$?
  echo "'$said', exit code $code"
  [ "$said" = beside ] && [ $code = 3 ]
}

exec_in_a_terminal() {
  # ctr tells the size when the process runs already; until then there is none.
  look='tty; for i in $(seq 100); do size=$(stty size 2>/dev/null); [ -n "$size" ] && break; usleep 100000; done; echo $size'
  line="ctr --namespace $namespace tasks exec -t --exec-id e2 main-$runtime /bin/sh -c '$look'"
  said=$(script -qec "stty rows 33 cols 99; $line" /dev/null </dev/null | tr -d '\r' | tr '\n' ' ')
  echo "'$said'"
  case $said in
    */dev/pts/*33\ 99*) ;;
    *) return 1 ;;
  esac
}

pause_and_resume() {
  ctr tasks pause "main-$runtime" || return
  same "state" PAUSED "$(state_of "main-$runtime")" || return
  same "frozen" 1 "$(cgroup_file "main-$runtime" cgroup.events | sed -n 's/frozen //p')" || return
  ctr tasks resume "main-$runtime" || return
  same "state" RUNNING "$(state_of "main-$runtime")" || return
  same "frozen" 0 "$(cgroup_file "main-$runtime" cgroup.events | sed -n 's/frozen //p')" && echo "frozen 1, then 0"
}

# SIGKILL for containerd; the next one finds the container with the same pid, and its limits and figures.
restart_daemon() {
  before=$(pid_of "main-$runtime")
  kill_daemon || return
  is "main-$runtime" RUNNING || { no "the container is '$(state_of "main-$runtime")'"; return; }
  same "pid" "$before" "$(pid_of "main-$runtime")" || return
  ctr tasks metrics --format json "main-$runtime" >/run/checks/figures || return
  same "limit after the restart" 40 "$(figure pids limit)" && echo "the same pid $before"
}

kill_and_delete() {
  pid=$(pid_of "main-$runtime")
  ctr tasks kill --signal SIGTERM "main-$runtime" || return
  until_true "the end of $pid" [ ! -e "/proc/$pid" ] || return
  said=$(ctr tasks delete "main-$runtime" 2>&1)
  ctr containers delete "main-$runtime" || return
  case $said in
    *"exit code 42"*) echo "exit code 42" ;;
    *) no "not exit code 42: $said" ;;
  esac
}

# Neither cgroup, nor unit, nor process.
nothing_is_left() {
  until_true "an end of what is left" is_clean && echo "no cgroup, no unit, no shim" && return
  left
  return 1
}

is_clean() { [ -z "$(left)" ]; }

left() {
  find /sys/fs/cgroup -type d \( -path '*/checks/*' -o -name 'cri-containerd-*' \)
  [ "$machine" != vm-systemd ] || systemctl list-units --all --no-legend 'cri-containerd-*'
  ls /run/containerd/s 2>/dev/null
  ls "/run/containerd/io.containerd.runtime.v2.task/$namespace" 2>/dev/null
  return 0
}
