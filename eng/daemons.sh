# shellcheck shell=bash
# Debian's containerds, by line: 1.6 (bookworm), 1.7 (trixie), 2.x (forky). They are downloaded by apt with a state of their own, derived from the
# machine's sources, checked by the machine's keys, and unpacked below a cache folder. The package system of the machine is not touched, and
# no service is installed or started. A daemon that the machine already has from its own release is used as it is.

cache=${SHIMSTACK_CACHE:-/var/cache/shimstack}
export SHIMSTACK_CACHE=$cache
daemon_lines=(1.6:bookworm 1.7:trixie 2.x:forky)

# daemon_bin LINE: the folder that holds containerd, ctr and the reference shim of that line.
daemon_bin() { printf '%s\n' "$cache/containerd-$1/usr/bin"; }

host_suite() {
  # shellcheck source=/dev/null
  (. /etc/os-release && printf '%s\n' "${VERSION_CODENAME:-unknown}")
}

# The line of the release that this machine runs; of Debian 12 where the machine runs something else.
host_line() {
  local pair
  for pair in "${daemon_lines[@]}"; do
    [[ ${pair#*:} == "$(host_suite)" ]] && printf '%s\n' "${pair%%:*}" && return
  done
  printf '1.6\n'
}

need_daemons() {
  local pair
  for pair in "${daemon_lines[@]}"; do
    need_daemon "${pair%%:*}" "${pair#*:}"
  done
}

# A line that cannot be had is reported here and skipped, visibly, by the tests; with SHIMSTACK_REQUIRE=system they fail.
need_daemon() {
  local line=$1 suite=$2 target=$cache/containerd-$1
  if [[ $suite == "$(host_suite)" && -x /usr/bin/containerd ]]; then
    [[ $(readlink "$target") == / ]] || { mkdir -p "$cache" && rm -rf "$target" && ln -s / "$target"; }
  else
    fetch_once "$suite" "$target" usr/bin/containerd containerd
  fi
}

# fetch_once SUITE TARGET PROGRAM NAME...: packages unpacked together into TARGET, unless its PROGRAM is there and younger than two weeks.
fetch_once() {
  local suite=$1 target=$2 program=$3
  shift 3
  [[ -z $(find -L "$target/$program" -mtime -14 2>/dev/null) ]] || return 0
  say "fetching $* from Debian $suite into $target"
  fetch_packages "$suite" "$target" "$@" && touch "$target/$program" || say "$target could not be filled"
}

# fetch_packages SUITE TARGET NAME...: the newest of SUITE, unpacked into TARGET, which keeps its old content if that fails.
fetch_packages() (
  suite=$1 target=$2 work=$cache/apt/$1
  shift 2
  rm -rf "$work/download" "$target.new" && mkdir -p "$work"/{lists/partial,archives/partial,sources,download} "$target.new"
  derive_sources "$suite" "$work/sources"
  cd "$work/download" || return 1
  private_apt "$work" update >"$work/log" 2>&1 || true
  if ! private_apt "$work" download "$@" >>"$work/log" 2>&1; then
    take_newer_keys "$work" && private_apt "$work" update >>"$work/log" 2>&1
    private_apt "$work" download "$@" >>"$work/log" 2>&1 || { tail -n 3 "$work/log" >&2; return 1; }
  fi
  for package in *.deb; do
    dpkg -x "$package" "$target.new" || return 1
  done
  rm -rf "$target" "$work/download" && mv "$target.new" "$target"
)

private_apt() {
  local work=$1
  shift
  apt-get -q -y -o APT::Sandbox::User=root -o Dir::State="$work" -o Dir::State::status=/dev/null -o Dir::Cache="$work" \
    -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/sources" -o Acquire::Languages=none \
    -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false "$@"
}

# The machine's own entries for Debian (suite = its release, its updates or its security, component main) with the release replaced.
derive_sources() {
  local suite=$1 folder=$2 host
  host=$(host_suite)
  rm -f "$folder"/*
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
    sed -nE "s/^(deb +(\[[^]]*\] +)?[^ ]+ +)$host((-updates|-security|\/updates)? +(.* )?main( .*)?)$/\1$suite\3/p" >"$folder/derived.list" || true
  for file in /etc/apt/sources.list.d/*.sources; do
    [[ -e $file ]] && awk -v RS= -v ORS='\n\n' -v from="$host" -v to="$suite" -f eng/derive-sources.awk "$file"
  done >"$folder/derived.sources" || true
}

# A machine that has not been updated for long may lack the keys of a newer release: the machine's own release carries them, signed by keys it has.
take_newer_keys() {
  local work=$1
  (apt-get -q update && apt-get -q download debian-archive-keyring) >>"$work/log" 2>&1 || return 1
  dpkg -x debian-archive-keyring_*.deb "$work/keyring"
  local keys=$work/keyring/usr/share/keyrings/debian-archive-keyring
  [[ -e $keys.gpg ]] && keys=$keys.gpg || keys=$keys.pgp
  sed -i -E "s|^Signed-By:.*|Signed-By: $keys|" "$work/sources/derived.sources"
  sed -i -E "s|^deb +(\[[^]]*\] +)?|deb [signed-by=$keys] |" "$work/sources/derived.list"
}
