# shellcheck shell=dash disable=SC2154
# `shimctl drill --live` of a containerd that is systemd's: it dies and is stopped, systemd alone starts it again, and somebody else's container runs on.

drill_live() {
  [ "$machine" = vm-systemd ] || { skip "there is no systemd here"; return; }
  [ -x ./shimctl ] || { skip "shimctl was not built"; return; }
  # Long enough that it would show if the drill did not wait for it.
  mkdir -p /run/systemd/system/containerd.service.d
  printf '[Service]\nRestartSec=2s\n' >/run/systemd/system/containerd.service.d/later.conf
  systemctl daemon-reload
  ctr --namespace foreign run --detach --rootfs "$rootfs" foreign /bin/sleep 1000 || return
  before=$(pid_and_start)
  ./shimctl drill run --target containerd --live --yes --containers 1 --seed 71 sigkill freeze >/run/checks/drill 2>&1 ||
    { slow_or_no; return; }
  same "the foreign container" "$before" "$(pid_and_start)" &&
    same "namespaces" foreign "$(ctr namespaces list --quiet | grep -v "^$namespace\$")" &&
    same "the service" active "$(systemctl is-active containerd)" &&
    same "folders and cgroups" "" "$(echo /tmp/shimstack-drill-* /sys/fs/cgroup/shimstack-drill-* | sed 's|/[^ ]*\*||g; s/ //g')" || return
  grep -E '^(sigkill|freeze) ' /run/checks/drill | awk '{ printf "%s: %s kills, %s %s away; ", $1, $4, $(NF - 3), $(NF - 2) }'
  ctr --namespace foreign task kill --signal KILL foreign
  until_true "its end" ctr --namespace foreign task delete foreign
  ctr --namespace foreign container delete foreign
}

# Under emulation, on a busy machine, containerd may need longer for its start than a drill allows.
slow_or_no() {
  if grep -q 'answers within' /run/checks/drill && grep -q '^1 violation' /run/checks/drill; then
    skip "the emulated machine is too slow: $(grep -A 2 'answers within' /run/checks/drill)"
  else
    no "$(tail -n 12 /run/checks/drill)"
  fi
}

pid_and_start() {
  pid=$(ctr --namespace foreign task list | awk '$1 == "foreign" { print $2 }')
  echo "$pid $(sed 's/.*) //' "/proc/$pid/stat" | cut -d ' ' -f 20)"
}
