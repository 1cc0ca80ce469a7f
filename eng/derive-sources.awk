# Prints the deb822 paragraphs that speak of release FROM of Debian, with TO in its place.
{
  suites = ""; debian = 0; count = split($0, lines, "\n")
  for (i = 1; i <= count; i++) {
    if (lines[i] ~ /^Suites:/) suites = lines[i]
    if (lines[i] ~ /^Components:.*(^|[ \t])main([ \t]|$)/) debian = 1
    if (lines[i] ~ /^Enabled:[ \t]*no/) next
  }
  if (!debian || suites !~ ("(^|[ \t])" from "(-updates|-security|/updates)?([ \t]|$)")) next
  for (i = 1; i <= count; i++) {
    if (lines[i] ~ /^Suites:/) gsub(from, to, lines[i])
    printf "%s\n", lines[i]
  }
  printf "\n"
}
