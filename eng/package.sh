# shellcheck shell=bash
# What `./build.sh package` makes: a package for Debian, by dpkg-deb alone. Two of the same programs and commit are equal, bit for bit.
# shellcheck disable=SC2154,SC2030,SC2031  # what make_package sets is for its parts, in the same subshell

# Grows with each commit, and tells commits apart.
package_version() {
  local number
  number=$(sed -nE 's|.*<Version>(.*)</Version>.*|\1|p' Directory.Build.props)
  if git rev-parse --git-dir >/dev/null 2>&1; then
    printf '%s+git%s\n' "$number" "$(TZ=UTC git log -1 --format=%cd.%h --date=format-local:%Y%m%d%H%M%S --abbrev=8)"
  else
    printf '%s\n' "$number"
  fi
}

# make_package FOLDER [VERSION]: prints the path of the package. Every step that fails ends it, and the parts rely on that: neither this nor they may
# be called in a condition or before `||`, where bash goes on after what fails.
make_package() (
  set -euo pipefail
  version=${2:-$(package_version)} architecture=$(dpkg --print-architecture)
  file=$1/shimstack_${version}_$architecture.deb
  SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y out/bin/shimctl)}
  export SOURCE_DATE_EPOCH
  umask 022
  work=$(mktemp -d)
  trap 'end_package $?' EXIT
  chmod 0755 "$work"
  fill_package "$work"
  write_control "$work"
  find "$work" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  mkdir -p "$1"
  run_quietly dpkg-deb dpkg-deb --root-owner-group -Z"${PACKAGE_COMPRESSION:-xz}" --build "$work" "$file"
  printf '%s\n' "$file"
)

# end_package STATUS: an old package of the same name is not left to be taken for the one that could not be made.
end_package() {
  rm -rf "$work"
  if [[ $1 != 0 ]]; then
    rm -f "$file"
    printf '%s\n' "build.sh: $file could not be made" >&2
  fi
}

# fill_package ROOT
fill_package() {
  local root=$1 program doc=$1/usr/share/doc/shimstack
  fill_version "$root/usr/lib/shimstack"
  mv "$root/usr/lib/shimstack/share" "$root/usr/share"
  command install -d "$root/usr/bin" "$root/usr/lib/systemd/system" "$root/etc/shimstack" "$doc"
  for program in shimstackd shimctl "$shim"; do
    ln -s "../lib/shimstack/$program" "$root/usr/bin/$program"
  done
  strip --strip-unneeded "$root/usr/lib/shimstack/libe_sqlite3.so"
  chmod 0644 "$root/usr/lib/shimstack/libe_sqlite3.so"
  command install -D -m 0644 eng/debian/overrides "$root/usr/share/lintian/overrides/shimstack"
  command install -m 0644 eng/systemd/shimstackd.service "$root/usr/lib/systemd/system/"
  mkdir -p "$root/usr/share/zsh/vendor-completions"
  mv "$root/usr/share/zsh/site-functions/_shimctl" "$root/usr/share/zsh/vendor-completions/"
  rmdir "$root/usr/share/zsh/site-functions"
  # Every default works: the file shows them, and sets none.
  sed -E 's/^([a-z].*=|\[)/#\1/' "$root/usr/share/shimstack/shimstackd.toml" >"$root/etc/shimstack/shimstackd.toml"
  command install -m 0644 eng/debian/copyright README.md "$doc/"
  printf 'shimstack (%s) unstable; urgency=medium\n\n  * See the log of the repository.\n\n -- %s  %s\n' \
    "$version" "$(maintainer)" "$(TZ=UTC date -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$doc/changelog.gz"
  find "$root/usr/share/man" -type f -exec gzip -9n {} +
}

# write_control ROOT
write_control() {
  local root=$1 script libc
  command install -d "$root/DEBIAN"
  libc=$(objdump -T "$root"/usr/lib/shimstack/* | grep -oE 'GLIBC_[0-9.]+' | sort -Vu | tail -n 1)
  sed -e "s|@VERSION@|$version|; s|@ARCHITECTURE@|$architecture|; s|@MAINTAINER@|$(maintainer)|; s|@LIBC@|${libc#GLIBC_}|" \
    -e "s|@SIZE@|$(du -sk --apparent-size "$root" | cut -f 1)|" eng/debian/control >"$root/DEBIAN/control"
  printf '/etc/shimstack/shimstackd.toml\n' >"$root/DEBIAN/conffiles"
  for script in postinst prerm postrm; do
    command install -m 0755 "eng/debian/$script" "$root/DEBIAN/"
  done
  (cd "$root" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | LC_ALL=C sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
  chmod 0644 "$root"/DEBIAN/{control,conffiles,md5sums}
}

maintainer() { git log -1 --format='%an <%ae>' 2>/dev/null || printf 'ShimStack <root@localhost>\n'; }
