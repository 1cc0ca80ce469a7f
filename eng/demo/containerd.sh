# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2154 # set here for eng/demo/story.sh, and set by eng/demo.sh
# A real containerd of Debian and its ctr: $1 is its line.

line=${1:?which containerd}
runtime=${SHIMSTACK_TEST_RUNTIME:-io.containerd.shimstack.v2}
bin=${SHIMSTACK_CACHE:?}/containerd-$line/usr/bin
daemon_name=containerd
runtime_state=/run/containerd/runc/$name

title() { printf '%s under %s' "$runtime" "$("$bin/containerd" --version | cut -d ' ' -f 2-3)"; }

prepare() {
  mkdir -p "$dir/fifo"
  cat >"$dir/config.toml" <<EOF
version = 2
root = "$dir/root"
state = "$dir/state"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime", "io.containerd.nri.v1.nri", "io.containerd.internal.v1.opt"]
[grpc]
address = "$address"
EOF
}

ctr() { "$bin/ctr" --address "$address" --namespace "$name" "$@"; }

run() { ctr run --runtime "$runtime" --rootfs --cgroup "/$name/$1" "${@:3}" "$dir/rootfs" "$1" /bin/sh -c "$2"; }

start_daemon() {
  TMPDIR=$dir/tmp PATH=$dir/shims:$PWD/out/bin:$bin:$PATH "$bin/containerd" --config "$dir/config.toml" >>"$dir/daemon.log" 2>&1 &
  daemon=$!
  until_true "containerd" ctr version || { tail -n 3 "$dir/daemon.log"; return 1; }
  echo "pid $daemon, socket $address"
}

run_hello() { run "$hello" "$1" --rm; }

# The client keeps the reading end of the output, so it is opened here, before the container may write.
start_writer() {
  run "$writer" "$1" --detach --fifo-dir "$dir/fifo" </dev/null >/dev/null 2>&1 || { no "ctr run failed"; return 1; }
  cat "$(find "$dir/fifo" -name "$writer-stdout")" >"$dir/output" &
  touch "$dir/rootfs/go"
}

run_exec() { ctr tasks exec --exec-id one "$writer" /bin/sh -c "$1"; }

terminal_command() { printf '%s' "'$bin/ctr' --address $address --namespace $name tasks exec -t --exec-id two $writer /bin/sh -c $1"; }

task() { ctr tasks ls | awk -v id="$writer" '$1 == id { print $2, $3 }'; }

stop_writer() {
  local said
  ctr tasks kill --signal SIGTERM "$writer" || { no "kill failed"; return 1; }
  until_true "the end" eval '[[ $(task) == *STOPPED ]]' || return 1
  said=$(ctr tasks delete "$writer" 2>&1) || { no "the task cannot be deleted: $said"; return 1; }
  ctr containers delete "$writer" || { no "the container cannot be deleted"; return 1; }
  [[ $said =~ exit\ code\ 42 ]] || { no "not exit code 42: $said"; return 1; }
  echo "exit code 42"
}
