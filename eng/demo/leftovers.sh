# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154 # eval expands it later; and what eng/demo.sh and the stack set: $runtime_state …
# What could be left: all of it has this demo's name in it, or is below the guard.

# Ids that the stack makes up as it goes are in $dir/ids.
ids() {
  printf '%s\n' "$hello" "$writer"
  cat "$dir/ids" 2>/dev/null
}

left() {
  local id pid parent
  for pid in /proc/[0-9]*; do
    parent=$(sed -n 's/.*) . \([0-9]*\) .*/\1/p' "$pid/stat" 2>/dev/null) || continue
    [[ $parent == "$guard" && ${pid#/proc/} != "$$" ]] && echo "process ${pid#/proc/} $(tr '\0' ' ' <"$pid/cmdline")"
  done
  sed -n "s|^[^ ]* [^ ]* [^ ]* [^ ]* \($dir/[^ ]*\) .*|mount \1|p" /proc/self/mountinfo
  for id in $(ids); do
    find /run/containerd/s -name "$(printf %s "$address/$name/$id" | sha256sum | cut -d ' ' -f 1)" -printf 'socket %p\n' 2>/dev/null
    find /run/shimctl -name "$id-*" -printf 'fifos %p\n' 2>/dev/null
  done
  find /sys/fs/cgroup -mindepth 2 -type d -path "*/$name/*" -printf 'cgroup %p\n' 2>/dev/null
  find "$dir/state/io.containerd.runtime.v2.task/$name" "$runtime_state" "$dir/tmp" -mindepth 1 -maxdepth 1 -printf 'file %p\n' 2>/dev/null
  return 0
}

nothing_is_left() {
  until_true "nothing left" eval '[[ -z $(left) ]]' || { left; return 1; }
  echo "no process, mount, socket, cgroup, bundle"
}

# What a failed run leaves is taken away: its processes first, which hold the rest.
clean() {
  local deadline=$((SECONDS + 10))
  set +e
  kill_daemon
  while ((SECONDS < deadline)) && [[ $(left) == *process* ]]; do
    left | awk '/^process/ { print $2 }' | xargs -r kill -9 2>/dev/null
    sleep 0.02
  done
  sed -n "s|^[^ ]* [^ ]* [^ ]* [^ ]* \($dir/[^ ]*\) .*|\1|p" /proc/self/mountinfo | sort -r | xargs -r umount -l
  find /sys/fs/cgroup -mindepth 2 -depth -type d -path "*/$name*" -exec rmdir {} + 2>/dev/null
  left | awk '/^(socket|fifos)/ { print $2 }' | xargs -r rm -rf
  rm -rf "$dir" "$runtime_state"
}
