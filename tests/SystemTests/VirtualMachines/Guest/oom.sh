# shellcheck shell=dash disable=SC2154
# More memory than the limit allows.

# dd with a buffer that does not fit is killed by the kernel.
greedy='dd if=/dev/zero of=/dev/null bs=64M count=1 2>/dev/null'

# Returns when the watcher has subscribed: it has seen an event made for it.
watch_events() {
  ctr events >"/run/checks/events-$1" 2>&1 3>&- &
  echo $! >/run/checks/watcher
  until_true "the watcher of events" sees_an_event "$1"
}

sees_an_event() {
  ctr namespaces label "$namespace" "seen=$(now)" && grep -q /namespaces/update "/run/checks/events-$1"
}

end_watching() { kill "$(cat /run/checks/watcher)"; }

# event ID TOPIC: the number of its first line; nothing when there is none.
event() { grep -n "$2 .*\"$1\"" "/run/checks/events-$1" | head -n 1 | cut -d : -f 1; }
has_event() { [ -n "$(event "$1" "$2")" ]; }

create_greedy() {
  id=$1
  watch_events "$id" || return
  mkfifo "$rootfs/tmp/$id" || return
  run "$id" "read go </tmp/$id; $2" --detach --memory-limit 33554432
}

# Opening a FIFO waits for the other side, which may have ended.
let_go() { timeout 30 sh -c "echo go >$rootfs/tmp/$1"; }

oom_of_a_child() {
  id=child-$runtime
  create_greedy "$id" "$greedy; sleep 1000" || return
  let_go "$id" || return
  until_true "TaskOOM" has_event "$id" /tasks/oom
  end_watching
  if ! has_event "$id" /tasks/oom || ! is "$id" RUNNING; then
    cat "/run/checks/events-$id"
    return 1
  fi
  ctr tasks metrics --format json "$id" >/run/checks/figures || return
  at_least "memory_events.oom_kill" 1 "$(figure memory_events oom_kill)" || return
  echo "TaskOOM, the container runs on, oom_kill $(figure memory_events oom_kill)"
}

# systemd removes the cgroup of a container that is over as soon as it is empty, the counter with it. A shim that looks at once is quicker as a
# rule, but on an emulated machine with other work not every time: one of three must be told.
oom_of_the_container() {
  greedy_is_told && return
  [ "$machine" = vm-systemd ] || return
  for again in 2 3; do
    remove_greedy
    rm "$rootfs/tmp/greedy-$runtime"
    echo "not told; attempt $again"
    greedy_is_told && return
  done
  return 1
}

greedy_is_told() {
  id=greedy-$runtime
  create_greedy "$id" "exec $greedy" || return
  let_go "$id" || return
  until_true "TaskExit" has_event "$id" /tasks/exit
  # An OOM that comes after the exit is a fault, but it must be seen as such.
  until_true "TaskOOM" has_event "$id" /tasks/oom
  end_watching
  grep "/tasks/.*\"$id\"" "/run/checks/events-$id" | sed -E 's|.* (/tasks/[a-z]+) .*|\1|'
  grep -q '/tasks/exit .*"exit_status":137' "/run/checks/events-$id" && has_event "$id" /tasks/oom &&
    [ "$(event "$id" /tasks/oom)" -lt "$(event "$id" /tasks/exit)" ]
}

# kubelet asks after the exit whether it was an OOM. systemd removes the scope's cgroup as soon as it is empty: ours remembers, the
# reference does not.
stats_after_the_end() {
  id=greedy-$runtime
  said=$(ctr tasks metrics --format json "$id" 2>&1 >/run/checks/figures)
  code=$?
  kills=$(figure memory_events oom_kill)
  [ "$code$machine$shim" != 1vm-systemdio.containerd.runc.v2 ] || { skip "the reference has no figures any more: $said"; return; }
  same "exit code of ctr tasks metrics ($said)" 0 $code || return
  at_least "memory_events.oom_kill" 1 "$kills" && echo "oom_kill $kills"
}

# Also after a check that has failed.
remove_greedy() {
  ctr tasks delete --force "child-$runtime" "greedy-$runtime"
  ctr containers delete "child-$runtime" "greedy-$runtime"
} >/dev/null 2>&1
