# shellcheck shell=bash
# Debian's dockerds: the one of Debian 12 (20.10) and the newest that Debian carries (28 in forky), each unpacked into a folder of the cache with
# its client and its init, as eng/daemons.sh does for containerd. Nothing is installed or started.

need_docker() {
  fetch_once bookworm "$SHIMSTACK_CACHE/docker-old" usr/sbin/dockerd docker.io tini libdevmapper1.02.1
  fetch_once forky "$SHIMSTACK_CACHE/docker-new" usr/sbin/dockerd docker.io docker-cli tini-static
}
