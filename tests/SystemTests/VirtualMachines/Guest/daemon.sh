# shellcheck shell=dash disable=SC2154,SC2034
# containerd: Debian's own unit where systemd runs, else a child of the checks.

namespace=checks
log=/run/checks/containerd.log

write_configuration() {
  cat >/opt/shimstack/containerd.toml <<'END'
version = 2
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime", "io.containerd.nri.v1.nri",
  "io.containerd.internal.v1.opt", "io.containerd.internal.v1.restart", "io.containerd.monitor.container.v1.restart",
  "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.blockfile", "io.containerd.snapshotter.v1.erofs", "io.containerd.tracing.processor.v1.otlp"]
END
}

start_daemon() {
  if [ "$machine" = vm-systemd ]; then
    systemctl start containerd || { journalctl -u containerd --no-pager | tail -n 5; return 1; }
  else
    PATH=/opt/shimstack/bin:$PATH containerd --config /opt/shimstack/containerd.toml >>$log 2>&1 3>&- &
    echo $! >/run/checks/containerd.pid
    until_true "containerd" answers || { tail -n 3 $log; return 1; }
  fi
  ctr version | awk '/Version:/ { v = $2 } END { print v }'
}

answers() { [ -S /run/containerd/containerd.sock ] && ctr version; }

# SIGKILL, and a new one: started by systemd, or here.
kill_daemon() {
  if [ "$machine" = vm-systemd ]; then
    old=$(systemctl show -p MainPID --value containerd)
    systemctl kill --signal SIGKILL --kill-who main containerd
    until_true "a new containerd" is_running_with_another_pid "$old"
  else
    old=$(cat /run/checks/containerd.pid)
    kill -9 "$old"
    until_true "the end of containerd" [ ! -e "/proc/$old/exe" ] && start_daemon
  fi
}

is_running_with_another_pid() {
  [ "$(systemctl is-active containerd)" = active ] && [ "$(systemctl show -p MainPID --value containerd)" != "$1" ]
}

show_log() {
  if [ "$machine" = vm-systemd ]; then
    journalctl -u containerd --no-pager -o cat >$log
  fi
  grep -E 'level=(warning|error)' $log | grep -vE 'migrated from|load plugin' | tail -n 20 | sed 's/^/log /' >&3
}
