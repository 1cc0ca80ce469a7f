# shellcheck shell=bash
# The manual page of the shim, which nobody types. Its settings are the table of docs/settings.md.
# shellcheck disable=SC2154

# shim_manual: on stdout. See groff_man(7).
shim_manual() {
  local version
  version=$("out/bin/$shim" -v | awk '$1 == "Version:" { print $2 }')
  cat <<ROFF
.TH CONTAINERD\\-SHIM\\-SHIMSTACK\\-V2 8 "" "ShimStack $version" "ShimStack"
.SH NAME
containerd\\-shim\\-shimstack\\-v2 \\- owns the processes of a container
.SH SYNOPSIS
\\fBcontainerd\\-shim\\-shimstack\\-v2\\fR \\fB\\-v\\fR | \\fB\\-h\\fR
.SH DESCRIPTION
Started by containerd, dockerd or \\fBshimstackd\\fR(8), one for each container or pod whose runtime is io.containerd.shimstack.v2. It owns the
processes of the container, keeps their input and output, and says when and how they ended, also while the daemon is dead.
.SH SIGNALS
.TP
\\fBSIGUSR1\\fR
It writes into its log what it does and what it waits for.
.SH SEE ALSO
\\fBshimctl\\-inspect\\fR(1), \\fBshimstackd\\fR(8), \\fBcontainerd\\fR(8), \\fBrunc\\fR(8)
ROFF
}
