# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154 # the shell of the container expands it; and what eng/demo.sh and the stack set
# The story: its steps, and what each must find. A stack says how things are done: $daemon_name, start_daemon, run_hello, start_writer, run_exec,
# terminal_command, task, stop_writer, and kill_daemon and stop_daemon where there is more than one daemon.

number=0
daemon=

tell_the_story() {
  step "start a private $daemon_name" start_daemon
  step "run a container" hello
  step "run one that writes, watch its output" watch_writer
  step "exec in it" exec_in_it
  step "a terminal in it" terminal_in_it
  step "SIGKILL for $daemon_name" kill_and_watch
  step "start $daemon_name again" start_daemon
  step "it has found the container" same_task
  step "the output goes on" output_goes_on
  step "stop the container" stop_writer
  step "its whole output" all_lines
  step "stop $daemon_name" stop_daemon
  step "look for what is left" nothing_is_left
}

# step WHAT FUNCTION: one line of the screen. The function prints what it found; it fails when something is not so.
step() {
  local start=$EPOCHREALTIME found
  number=$((number + 1))
  printf '%2d  %-48s' "$number" "$1"
  "$2" >"$dir/found" || { printf 'NOT SO: %s\n' "$(<"$dir/found")"; grep -hE 'level=(error|warning)' "$dir"/*.log | tail -n 5; exit 1; }
  found=$(<"$dir/found")
  awk -v a="$start" -v b="$EPOCHREALTIME" -v f="$found" 'BEGIN { printf "%-62s %6.2f s\n", f, b - a }'
}

no() {
  printf '%s\n' "$*"
  return 1
}

# until_true WHAT COMMAND...: looks again and again, for at most 20 s.
until_true() {
  local what=$1 deadline=$((SECONDS + 20))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || { no "waited in vain for $what"; return 1; }
    sleep 0.02
  done
}

build_rootfs() {
  local applet
  mkdir -p "$dir"/rootfs/{bin,proc,dev,sys}
  cp /bin/busybox "$dir/rootfs/bin/"
  for applet in sh sleep usleep echo cat ps tty stty; do
    ln -s busybox "$dir/rootfs/bin/$applet"
  done
}

lines() { wc -l <"$dir/output"; }

has_more_lines_than() { (($(lines) > $1)); }

hello() {
  local said code=0
  said=$(run_hello 'echo hello from pid $$; exit 7') || code=$?
  [[ $said == "hello from pid 1" && $code == 7 ]] || { no "'$said', exit code $code"; return 1; }
  echo "'$said', exit code $code"
}

watch_writer() {
  start_writer 'while [ ! -e /go ]; do usleep 10000; done; trap "exit 42" TERM; i=0; while :; do echo line $i; i=$((i+1)); usleep 5000; done' || return 1
  until_true "output" has_more_lines_than 5 || return 1
  task >"$dir/task"
  echo "pid $(cut -d ' ' -f 1 "$dir/task"), live: $(head -n 3 "$dir/output" | paste -sd , | sed 's/,/, /g'), ..."
}

exec_in_it() {
  local said code=0
  said=$(run_exec 'echo pid $$ beside pid 1; exit 3' </dev/null) || code=$?
  [[ $said == "pid "*" beside pid 1" && $code == 3 ]] || { no "'$said', exit code $code"; return 1; }
  echo "'$said', exit code $code"
}

terminal_in_it() {
  local said code=0
  said=$(script -qec "stty rows 33 columns 99; $(terminal_command "'tty; sleep 0.2; stty size; exit 5'")" /dev/null </dev/null | tr -d '\r' | paste -sd ' ') || code=$?
  [[ $said =~ (/dev/pts/[0-9]+|/dev/console).*33\ 99 && $code == 5 ]] || { no "'$said', exit code $code"; return 1; }
  echo "${BASH_REMATCH[1]}, 33 rows 99 columns, exit code $code"
}

kill_daemon() { { kill -9 "$daemon" && wait "$daemon"; } 2>/dev/null || true; }

kill_and_watch() {
  local before
  before=$(lines)
  kill_daemon
  until_true "output without $daemon_name" has_more_lines_than $((before + 50)) || return 1
  echo "pid $daemon is gone, $(($(lines) - before)) more lines meanwhile"
}

same_task() {
  local now
  now=$(task)
  [[ $now == "$(<"$dir/task")" ]] || { no "was '$(<"$dir/task")', is '$now'"; return 1; }
  echo "$now: the same pid as before"
}

output_goes_on() {
  local before
  before=$(lines)
  until_true "more output" has_more_lines_than $((before + 20)) || return 1
  echo "line $before, ... line $(($(lines) - 1))"
}

all_lines() {
  awk '$0 != "line " NR - 1 { print "line " NR " is: " $0; exit 1 }' "$dir/output" || return 1
  echo "$(lines) lines, none lost, none twice, all in order"
}

stop_daemon() {
  { kill "$daemon" && wait "$daemon"; } 2>/dev/null || true
  [[ ! -d /proc/$daemon ]] || { no "$daemon_name $daemon does not end"; return 1; }
  echo "pid $daemon has ended"
}
