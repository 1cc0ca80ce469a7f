# shellcheck shell=bash
# The virtual machines of the tests: what this machine cannot be. Both run Debian's cloud kernel, which carries ext4 and NVMe, so that no module is
# needed: vm-cgroup2 is an initramfs with nothing but cgroup v2, vm-systemd a disk with systemd as pid 1. Both hold the newest containerd, runc and
# crun; the shim and the checks come at each boot as a tar file on a disk of its own (tests/SystemTests/VirtualMachines). qemu and debootstrap are
# installed, everything else lies below the cache folder. A machine that cannot be had is skipped, visibly, by the tests.
# shellcheck disable=SC2154,SC2016 # names of build.sh; a format of apt's

machines=$cache/vm

need_machines() {
  case $(host_suite) in
    bookworm | trixie) ;;
    *) say "no virtual machines: they are made of packages of Debian 12 or 13, and this is $(host_suite)"; return 0 ;;
  esac
  need_packages qemu-system-x86 debootstrap e2fsprogs
  mkdir -p "$machines"
  # Whoever comes second finds them made.
  (flock 9 && need_kernel && need_image cgroup2.cpio make_initramfs && need_image systemd.ext4 make_disk) 9>"$machines/lock"
}

need_kernel() {
  [[ -s $machines/vmlinuz ]] && return 0
  say "fetching Debian's cloud kernel into $machines"
  fetch_kernel >"$machines/kernel.log" 2>&1 || { apt-get -q update && fetch_kernel; } >"$machines/kernel.log" 2>&1 ||
    { tail -n 3 "$machines/kernel.log" >&2; say "the kernel could not be fetched"; }
}

fetch_kernel() (
  work=$machines/kernel
  rm -rf "$work" && mkdir -p "$work" && cd "$work" || return 1
  name=$(apt-cache depends linux-image-cloud-amd64 | awk '$1 == "Depends:" { print $2; exit }')
  apt-get -q -o APT::Sandbox::User=root download "${name:?there is no linux-image-cloud-amd64}" || return 1
  dpkg-deb --fsys-tarfile linux-image-*.deb | tar -x -O --wildcards './boot/vmlinuz-*' >vmlinuz || return 1
  mv vmlinuz "$machines/" && rm -rf "$work"
)

# need_image NAME FUNCTION: NAME below the cache, made by FUNCTION, again when the script or a program that goes into it has changed.
need_image() {
  local image=$machines/$1 stamp
  stamp=$({ cat eng/vm.sh eng/vm/* "$(daemon_bin 2.x)/containerd" /usr/sbin/runc /usr/bin/crun /bin/busybox 2>/dev/null || true; } | sha256sum)
  [[ -s $image && $(cat "$image.stamp" 2>/dev/null) == "$stamp" ]] && return 0
  say "making $image"
  rm -rf "$image" "$machines/tree" && mkdir -p "$machines/tree"
  if "$2" "$machines/tree" "$image.new" >"$image.log" 2>&1; then
    mv "$image.new" "$image" && printf '%s\n' "$stamp" >"$image.stamp"
  else
    tail -n 5 "$image.log" >&2
    say "$image could not be made"
  fi
  rm -rf "$machines/tree" "$image.new"
}

make_initramfs() {
  local tree=$1 program
  mkdir -p "$tree"/{bin,dev,etc,mnt,opt,proc,root,run,sys,tmp,usr/bin,var/lib} || return 1
  for program in $(/bin/busybox --list); do
    ln -s busybox "$tree/bin/$program"
  done
  cp --remove-destination /bin/busybox "$tree/bin/" && copy_daemon "$tree" || return 1
  for program in /usr/sbin/runc /usr/bin/crun /usr/bin/script; do
    cp "$program" "$tree/usr/bin/" || return 1
  done
  # Besides what these programs need: the shim, like every program of NativeAOT, loads libm.
  for program in "$tree"/usr/bin/* "$(gcc -print-file-name=libm.so.6)"; do
    copy_libraries "$program" "$tree" || return 1
  done
  cp -L "$(gcc -print-file-name=libm.so.6)" "$tree/lib/x86_64-linux-gnu/" || return 1
  printf 'root:x:0:0:root:/root:/bin/sh\n' >"$tree/etc/passwd"
  command install -m 0755 eng/vm/init.sh "$tree/init" && command install -m 0755 eng/vm/start.sh "$tree/start" || return 1
  (cd "$tree" && find . | /bin/busybox cpio -o -H newc) >"$2"
}

copy_daemon() { cp "$(daemon_bin 2.x)"/{containerd,ctr,containerd-shim-runc-v2} "$1/usr/bin/"; }

# copy_libraries PROGRAM TREE: what the loader would load, and the loader.
copy_libraries() {
  local path
  for path in $(ldd "$1" | sed -nE 's|.*[[:space:]](/[^ ]+) \(0x.*|\1|p'); do
    mkdir -p "$2$(dirname "$path")" && cp -L "$path" "$2$path" || return 1
  done
}

make_disk() {
  local tree=$1 units=$1/etc/systemd/system unit mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI)' "Codename: $(host_suite)" 'Component: main' 'Created-By: Packages' | sed -n 1p)
  debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,runc,crun,busybox-static "$(host_suite)" "$tree" "$mirror" || return 1
  rm -rf "$tree"/var/cache/apt/* "$tree"/var/lib/apt/lists/* "$tree"/usr/share/{doc,locale,man}
  copy_daemon "$tree" || return 1
  cp "$(daemon_bin 2.x)/../lib/systemd/system/containerd.service" eng/vm/shimstack.service "$units/" || return 1
  mkdir -p "$units/containerd.service.d" && cp eng/vm/containerd.conf "$units/containerd.service.d/" || return 1
  for unit in systemd-networkd systemd-resolved systemd-timesyncd systemd-update-utmp e2scrub_reap; do
    ln -sf /dev/null "$units/$unit.service"
  done
  printf '00000000000000000000000000000001\n' >"$tree/etc/machine-id"
  truncate -s 600M "$2" && mkfs.ext4 -q -O '^has_journal' -d "$tree" "$2"
}
