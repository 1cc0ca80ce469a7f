# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # set here for eng/demo/story.sh, and set by eng/demo.sh
# Our own stack: shimctl, shimstackd, our shim, and below them nothing but runc.

daemon_name=shimstackd
runtime_state=$dir/state/runc/$name
client=

title() { out/bin/shimctl --version | sed 's/^shimctl/shimstackd/'; }

prepare() { :; }

shimctl() { out/bin/shimctl --address "$address" --namespace "$name" "$@"; }

start_daemon() {
  PATH=$PWD/out/bin:$PATH TMPDIR=$dir/tmp out/bin/shimstackd --address "$address" --state "$dir/state" --root "$dir/root" >>"$dir/daemon.log" 2>&1 &
  daemon=$!
  until_true "shimstackd" shimctl ps || { tail -n 3 "$dir/daemon.log"; return 1; }
  echo "pid $daemon, socket $address"
}

run_hello() { shimctl run --rm --name "$hello" "$dir/rootfs" sh -c "$1" </dev/null; }

# The client stays, and what it prints is the output, also while there is no daemon.
start_writer() {
  touch "$dir/rootfs/go"
  shimctl run --rm --name "$writer" "$dir/rootfs" sh -c "$1" </dev/null >"$dir/output" 2>"$dir/client.log" &
  client=$!
}

run_exec() { shimctl exec "$writer" sh -c "$1"; }

terminal_command() { printf '%s' "out/bin/shimctl --address $address --namespace $name exec -t $writer sh -c $1"; }

task() { shimctl ps | awk -v id="$writer" '$1 == id { print $3, toupper($2) }'; }

stop_writer() {
  local code=0
  shimctl kill --signal TERM "$writer" || { no "kill failed"; return 1; }
  wait "$client" || code=$?
  [[ $code == 42 ]] || { no "not exit code 42 but $code: $(<"$dir/client.log")"; return 1; }
  echo "exit code 42, from the client that sat through it all"
}
