# shellcheck shell=bash
# A browser without a window, for the test that looks at a drill's report: Debian's Chromium in its smallest form (100 MB of packages).

need_browser() {
  need_packages chromium-headless-shell
}
