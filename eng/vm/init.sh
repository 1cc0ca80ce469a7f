#!/bin/busybox sh
# shellcheck shell=dash
# First program of vm-cgroup2. The root of an initramfs cannot be left by pivot_root(2), which the runtimes use: its mount has no parent. A bind mount
# of it, moved on top of it, has one.
export PATH=/bin:/usr/bin
mount --bind / /mnt && cd /mnt && mount --move . / && exec chroot . /start
