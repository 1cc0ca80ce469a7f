#!/usr/bin/env bash
# Builds, tests, demonstrates and installs ShimStack: ./build.sh [VERB]. Every verb first makes sure of what it needs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
shim=containerd-shim-shimstack-v2 # read by the parts
export shim
for part in say packages daemons cni docker criu browser vm shim supervisor ctl shim-manual install package demonstration tests bench compatibility reliability lint; do
  # shellcheck source=/dev/null
  . "eng/$part.sh"
done

build() {  # shim, supervisor and client, Release, NativeAOT, into out/bin
  need_compiler
  publish_shim
  publish_supervisor
  publish_ctl
}

deps() {  # what this machine lacks, by apt; and Debian's containerds, dockers, criu, network plugins and the tests' machines into a cache folder
  need_compiler
  need_runtimes
  need_daemons
  need_network_plugins
  need_docker
  need_criu
  need_browser
  need_machines
}

demo() {  # [containerd [1.6|1.7|2.x] | docker [old|new] [containerd]]: a container under a daemon that is killed and comes back; by default ours
  need_compiler
  need_runtimes
  publish_shim
  build_probe
  run_demo "$@"
}

record() {  # docs/shimctl-session.txt, as demo and shimctl print it now
  need_compiler
  need_runtimes
  publish_shim
  need_own_stack
  build_probe
  record_session docs/shimctl-session.txt
}

test() {  # all tests, then the gates: number of tests, size of the binary
  deps
  publish_shim
  publish_supervisor
  publish_ctl
  build_probe
  check_binary_size
  run_tests "$@"
}

lint() {  # style and size of the sources, and of the scripts
  need_compiler
  need_packages shellcheck
  check_sources
  check_scripts
}

soak() {  # [MINUTES [SEED]], by default 30: a random walk, checked at each step; the same seed takes the same steps
  need_compiler
  need_runtimes
  need_daemons
  publish_shim
  dotnet build -c Release tests/SystemTests --nologo -v quiet -tl:off
  run_soak "${1:-30}" "${2:-}"
}

bench() {  # [--quick] [--only PHASE,...] [--record], or scale [N]: our shim and Debian's two, in turns in one run
  need_compiler
  need_runtimes
  need_daemons
  publish_shim
  build_probe
  run_bench "$@"
}

compatibility() {  # [broken]: docs/compatibility.md, by our shim and Debian's; or out/compatibility/broken.md, by a shim that is broken on purpose
  deps
  publish_shim
  make_table "$@"
}

reliability() {  # docs/reliability.md: what our shim and the reference of containerd 2.x make of each fault
  need_compiler
  need_runtimes
  need_daemons
  publish_shim
  make_reliability_page
}

install() {  # [PREFIX], by default /usr/local: beside older builds, which stay
  build
  install_all "${1:-/usr/local}"
}

activate() {  # VERSION [PREFIX]: another of the builds that are installed
  activate_version "${2:-/usr/local}" "${1:?which version}"
}

uninstall() {  # [PREFIX]: all builds; containers and their records stay
  uninstall_all "${1:-/usr/local}"
}

package() {  # a package for Debian, in out/
  build
  local file
  file=$(make_package out) # not as an argument: that would hide how it ended
  say "$file"
}

case "${1:-build}" in
  build | deps | demo | record | test | soak | lint | bench | compatibility | reliability | install | activate | uninstall | package) "${1:-build}" "${@:2}" ;;
  *) fail "unknown verb '$1'; one of: build deps demo record test soak lint bench compatibility reliability install [PREFIX] activate uninstall package" ;;
esac
