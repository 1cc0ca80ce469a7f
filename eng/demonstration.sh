# shellcheck shell=bash
# What `demo` needs for the stack that it is asked for, and how it runs: below `probe guard`, see eng/demo.sh.

# run_demo [containerd [LINE] | docker [old|new] [containerd]]: by default our own stack.
run_demo() {
  local stack=${1:-own} words=()
  case "$stack" in
    own) need_own_stack ;;
    containerd)
      need_daemons
      words=("${2:-$(host_line)}")
      ;;
    docker)
      need_docker
      words=("${2:-new}")
      if [[ -z ${3:-} ]]; then
        need_own_stack
      else
        [[ $3 == containerd ]] || fail "demo docker ${words[0]}: below it can be nothing but 'containerd', not '$3'"
        need_daemons
        [[ ${words[0]} == old ]] && words+=(1.6) || words+=(2.x)
      fi
      ;;
    *) fail "unknown stack '$stack'; one of: containerd [1.6|1.7|2.x], docker [old|new] [containerd]; by default our own" ;;
  esac
  out/probe guard bash eng/demo.sh "$stack" "${words[@]}"
}

need_own_stack() {
  publish_supervisor
  publish_ctl
}

# record_session FILE
record_session() {
  out/probe guard unshare --mount --propagation private bash eng/demo/record.sh >"$1.new" || { rm -f "$1.new"; fail "the run could not be recorded"; }
  mv "$1.new" "$1"
  say "$1"
}
