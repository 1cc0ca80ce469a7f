# shellcheck shell=bash
# Measuring. The driver, the shims and everything that they orphan run below a guard that reaps, and see a /run of their own: a tmpfs, as on a node,
# which goes away with them, sockets and bundles included. See mount_namespaces(7).

# run_bench [ARGUMENT...]: the arguments of tests/Bench.
run_bench() {
  local log=out/bench.log program=out/artifacts/bin/Bench/release/ShimStack.Bench
  say "building tests/Bench"
  dotnet build -c Release tests/Bench --nologo -v quiet -tl:off >"$log" 2>&1 || { cat "$log" >&2; fail "tests/Bench does not build"; }
  # shellcheck disable=SC2016
  out/probe guard unshare --mount --propagation private \
    bash -ec '[[ $(stat -f -c %T /run) == tmpfs ]] || mount -t tmpfs -o mode=755 tmpfs /run; exec "$@"' bash "$program" "$@"
}
