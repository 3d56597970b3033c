#!/usr/bin/env bash
# Runs every command of a guide, from top to bottom, in a folder of its own. README.md says how.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
bin=
guide=
keep=
while [ $# -gt 0 ]; do
  case $1 in
    --bin) bin=$(cd "$2" && pwd); shift 2 ;;
    --keep) keep=$2; shift 2 ;;
    *) guide=$(realpath "$1"); shift ;;
  esac
done
[ -n "$bin" ] && [ -f "$guide" ] || { echo "usage: run_guide.sh --bin DIR [--keep DIR] GUIDE.md" >&2; exit 2; }

work=${keep:-$(mktemp -d "${TMPDIR:-/tmp}/rujukan-guide.XXXXXX")}
mkdir -p "$work"
children=()
finish() {
  local pid
  for pid in "${children[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${children[@]}"; do
    await "the end of process $pid" gone "$pid" || kill -9 "$pid" 2>/dev/null || true
  done
  [ -n "$keep" ] || rm -rf "$work"
}
gone() { ! kill -0 "$1" 2>/dev/null; }
cd "$work" || exit 1

patience_s=30

# await WHAT COMMAND...: asks again until the command ends with 0.
await() {
  local what=$1 end=$((SECONDS + patience_s))
  shift
  until "$@" >/dev/null 2>&1; do
    if [ $SECONDS -ge $end ]; then
      echo "guide: waited ${patience_s} s for $what" >&2
      return 1
    fi
    sleep 0.05
  done
}

# Below those that the kernel gives to clients (32768 and up): one of them would be taken again
# between this look and the broker's.
free_port() {
  local port
  while :; do
    port=$((RANDOM % 12000 + 20000))
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

# The value after an option: option_of --home "$@"
option_of() {
  local name=$1
  shift
  while [ $# -gt 1 ]; do
    [ "$1" = "$name" ] && { echo "$2"; return; }
    shift
  done
}

# --- the programs as the guide calls them ---------------------------------------------------------

rujukan-broker() {
  if [ "$1" != run ]; then
    "$bin/rujukan-broker" "$@"
    return
  fi
  local data host=tcp://127.0.0.1
  data=$(option_of --data "$@")
  "$bin/rujukan-broker" "$@" --listen "$host:$(free_port)" --enrol "$host:$(free_port)" \
    --http "127.0.0.1:$(free_port)" >>broker.log 2>&1 &
  children+=($!)
  await "the broker" test -s "$data/endpoints.json" || {
    tail -n 5 broker.log >&2
    return 1
  }
}

# It is connected, and its directory has come as far as its own admission.
is_live() {
  local status
  status=$("$bin/rujukan-agent" status --json --home "$1") || return
  grep -q '"LIVE"' <<<"$status" && ! grep -q '"certificates": \[\]' <<<"$status"
}

rujukan-agent() {
  local home args=() arg
  home=$(option_of --home "$@")
  home=${home:-${RUJUKAN_AGENT_HOME:-}}
  for arg in "$@"; do
    args+=("${stands_for[$arg]:-$arg}")
  done
  case $1 in
    run)
      "$bin/rujukan-agent" "$@" >>agent.log 2>&1 &
      children+=($!)
      await "the agent of $home" is_live "$home"
      agency_runs "$home"
      ;;
    join)
      join_in_background "$bin/rujukan-agent" "$@"
      agency_joins
      ;;
    *)
      "$bin/rujukan-agent" "${args[@]}"
      agency_step "$1"
      ;;
  esac
}

# A join ends when the admin has decided, which is a later line of the guide.
joins=()
join_in_background() {
  local said="join.$((${#joins[@]} + 1)).log"
  "$@" >"$said" 2>&1 &
  joins+=("$!")
  children+=($!)
  await "a fingerprint from: $*" grep -qE '[0-9]{4} [0-9]{4} [0-9]{4}' "$said"
  cat "$said"
}
await_joins() {
  local pid code=0
  for pid in "${joins[@]}"; do
    wait "$pid" || code=$?
  done
  joins=()
  return $code
}

# The first value of a field in JSON laid out one field a line: json_of FIELD JSON
json_of() { sed -nE "/\"$1\": *\"/{s/.*\"$1\": *\"([^\"]*)\".*/\1/;p;q}" <<<"$2"; }

# The first fingerprint or proposal that waits takes the place of the guide's example.
rujukan-admin() {
  local home args=() arg waiting= proposal=
  home=$(option_of --home "$@")
  case $1 in
    approve | reject)
      waiting=$("$bin/rujukan-admin" requests --json --home "$home")
      waiting=$(json_of fingerprint "$waiting")
      ;;
    confirm | decline)
      proposal=$("$bin/rujukan-admin" proposals --json --home "$home")
      proposal=$(json_of id "$proposal")
      ;;
    join) join_in_background "$bin/rujukan-admin" "$@"; return ;;
  esac
  for arg in "$@"; do
    if [[ -n $waiting && $arg =~ ^[0-9]{4}\ [0-9]{4}\ [0-9]{4}$ ]]; then arg=$waiting; fi
    if [[ -n $proposal && $arg =~ ^[0-9a-f]{8}$ ]]; then arg=$proposal; fi
    args+=("$arg")
  done
  if [ "$1" != approve ]; then
    "$bin/rujukan-admin" "${args[@]}" || return
  else # under the two-admin rule the applicant goes on waiting, for another line of the guide
    local said
    said=$("$bin/rujukan-admin" "${args[@]}") || return
    printf '%s\n' "$said"
    case $said in *"another admin confirms"*) return ;; esac
  fi
  case $1 in
    approve | confirm) await_joins ;;
    reject) await_joins || true ;; # whoever was turned down is told so
  esac
}

# The guides say the port that a broker has unless told otherwise.
# What a guide names by an example and a fixture knows by its real name.
declare -A stands_for=()
# What happens elsewhere once somebody waits to be let in, once an agency runs, and after a step of it; a
# fixture may say.
somebody_joins() { :; }
agency_joins() { :; }
agency_runs() { :; }
agency_step() { :; }

rujukan-audit() {
  local args=() arg http
  if [ "$1" = join ]; then
    join_in_background "$bin/rujukan-audit" "$@"
    somebody_joins
    return
  fi
  http=$(cat ./*/endpoints.json 2>/dev/null)
  stands_for[http://127.0.0.1:7402]=$(json_of http "$http")
  for arg in "$@"; do
    args+=("${stands_for[$arg]:-$arg}")
  done
  "$bin/rujukan-audit" "${args[@]}"
}

# --- the guide ------------------------------------------------------------------------------------

fixtures="$here/fixtures_$(basename "$guide" .md).sh"
# shellcheck disable=SC1090
[ ! -f "$fixtures" ] || . "$fixtures"

# Indented blocks, one a NUL-ended record, without their indentation.
blocks() {
  awk '
    /^    / { block = block substr($0, 5) "\n"; next }
    /^$/ && block != "" { block = block "\n"; next }
    block != "" { printf "%s%c", block, 0; block = "" }
    END { if (block != "") printf "%s%c", block, 0 }' "$guide"
}

# Each line of each block has to work; functions keep what they started.
said() { echo "guide: this failed: ${block:-the beginning}" >&2; }
trap 'code=$?; [ $code = 0 ] || said; finish; exit $code' EXIT
set -e
run=0
while IFS= read -rd '' block; do
  case $block in
    rujukan-* | cat\ * | export\ * | openssl\ * | "!"*) ;;
    *) continue ;; # what a command prints, or a picture
  esac
  printf '\n$ %s\n' "${block%$'\n'}"
  run=$((run + 1))
  eval "$block"
done < <(blocks)
set +e

printf '\nguide: %d blocks of commands of %s all worked\n' "$run" "$(basename "$guide")"
[ "$run" -gt 0 ]
