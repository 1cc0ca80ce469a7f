# shellcheck shell=bash
# What `./build.sh install` puts where. A build has a folder of its own, lib/shimstack/VERSION, with programs, manual and completions; one of them is
# `current`, and everything outside leads through that link: so another build is active by one rename, and older ones stay to go back to. What else is
# made is written down in lib/shimstack/installed, by which `uninstall` takes exactly that away.
# shellcheck disable=SC2154

# The version, the commit, and what the programs are: two builds of one commit may differ.
build_version() {
  local number commit content
  number=$(sed -nE 's|.*<Version>(.*)</Version>.*|\1|p' Directory.Build.props)
  commit=$(git rev-parse --short=8 HEAD 2>/dev/null || echo unknown)
  content=$(cat out/bin/{shimstackd,shimctl,libe_sqlite3.so} "out/bin/$shim" | sha256sum | cut -c 1-8)
  printf '%s-g%s-%s\n' "$number" "$commit" "$content"
}

# install_all PREFIX
install_all() {
  local prefix version
  prefix=$(realpath -m "$1") version=$(build_version)
  make_folder "$prefix/lib/shimstack"
  if [[ ! -d $prefix/lib/shimstack/$version ]]; then
    rm -rf "$prefix/lib/shimstack/$version.new"
    fill_version "$prefix/lib/shimstack/$version.new"
    mv "$prefix/lib/shimstack/$version.new" "$prefix/lib/shimstack/$version"
  fi
  activate_version "$prefix" "$version"
  link_all "$prefix"
  install_unit "$prefix"
  say "installed $version below $prefix; others there: $(other_versions "$prefix" "$version")"
  say "services: systemctl daemon-reload; systemctl enable --now shimstackd, or systemctl reload shimstackd if it runs"
  say "how containerd and docker are told of the shim: $prefix/share/shimstack"
}

# fill_version FOLDER: all of a build.
fill_version() {
  local share=$1/share
  command install -d "$1" "$share"/{shimstack,man/man1,man/man8,bash-completion/completions,zsh/site-functions,fish/vendor_completions.d}
  command install -m 0755 out/bin/{shimstackd,shimctl,libe_sqlite3.so} "out/bin/$shim" "$1/"
  command install -m 0644 eng/share/* "$share/shimstack/"
  out/bin/shimstackd config default >"$share/shimstack/shimstackd.toml"
  write_manual "$share/man"
  out/bin/shimctl completion bash >"$share/bash-completion/completions/shimctl"
  out/bin/shimctl completion zsh >"$share/zsh/site-functions/_shimctl"
  out/bin/shimctl completion fish >"$share/fish/vendor_completions.d/shimctl.fish"
}

# write_manual FOLDER: shimctl's pages from its commands, shimstackd's from its settings.
write_manual() {
  out/bin/shimctl man "$1/man1"
  out/bin/shimstackd config default | awk -v version="$(out/bin/shimstackd --version)" -f eng/manual.awk >"$1/man8/shimstackd.8"
  shim_manual >"$1/man8/$shim.8"
}

# activate_version PREFIX VERSION: by one rename; what runs goes on with the files that it has.
activate_version() {
  local home=$1/lib/shimstack
  [[ -d $home/$2 ]] || fail "there is no $home/$2; there are: $(other_versions "$1" '')"
  ln -sfn "$2" "$home/current.new"
  mv -T "$home/current.new" "$home/current"
}

# other_versions PREFIX VERSION
other_versions() {
  local path found=()
  for path in "$1"/lib/shimstack/*/; do
    path=$(basename "$path")
    [[ $path == "$2" || $path == current || $path == '*' ]] || found+=("$path")
  done
  printf '%s\n' "${found[*]:-none}"
}

# link_all PREFIX: from where programs, pages and completions are looked for, through `current`.
link_all() {
  local prefix=$1 home=$1/lib/shimstack path target
  make_folder "$prefix/bin"
  for path in shimstackd shimctl "$shim"; do
    make_link "../lib/shimstack/current/$path" "$prefix/bin/$path"
  done
  while read -r path; do
    make_folder "$(dirname "$prefix/share/$path")"
    target=$(realpath -m -s --relative-to="$(dirname "$prefix/share/$path")" "$home/current/share/$path")
    make_link "$target" "$prefix/share/$path"
  done < <(cd "$home/current/share" && find . -type f -printf '%P\n' | sort)
}

# A file, not a link: systemd reads it before other file systems may be there.
install_unit() {
  local unit=$1/lib/systemd/system/shimstackd.service
  make_folder "$(dirname "$unit")"
  sed "s|/usr/bin/shim|$1/bin/shim|g" eng/systemd/shimstackd.service >"$unit.new"
  mv "$unit.new" "$unit"
  note_down "$1/lib/shimstack" "file $unit"
}

# make_folder PATH: those of its parents that are not there are noted, so that they go again.
make_folder() {
  [[ -d $1 ]] && return
  make_folder "$(dirname "$1")"
  mkdir "$1"
  made_folders+=("$1")
}
made_folders=()

make_link() {
  ln -sfn "$1" "$2.new"
  mv -T "$2.new" "$2"
  note_down "$prefix/lib/shimstack" "file $2"
}

# note_down HOME LINE: once; and the folders that were made since.
note_down() {
  local list=$1/installed folder
  touch "$list"
  for folder in "${made_folders[@]}"; do
    grep -qxF "folder $folder" "$list" || printf 'folder %s\n' "$folder" >>"$list"
  done
  made_folders=()
  grep -qxF "$2" "$list" || printf '%s\n' "$2" >>"$list"
}

# uninstall_all PREFIX: what install has made, and nothing else. Folders go if they were made by it and are empty.
uninstall_all() {
  local prefix list kind path
  prefix=$(realpath -m "$1") list=$prefix/lib/shimstack/installed
  [[ -s $list ]] || fail "nothing is installed below $prefix: there is no $list"
  list=$(tac "$list")
  while read -r kind path; do
    [[ $kind != file ]] || rm -f "$path"
  done <<<"$list"
  rm -rf "$prefix/lib/shimstack"
  while read -r kind path; do
    [[ $kind != folder || ! -d $path ]] || rmdir --ignore-fail-on-non-empty "$path"
  done <<<"$list"
  say "uninstalled from $prefix; running containers, /etc/shimstack, /var/lib/shimstack and /var/log/shimstack are yours"
  say "what still runs of it goes on: systemctl disable --now shimstackd; systemctl daemon-reload"
}
