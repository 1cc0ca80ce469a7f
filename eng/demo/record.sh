#!/usr/bin/env bash
# What docs/shimctl-session.txt has: `demo`, then shimctl with shimstackd at their defaults, as they print it. Run below `probe guard` in a mount
# namespace of its own, so that /run, /var/lib and /var/log are its own, too. A test does the same again and compares: Ctl/RecordTests.
set -euo pipefail

dir=/tmp/shimstack-record-$$
export PATH=$PWD/out/bin:$PATH
daemon=

for place in /run /var/lib /var/log; do
  mount -t tmpfs -o mode=755 tmpfs "$place"
done

# enter WORDS: as if typed; what is printed follows, and an exit code that is not 0.
enter() {
  local code=0
  printf '$ %s\n' "$1"
  (eval "$1") </dev/null 2>&1 || code=$?
  ((code == 0)) || printf '[exit code %d]\n' "$code"
}

start_daemon() {
  printf '$ shimstackd &\n'
  shimstackd >>"$dir/daemon.log" 2>&1 &
  daemon=$!
  for ((i = 0; i < 1000; i++)); do
    ! shimctl ps >/dev/null 2>&1 || return 0
    sleep 0.02
  done
  cat "$dir/daemon.log" >&2
  return 1
}

kill_daemon() { { kill "-$1" "$daemon" && wait "$daemon"; } 2>/dev/null || true; }

clean() {
  local cgroup
  kill_daemon TERM
  for cgroup in /sys/fs/cgroup/*/default; do
    rmdir "$cgroup" 2>/dev/null || true
  done
  rm -rf "$dir"
}

trap clean EXIT
mkdir -p "$dir"/rootfs/{bin,proc,dev,sys}
cp /bin/busybox "$dir/rootfs/bin/"
for applet in sh sleep usleep echo cat; do
  ln -s busybox "$dir/rootfs/bin/$applet"
done

printf '$ ./build.sh demo\n'
"${PROBE:-out/probe}" guard bash eng/demo.sh own
cd "$dir"
printf '\n'
start_daemon
enter "shimctl run --rm --name hello rootfs sh -c 'echo hello from pid \$\$; exit 7'"
enter "shimctl run -d --name web --memory 64m rootfs sh -c 'trap \"exit 42\" TERM; echo ready; while :; do usleep 20000; done'"
enter "shimctl ps"
enter "shimctl exec web sh -c 'echo pid \$\$ beside pid 1'"
enter "shimctl logs --timestamps web"
enter "shimctl inspect web"
enter "shimctl top --once"
printf '$ kill -KILL %d\n' "$daemon"
kill_daemon KILL
enter "shimctl ps"
start_daemon
enter "shimctl ps"
enter "shimctl rm web"
enter "shimctl stop web"
enter "shimctl wait web"
enter "shimctl events --since 0 --no-follow"
enter "shimctl rm web"
enter "shimctl ps --json"
