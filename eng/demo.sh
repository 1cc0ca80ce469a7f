#!/usr/bin/env bash
# shellcheck disable=SC2016 # the shells that expand these strings are others: the container's, and eval later
# The main job on one screen: a container under a containerd of its own, which is killed, comes back, and finds the container as it was.
# Run by `./build.sh demo [1.6|1.7|2.x]`, below `probe guard`, so that everything orphaned becomes a child of our parent and can be counted.
set -euo pipefail

line=${1:?which containerd}
runtime=${SHIMSTACK_TEST_RUNTIME:-io.containerd.shimstack.v2}
name=shimstack-demo-$$
dir=/tmp/$name
bin=${SHIMSTACK_CACHE:?}/containerd-$line/usr/bin
address=$dir/containerd.sock
guard=$PPID
number=0
daemon=

# step WHAT FUNCTION: one line of the screen. The function prints what it found; it fails when something is not so.
step() {
  local start=$EPOCHREALTIME found
  number=$((number + 1))
  printf '%2d  %-44s' "$number" "$1"
  "$2" >"$dir/found" || { printf 'NOT SO: %s\n' "$(<"$dir/found")"; grep -E 'level=(error|warning)' "$dir/containerd.log" | tail -n 5; exit 1; }
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

ctr() { "$bin/ctr" --address "$address" --namespace "$name" "$@"; }

run() { ctr run --runtime "$runtime" --rootfs --cgroup "/$name/$1" "${@:3}" "$dir/rootfs" "$1" /bin/sh -c "$2"; }

task() { ctr tasks ls | awk '$1 == "writer" { print $2, $3 }'; }

lines() { wc -l <"$dir/output"; }

has_more_lines_than() { (($(lines) > $1)); }

prepare() {
  local applet
  mkdir -p "$dir"/{rootfs/{bin,proc,dev,sys},fifo,tmp}
  cp /bin/busybox "$dir/rootfs/bin/"
  for applet in sh sleep usleep echo cat ps tty stty; do
    ln -s busybox "$dir/rootfs/bin/$applet"
  done
  cat >"$dir/config.toml" <<EOF
version = 2
root = "$dir/root"
state = "$dir/state"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime", "io.containerd.nri.v1.nri", "io.containerd.internal.v1.opt"]
[grpc]
address = "$address"
EOF
}

start_daemon() {
  TMPDIR=$dir/tmp PATH=$PWD/out/bin:$bin:$PATH "$bin/containerd" --config "$dir/config.toml" >>"$dir/containerd.log" 2>&1 &
  daemon=$!
  until_true "containerd" ctr version || { tail -n 3 "$dir/containerd.log"; return 1; }
  echo "pid $daemon, socket $address"
}

hello() {
  local said code=0
  said=$(run hello 'echo hello from pid $$; exit 7' --rm) || code=$?
  [[ $said == "hello from pid 1" && $code == 7 ]] || { no "'$said', exit code $code"; return 1; }
  echo "'$said', exit code $code"
}

# The client keeps the reading end of the output, so it is opened here, before the container may write.
start_writer() {
  run writer 'while [ ! -e /go ]; do usleep 10000; done; trap "exit 42" TERM; i=0; while :; do echo line $i; i=$((i+1)); usleep 5000; done' \
    --detach --fifo-dir "$dir/fifo" </dev/null >/dev/null 2>&1 || { no "ctr run failed"; return 1; }
  cat "$(find "$dir/fifo" -name 'writer-stdout')" >"$dir/output" &
  touch "$dir/rootfs/go"
  until_true "output" has_more_lines_than 5 || return 1
  task >"$dir/task"
  echo "pid $(cut -d ' ' -f 1 "$dir/task"), live: $(head -n 3 "$dir/output" | paste -sd , | sed 's/,/, /g'), ..."
}

run_exec() {
  local said code=0
  said=$(ctr tasks exec --exec-id one writer /bin/sh -c 'echo pid $$ beside pid 1; exit 3' </dev/null) || code=$?
  [[ $said == "pid "*" beside pid 1" && $code == 3 ]] || { no "'$said', exit code $code"; return 1; }
  echo "'$said', exit code $code"
}

run_terminal() {
  local said code=0
  said=$(script -qec "stty rows 33 columns 99; '$bin/ctr' --address $address --namespace $name tasks exec -t --exec-id two writer /bin/sh -c 'tty; sleep 0.2; stty size; exit 5'" \
    /dev/null </dev/null | tr -d '\r' | paste -sd ' ') || code=$?
  [[ $said =~ (/dev/pts/[0-9]+).*33\ 99 && $code == 5 ]] || { no "'$said', exit code $code"; return 1; }
  echo "${BASH_REMATCH[1]}, 33 rows 99 columns, exit code $code"
}

kill_daemon() {
  local before
  before=$(lines)
  { kill -9 "$daemon" && wait "$daemon"; } 2>/dev/null || true
  until_true "output without containerd" has_more_lines_than $((before + 50)) || return 1
  echo "containerd $daemon is gone, $(($(lines) - before)) more lines meanwhile"
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

stop_writer() {
  local said
  ctr tasks kill --signal SIGTERM writer || { no "kill failed"; return 1; }
  until_true "the end" eval '[[ $(task) == *STOPPED ]]' || return 1
  said=$(ctr tasks delete writer 2>&1) || { no "the task cannot be deleted: $said"; return 1; }
  ctr containers delete writer || { no "the container cannot be deleted"; return 1; }
  [[ $said =~ exit\ code\ 42 ]] || { no "not exit code 42: $said"; return 1; }
  echo "exit code 42"
}

all_lines() {
  awk '$0 != "line " NR - 1 { print "line " NR " is: " $0; exit 1 }' "$dir/output" || return 1
  echo "$(lines) lines, none lost, none twice, all in order"
}

stop_daemon() {
  { kill "$daemon" && wait "$daemon"; } 2>/dev/null || true
  [[ ! -d /proc/$daemon ]] || { no "containerd $daemon does not end"; return 1; }
  echo "containerd $daemon has ended"
}

# Everything that could be left has this demo's name in it, or is below the guard.
left() {
  local id pid parent
  for pid in /proc/[0-9]*; do
    parent=$(sed -n 's/.*) . \([0-9]*\) .*/\1/p' "$pid/stat" 2>/dev/null) || continue
    [[ $parent == "$guard" && ${pid#/proc/} != "$$" ]] && echo "process ${pid#/proc/} $(tr '\0' ' ' <"$pid/cmdline")"
  done
  sed -n "s|^[^ ]* [^ ]* [^ ]* [^ ]* \($dir/[^ ]*\) .*|mount \1|p" /proc/self/mountinfo
  for id in hello writer; do
    find /run/containerd/s -name "$(printf %s "$address/$name/$id" | sha256sum | cut -d ' ' -f 1)" -printf 'socket %p\n'
  done
  find /sys/fs/cgroup -mindepth 2 -type d -path "*/$name/*" -printf 'cgroup %p\n' 2>/dev/null
  find "$dir/state/io.containerd.runtime.v2.task/$name" "/run/containerd/runc/$name" "$dir/tmp" -mindepth 1 -maxdepth 1 -printf 'file %p\n' 2>/dev/null
  return 0
}

nothing_is_left() {
  until_true "nothing left" eval '[[ -z $(left) ]]' || { left; return 1; }
  echo "no process, mount, socket, cgroup, bundle"
}

# What a failed run leaves is taken away: its processes first, which hold the rest.
clean() {
  local deadline=$((SECONDS + 10))
  set +e
  { [[ -z $daemon ]] || kill -9 "$daemon" && wait "$daemon"; } 2>/dev/null
  while ((SECONDS < deadline)) && left | grep -q '^process'; do
    left | awk '/^process/ { print $2 }' | xargs -r kill -9 2>/dev/null
    sleep 0.02
  done
  sed -n "s|^[^ ]* [^ ]* [^ ]* [^ ]* \($dir/[^ ]*\) .*|\1|p" /proc/self/mountinfo | sort -r | xargs -r umount -l
  find /sys/fs/cgroup -mindepth 2 -depth -type d -path "*/$name*" -exec rmdir {} + 2>/dev/null
  left | awk '/^socket/ { print $2 }' | xargs -r rm -f
  rm -rf "$dir" "/run/containerd/runc/$name"
}

trap clean EXIT
prepare
printf 'ShimStack: %s under %s\n\n' "$runtime" "$("$bin/containerd" --version | cut -d ' ' -f 2-3)"
step "start a private containerd" start_daemon
step "run a container" hello
step "run one that writes, watch its output" start_writer
step "exec in it" run_exec
step "a terminal in it" run_terminal
step "SIGKILL containerd; the container writes on" kill_daemon
step "start containerd again" start_daemon
step "it has found the container" same_task
step "the output goes on" output_goes_on
step "stop the container" stop_writer
step "its whole output" all_lines
step "stop containerd" stop_daemon
step "look for what is left" nothing_is_left
printf '\nAll of it is so.\n'
