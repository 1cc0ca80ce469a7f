# shellcheck shell=bash
# criu for the tests: the one of Debian 12 does not know the kernels of today. A newer one needs newer libraries, so it is unpacked with all of its own, like
# the daemons, and started by its own loader. Nothing is installed.
# shellcheck disable=SC2154

criu_packages=(criu libcompel1 libc6 libbsd0 libmd0 libgnutls30t64 libgmp10 libhogweed6t64 libnettle8t64 libidn2-0 libunistring5 libp11-kit0 libffi8 libtasn1-6
  libnet1 libnftables1 libnftnl11 libmnl0 libjansson4 libxtables12 libnl-3-200 libprotobuf-c1 libuuid1)

# In $cache/criu/bin, which a test puts into the PATH of its daemon.
need_criu() {
  local root=$cache/criu
  fetch_once trixie "$root" usr/sbin/criu "${criu_packages[@]}"
  if [[ ! -x $root/bin/criu && -x $root/usr/sbin/criu ]]; then
    mkdir -p "$root/bin"
    printf '#!/bin/sh\nexec %q --library-path %q %q "$@"\n' \
      "$root/usr/lib64/ld-linux-x86-64.so.2" "$root/usr/lib/x86_64-linux-gnu" "$root/usr/sbin/criu" >"$root/bin/criu"
    chmod 0755 "$root/bin/criu"
  fi
}
