# shellcheck shell=dash
# The report: one line per check on the second serial line, "check", name, verdict, milliseconds and what was found, separated by tabs.

skipped=77

open_report() {
  mkdir -p /run/checks
  stty -F /dev/ttyS1 raw -echo
  exec 3>/dev/ttyS1
}

# check NAME FUNCTION: the function prints what it found; it ends with 0 when all is so, with $skipped when it cannot be said here.
check() {
  began=$(now)
  found=$("$2" 2>&1)
  case $? in
    0) verdict=passed ;;
    "$skipped") verdict=skipped ;;
    *) verdict=failed ;;
  esac
  printf 'check\t%s\t%s\t%s\t%s\n' "$1" "$verdict" "$(($(now) - began))0" "$(printf %s "$found" | tr '\t\r\n' '   ')" >&3
}

end_report() { printf 'end\n' >&3; }

# Hundredths of a second since the start of the machine.
now() { sed -E 's/^([0-9]+)\.([0-9]+) .*/\1\2/' /proc/uptime; }

# skip REASON / no WHAT: the end of a check, together with the reason.
skip() { echo "$*"; return "$skipped"; }
no() { echo "$*"; return 1; }

# same WHAT EXPECTED ACTUAL
same() { [ "$2" = "$3" ] || no "$1: expected '$2', found '$3'"; }

# until_true WHAT COMMAND...: looks again and again, for at most 30 s.
until_true() {
  what=$1
  deadline=$(($(now) + 3000))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$(now)" -lt "$deadline" ] || { no "waited in vain for $what"; return 1; }
    busybox usleep 100000
  done
}
