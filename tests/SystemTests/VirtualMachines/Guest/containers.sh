# shellcheck shell=dash disable=SC2154
# containerd's client, and how a container is started: with the shim under test and one of the runtimes.

rootfs=/opt/shimstack/rootfs

make_rootfs() {
  mkdir -p $rootfs/bin $rootfs/proc $rootfs/dev $rootfs/sys $rootfs/tmp
  cp /bin/busybox $rootfs/bin/
  $rootfs/bin/busybox --install $rootfs/bin # one process, where an emulated machine would start some hundreds
}

ctr() { command ctr --namespace "$namespace" "$@"; }

# The shim by its own name, with options in a file, as one writes them in containerd's configuration; or, with crun under systemd, by the name
# of the reference, with options of the client: both ways lead to --systemd-cgroup. The reference has only the second.
shim_flags() {
  if [ "$shim" = io.containerd.runc.v2 ] || { [ "$machine" = vm-systemd ] && [ "$runtime" = crun ]; }; then
    echo "--runtime io.containerd.runc.v2 --runc-binary $runtime $([ "$machine" = vm-systemd ] && echo --runc-systemd-cgroup)"
  else
    systemd=$([ "$machine" = vm-systemd ] && echo true || echo false)
    printf 'BinaryName = "%s"\nSystemdCgroup = %s\n' "$runtime" "$systemd" >"/run/checks/$runtime.toml"
    echo "--runtime $shim --runtime-config-path /run/checks/$runtime.toml"
  fi
}

# The cgroup as a client names it: for systemd "slice:prefix:name", as kubelet does.
cgroup_name() { [ "$machine" = vm-systemd ] && echo "checks.slice:cri-containerd:$1" || echo "/checks/$1"; }

# Where the container's own is to be found. crun makes one below systemd's scope, and sets the limits there.
cgroup_of() {
  case $machine-$runtime in
    vm-systemd-runc) echo "/sys/fs/cgroup/checks.slice/cri-containerd-$1.scope" ;;
    vm-systemd-crun) echo "/sys/fs/cgroup/checks.slice/cri-containerd-$1.scope/container" ;;
    *) echo "/sys/fs/cgroup/checks/$1" ;;
  esac
}

# run ID COMMAND FLAG...: `ctr run` of a shell command.
run() {
  id=$1 line=$2
  shift 2
  # shellcheck disable=SC2046 # words, not one word
  ctr run $(shim_flags) --rootfs --cgroup "$(cgroup_name "$id")" "$@" $rootfs "$id" /bin/sh -c "$line" </dev/null
}

state_of() { ctr tasks ls | awk -v id="$1" '$1 == id { print $3 }'; }
pid_of() { ctr tasks ls | awk -v id="$1" '$1 == id { print $2 }'; }
is() { [ "$(state_of "$1")" = "$2" ]; }

# update ID JSON: Task.Update, which ctr does not have, straight to the shim's socket.
update() {
  hash=$(printf %s "/run/containerd/containerd.sock/$namespace/$1" | sha256sum | cut -d ' ' -f 1)
  /opt/shimstack/guest update "/run/containerd/s/$hash" "$1" "$2"
}

# cgroup_file ID FILE
cgroup_file() { cat "$(cgroup_of "$1")/$2"; }
