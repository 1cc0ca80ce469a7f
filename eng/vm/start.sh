#!/bin/busybox sh
# shellcheck shell=dash
# vm-cgroup2: what a system has mounted, with cgroup v2 alone; then the checks from the first disk, then the end.
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm
ln -s /proc/self/fd /dev/fd
ln -s fd/0 /dev/stdin
ln -s fd/1 /dev/stdout
ln -s fd/2 /dev/stderr
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /run
mount -t cgroup2 cgroup2 /sys/fs/cgroup
ip link set lo up
tar -x -f /dev/nvme0n1 -C / && /opt/shimstack/main.sh
poweroff -f
