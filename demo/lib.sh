# Sourced by demo.sh: starting and stopping, waiting, telling. bash, no state of its own but arrays.

if [ -t 1 ]; then
  bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' blue=$'\e[36m' plain=$'\e[0m'
else
  bold='' dim='' red='' green='' blue='' plain=''
fi

act() { printf '\n%s== %s ==%s\n' "$bold" "$*" "$plain"; }
say() { printf '%s\n' "$*"; }
good() { printf '%s  ok%s  %s\n' "$green" "$plain" "$*"; }
bad() { printf '%s  !!%s  %s\n' "$red" "$plain" "$*"; }
command_line() { printf '%s$ %s%s\n' "$dim" "$*" "$plain"; }
fail() {
  bad "$*"
  say "logs: $logs"
  for log in "$logs"/*.log; do
    [ -s "$log" ] && { say "--- the end of $log"; tail -n 5 "$log"; }
  done
  keep_for_the_reader=yes
  exit 1
}

# --- processes: what is started here is stopped here, by its id -----------------------------------

started=()

start() { # start NAME COMMAND...
  local name=$1
  shift
  "$@" >"$logs/$name.out" 2>"$logs/$name.log" &
  started+=($!)
}

stop_all() {
  local pid
  for pid in "${started[@]}"; do
    kill "$pid" 2>/dev/null
  done
  for pid in "${started[@]}"; do
    wait "$pid" 2>/dev/null
  done
  started=()
}

# until_true SECONDS WHAT COMMAND...: polls something observable, with a deadline.
until_true() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$deadline" ] || fail "waited in vain for $what"
    sleep 0.05
  done
}

# --- the programs ---------------------------------------------------------------------------------

admin() { "$bin/rujukan-admin" "$@" --home "$dir/admin"; }
agent() { # agent WHO COMMAND...
  local who=$1 command=$2
  shift 2
  "$bin/rujukan-agent" "$command" "$@" --home "$dir/agents/$who"
}
audit() { "$bin/rujukan-audit" "$@"; }

# quiet COMMAND...: runs it; its output appears only when it fails.
quiet() {
  local output
  output=$("$@" 2>&1) || {
    say "$output"
    fail "this failed: $*"
  }
}
