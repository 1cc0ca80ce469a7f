# shellcheck shell=bash
# The network plugins that the tests of Kubernetes need, Debian's, unpacked into the cache as eng/daemons.sh does for containerd: the package itself
# would bring a packet filter with it.
# shellcheck disable=SC2154  # $cache is eng/daemons.sh's

need_network_plugins() {
  local suite
  suite=$(host_suite)
  [[ $suite != unknown ]] || suite=bookworm
  fetch_once "$suite" "$cache/cni" usr/lib/cni/ptp containernetworking-plugins
}
