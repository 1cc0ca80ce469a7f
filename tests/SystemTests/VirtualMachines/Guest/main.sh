#!/bin/busybox sh
# shellcheck shell=dash disable=SC1091
# Everything that a virtual machine does: starts containerd, runs the checks with each runtime, reports on the second serial line. The machine
# is named in machine.sh, which comes with the tar file.
cd /opt/shimstack || exit 1
. ./machine.sh
. ./report.sh
. ./daemon.sh
. ./containers.sh
. ./life.sh
. ./limits.sh
. ./oom.sh
. ./live.sh

mkdir -p bin && ln -s ../crun.sh bin/crun
open_report
write_configuration
make_rootfs
check "daemon" start_daemon
for runtime in runc crun; do
  check "run/$runtime" run_and_exit
  check "create/$runtime" create_with_limits
  check "exec/$runtime" exec_and_exit
  check "terminal/$runtime" exec_in_a_terminal
  check "pause/$runtime" pause_and_resume
  check "update/$runtime" update_limits
  check "stats/$runtime" read_stats
  check "restart/$runtime" restart_daemon
  check "kill/$runtime" kill_and_delete
  check "leftovers/$runtime" nothing_is_left
  check "oom-child/$runtime" oom_of_a_child
  check "oom/$runtime" oom_of_the_container
  check "oom-stats/$runtime" stats_after_the_end
  remove_greedy
  check "oom-leftovers/$runtime" nothing_is_left
done
check "drill-live" drill_live
show_log
end_report
