# shellcheck shell=bash
# What the machine must have. Missing packages are installed by apt, without questions; nothing that is there is touched.

need_compiler() {
  need_dotnet
  need_packages gcc libc6-dev zlib1g-dev
}

need_runtimes() {
  need_packages runc crun busybox-static bsdutils
}

need_dotnet() {
  local version
  version=$(dotnet --version 2>/dev/null) || fail "the .NET 10 SDK is missing: no usable 'dotnet' in PATH"
  [[ $version == 10.* ]] || fail "the .NET 10 SDK is needed, found $version"
}

need_packages() {
  local name missing=()
  for name in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || missing+=("$name")
  done
  if ((${#missing[@]} == 0)); then
    return 0
  fi
  [[ $EUID == 0 ]] || fail "missing packages (${missing[*]}): run as root, or install them"
  say "installing ${missing[*]}"
  # The package lists may be absent (a fresh image) or too old to download from: fetch them and try once more.
  install_packages "${missing[@]}" >/dev/null 2>&1 ||
    { run_quietly "apt-get update" apt-get update && run_quietly "apt-get install" install_packages "${missing[@]}"; }
}

install_packages() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" </dev/null
}
