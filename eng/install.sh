# shellcheck shell=bash
# What `./build.sh install` puts where: programs and their library in one folder, links to the programs, and the unit of systemd.
# shellcheck disable=SC2154

# install_all PREFIX
install_all() {
  local prefix=$1 program unit=$1/lib/systemd/system/shimstackd.service
  command install -d "$prefix/bin" "$prefix/lib/shimstack" "$(dirname "$unit")"
  command install -m 0755 out/bin/{shimstackd,shimctl,libe_sqlite3.so} "out/bin/$shim" "$prefix/lib/shimstack/"
  for program in shimstackd shimctl "$shim"; do
    ln -sfn "../lib/shimstack/$program" "$prefix/bin/$program"
    say "installed $prefix/bin/$program"
  done
  sed "s|^ExecStart=[^ ]*shimstackd|ExecStart=$prefix/bin/shimstackd|" eng/systemd/shimstackd.service >"$unit"
  say "installed $unit (systemctl daemon-reload; systemctl enable --now shimstackd)"
}
