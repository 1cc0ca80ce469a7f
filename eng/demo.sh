#!/usr/bin/env bash
# The main job on one screen: a container under a daemon of its own, which is killed, comes back, and finds the container as it was.
# Run by `./build.sh demo [STACK]`, below `probe guard`, so that everything orphaned becomes a child of our parent and can be counted.
# shellcheck disable=SC2034 # most of it is for the parts below
set -euo pipefail

stack=${1:?own, containerd or docker}
guard=$PPID
name=shimstack-demo-$$
dir=/tmp/$name
hello=hello-$$
writer=writer-$$
address=$dir/daemon.sock
# shellcheck source=/dev/null
. eng/demo/story.sh
# shellcheck source=/dev/null
. eng/demo/leftovers.sh
# What tells the stacks apart: how the daemon starts, and what its client is called.
# shellcheck source=/dev/null
. "eng/demo/$stack.sh" "${@:2}"

trap clean EXIT
mkdir -p "$dir/tmp"
build_rootfs
prepare
printf 'ShimStack: %s\n\n' "$(title)"
tell_the_story
printf '\nAll of it is so.\n'
