# The manual page of shimstackd, from the configuration that it writes itself: comments, then "key = value" each. See groff_man(7).
# -v version: what `shimstackd --version` says.
function plain(text) { gsub(/\\/, "\\e", text); gsub(/-/, "\\-", text); return text }
function section(name) { printf ".SH %s\n", name }
BEGIN {
  printf ".TH SHIMSTACKD 8 \"\" \"%s\" \"ShimStack\"\n", version
  section("NAME")
  print "shimstackd \\- supervises the shims of containers, for clients of containerd"
  section("SYNOPSIS")
  print "\\fBshimstackd\\fR [\\fB\\-\\-config\\fR \\fIpath\\fR] [\\fB\\-\\-\\fIsetting\\fR \\fIvalue\\fR ...]\n.br"
  print "\\fBshimstackd config\\fR \\fBdefault\\fR|\\fBdump\\fR"
  section("DESCRIPTION")
  print "Starts one shim per container and keeps records of containers, tasks and events. It may be killed at any moment: shims and containers"
  print "live on, and the next one finds them. Whoever may connect to its socket is root's equal."
  section("SETTINGS")
  print "Each is a key of the configuration file and a flag of the same name, which wins."
}
/^# / { help = help (help ? " " : "") substr($0, 3); next }
/^[a-z-]+ = / {
  at = index($0, " = ")
  value = substr($0, at + 3)
  printf ".TP\n\\fB%s\\fR\n%s By default %s.\n", plain(substr($0, 1, at - 1)), plain(help), value == "\"\"" ? "empty" : plain(value)
}
/^\[/ { printf ".TP\n\\fB%s\\fR\n%s\n", plain($0), plain(help) }
{ help = "" }
END {
  section("EXIT STATUS")
  print "0: asked to end. 64: wrong command line. 78: wrong configuration. 69: socket, directory or database cannot be had. 1: anything else."
  section("FILES")
  print ".TP\n\\fI/etc/shimstack/shimstackd.toml\\fR\nThe configuration, if it is there."
  print ".TP\n\\fI/run/shimstack\\fR, \\fI/var/lib/shimstack\\fR\nState and root, see above."
  section("SEE ALSO")
  print "\\fBshimctl\\fR(1), \\fBctr\\fR(8), \\fBrunc\\fR(8)"
}
