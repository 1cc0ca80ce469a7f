# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # set here for eng/demo/story.sh, and set by eng/demo.sh
# A real dockerd of Debian: $1 is old or new; over our own stack, or with $2 over the containerd of that line. Both daemons are killed and come back.

docker=${SHIMSTACK_CACHE:?}/docker-${1:?old or new}
libraries=$docker/lib/x86_64-linux-gnu
engine=$dir/docker
dockerd=
if [[ -n ${2:-} ]]; then
  # shellcheck source=/dev/null
  . eng/demo/containerd.sh "$2"
else
  # shellcheck source=/dev/null
  . eng/demo/own.sh
fi
# renamed OLD NEW: what the stack below does is a part of what we do.
renamed() { eval "$2 $(declare -f "$1" | tail -n +2)"; }
renamed title "title_below()"
renamed prepare "prepare_below()"
renamed start_daemon "start_below()"
daemon_name="$daemon_name and dockerd"
runtime_state=$engine/exec/runtime-runc/$name

title() {
  printf 'docker %s over %s' "$(LD_LIBRARY_PATH=$libraries "$docker/usr/sbin/dockerd" --version | cut -d ' ' -f 3 | tr -d ,)" "$(title_below)"
}

# Our shim takes the place of the one that docker asks for.
prepare() {
  mkdir -p "$engine/tmp" "$dir"/{shims,shared}
  cp out/bin/containerd-shim-shimstack-v2 "$dir/shims/containerd-shim-runc-v2"
  prepare_below
  touch "$dir/rootfs/go" && mkdir "$dir/rootfs/shared"
  tar --create --file "$dir/image.tar" --directory "$dir/rootfs" .
  cat >"$engine/daemon.json" <<EOF
{
  "containerd": "$address", "containerd-namespace": "$name", "containerd-plugins-namespace": "$name-plugins", "cgroup-parent": "/$name",
  "data-root": "$engine/data", "exec-root": "$engine/exec", "pidfile": "$engine/dockerd.pid", "hosts": ["unix://$engine/docker.sock"],
  "live-restore": true, "storage-driver": "vfs", "bridge": "none", "iptables": false, "ip6tables": false, "userland-proxy": false
}
EOF
}

docker() { "$docker/usr/bin/docker" --config "$engine/client" --host "unix://$engine/docker.sock" "$@"; }

start_daemon() {
  start_below >"$dir/below" || { cat "$dir/below"; return 1; }
  rm -f "$engine/docker.sock"
  PATH=$docker/usr/bin:$PATH TMPDIR=$engine/tmp LD_LIBRARY_PATH=$libraries "$docker/usr/sbin/dockerd" --config-file "$engine/daemon.json" >>"$dir/dockerd.log" 2>&1 &
  dockerd=$!
  until_true "dockerd" docker version || { tail -n 3 "$dir/dockerd.log"; return 1; }
  docker image inspect demo >/dev/null 2>&1 || docker import "$dir/image.tar" demo >/dev/null || return 1
  echo "pids $daemon and $dockerd"
}

# Its ids are docker's own: kept for the search for leftovers.
run_hello() {
  local code=0
  docker run --network none --name "$hello" demo sh -c "$1" || code=$?
  docker inspect --format '{{.Id}}' "$hello" >>"$dir/ids"
  docker rm "$hello" >/dev/null || return 1
  return "$code"
}

# Docker's log stands still while there is no dockerd, so the container counts in a file, too.
start_writer() {
  local script=${1/echo line \$i;/echo line \$i; echo \$i >/shared/count;}
  docker run --network none --detach --volume "$dir/shared:/shared" --name "$writer" demo sh -c "$script" >>"$dir/ids" || { no "docker run failed"; return 1; }
}

count() { cat "$dir/shared/count"; }

has_counted_to() { (($(count) > $1)); }

kill_and_watch() {
  local before
  before=$(count)
  kill_daemon
  until_true "output without both" has_counted_to $((before + 50)) || return 1
  echo "pids $daemon and $dockerd are gone, $(($(count) - before)) more lines meanwhile"
}

# As docker has it by now; what it had, once the container is removed.
lines() {
  local log
  log=$engine/data/containers/$(tail -n 1 "$dir/ids")/$(tail -n 1 "$dir/ids")-json.log
  [[ ! -e $log ]] || sed -E 's/^\{"log":"(.*)\\n","stream.*/\1/' "$log" >"$dir/output"
  wc -l <"$dir/output"
}

run_exec() { docker exec "$writer" sh -c "$1"; }

terminal_command() {
  printf '%s' "'$docker/usr/bin/docker' --config $engine/client --host unix://$engine/docker.sock exec -it $writer sh -c $1"
}

task() { docker inspect --format '{{.State.Pid}} {{.State.Status}}' "$writer" | tr '[:lower:]' '[:upper:]'; }

stop_writer() {
  local code
  docker stop "$writer" >/dev/null || { no "docker stop failed"; return 1; }
  code=$(docker inspect --format '{{.State.ExitCode}}' "$writer")
  lines >/dev/null
  docker rm "$writer" >/dev/null || { no "the container cannot be removed"; return 1; }
  [[ $code == 42 ]] || { no "not exit code 42 but $code"; return 1; }
  echo "exit code 42"
}

kill_daemon() { { kill -9 "$dockerd" "$daemon" && wait "$dockerd" "$daemon"; } 2>/dev/null || true; }

# dockerd leaves mounts of its own for its next start.
stop_daemon() {
  { kill "$dockerd" && wait "$dockerd"; } 2>/dev/null || true
  { kill "$daemon" && wait "$daemon"; } 2>/dev/null || true
  sed -n "s|^[^ ]* [^ ]* [^ ]* [^ ]* \($engine/[^ ]*\) .*|\1|p" /proc/self/mountinfo | sort -r | xargs -r umount
  [[ ! -d /proc/$dockerd && ! -d /proc/$daemon ]] || { no "pids $daemon or $dockerd do not end"; return 1; }
  echo "pids $dockerd and $daemon have ended"
}
