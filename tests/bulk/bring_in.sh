#!/usr/bin/env bash
# Brings COUNT agencies in from a CSV table, then each sends one referral to its neighbour and receives
# one: pairs of a social office (dinsos) and a service unit (uptdppa) of the same place, which the
# default policy allows to refer to each other. README.md.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
bin=
count=300
keep=
while [ $# -gt 0 ]; do
  case $1 in
    --bin) bin=$(cd "$2" && pwd); shift 2 ;;
    --count) count=$2; shift 2 ;;
    --keep) keep=$2; shift 2 ;;
    *) echo "usage: bring_in.sh --bin DIR [--count N] [--keep DIR]" >&2; exit 2 ;;
  esac
done
[ -n "$bin" ] && [ $((count % 2)) = 0 ] || { echo "bring_in.sh: --bin DIR, and an even --count" >&2; exit 2; }

work=${keep:-$(mktemp -d "${TMPDIR:-/tmp}/rujukan-bulk.XXXXXX")}
mkdir -p "$work/homes"
cd "$work"
domain=lampung.contoh.test
workers=2
patience_s=$((60 + count * 2)) # each agent verifies the whole directory, all of them at once
children=()
finish() {
  local code=$?
  for pid in "${children[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${children[@]}"; do
    await "the end of process $pid" gone "$pid" || kill -9 "$pid" 2>/dev/null || true
  done
  [ -n "$keep" ] || rm -rf "$work"
  exit $code
}
trap finish EXIT
gone() { ! kill -0 "$1" 2>/dev/null; }

# await WHAT COMMAND...: asks again until the command ends with 0.
await() {
  local what=$1 end=$((SECONDS + patience_s))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || { echo "bring_in.sh: waited $patience_s s for $what" >&2; return 1; }
    sleep 0.05
  done
}
now_ms() { date +%s%3N; }
part() { # part NAME SINCE_MS
  printf '%-44s %7d ms\n' "$1" $(($(now_ms) - $2))
}

# The name of agency N: odd and even ones of a pair serve the same place.
places=(18.01 18.02 18.03 18.04 18.05 18.06 18.07 18.08 18.09 18.10 18.11 18.12 18.13 18.71 18.72)
name_of() {
  local pair=$(($1 / 2)) types=(dinsos uptdppa)
  printf '%s.%s.%03d' "${types[$(($1 % 2))]}" "${places[$((pair % ${#places[@]}))]}" $((pair + 1))
}
region_of() { local name=${1#*.}; printf 'kemendagri:%s' "${name%.*}"; }

# --- the domain -----------------------------------------------------------------------------------
"$bin/rujukan-admin" init --domain $domain --home admin --broker-identity broker-id >/dev/null
free_port() {
  local port
  while :; do
    port=$((RANDOM % 20000 + 20000))
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}
"$bin/rujukan-broker" run --identity broker-id --data broker-data \
  --listen "tcp://127.0.0.1:$(free_port)" --enrol "tcp://127.0.0.1:$(free_port)" \
  --http "127.0.0.1:$(free_port)" >broker.log 2>&1 &
children+=($!)
await "the broker" test -s broker-data/endpoints.json

echo "address,name,region" >agencies.csv
names=()
for ((i = 0; i < count; ++i)); do
  name=$(name_of "$i")
  names+=("$name")
  echo "$name@$domain,\"$name (CONTOH)\",$(region_of "$name")" >>agencies.csv
done

# --- bringing them in -----------------------------------------------------------------------------
began=$(now_ms)
"$bin/rujukan-admin" invite --from agencies.csv --out-dir invitations --home admin \
  --endpoints broker-data/endpoints.json >invited.txt
part "$count invited from the table" "$began"

since=$(now_ms)
export bin domain
join_one() { # each at its own agency, in reality
  "$bin/rujukan-agent" join "$1" --home "homes/$(basename "$1" .invite)" --no-wait >>"join.$$.log" 2>&1
}
export -f join_one
ls invitations/*.invite | xargs -P $workers -I{} bash -c 'join_one {}'
part "$count made their keys and asked to join" "$since"

since=$(now_ms)
"$bin/rujukan-admin" approve --all --home admin >approved.txt
part "$count approved, certificates issued" "$since"
part "brought in, all together" "$began"
took_ms=$(($(now_ms) - began))
active=$("$bin/rujukan-admin" agencies --home admin | grep -c AKTIF || true)
[ "$active" = $((count + 1)) ] || { echo "bring_in.sh: $active members are active" >&2; exit 1; }

# --- one referral from each, one to each ----------------------------------------------------------
since=$(now_ms)
home_of() { echo "homes/$1"; }
for name in "${names[@]}"; do
  "$bin/rujukan-agent" run --home "$(home_of "$name")" >>agents.log 2>&1 &
  children+=($!)
done
# Live, and with the whole directory verified, entry by entry from the genesis.
is_current() {
  local listed
  listed=$("$bin/rujukan-agent" directory --home "$(home_of "$1")" | grep -c "@$domain")
  [ "$listed" -ge "$count" ]
}
for name in "${names[@]}"; do
  await "the agent of $name" is_current "$name"
done
part "$count agents running, each with the directory" "$since"

since=$(now_ms)
send_one() { # send_one FROM TO
  sed "s/\"kepada\": *\"[^\"]*\"/\"kepada\": \"$2@$domain\"/; s/kemendagri:[0-9.]*/kemendagri:18.71/g" \
    "$here/../../demo/rujukan_darurat.json" >"referral.$1.json"
  "$bin/rujukan-agent" send "referral.$1.json" --wait --home "$(home_of "$1")" >"sent.$1.log" 2>&1 ||
    { echo "bring_in.sh: $1 could not send: $(cat "sent.$1.log")" >&2; return 1; }
}
export here
export -f send_one home_of
for ((i = 0; i < count; ++i)); do
  echo "${names[$i]} ${names[$((i ^ 1))]}"
done | xargs -P 4 -L 1 bash -c 'send_one "$@"' _
delivered() {
  local received
  received=$("$bin/rujukan-agent" inbox --json --home "$(home_of "$1")")
  grep -q '"RUJUKAN"' <<<"$received"
}
for name in "${names[@]}"; do
  await "a referral in the inbox of $name" delivered "$name"
done
part "$count referrals sent, $count delivered" "$since"
printf 'ok: %d agencies brought in within %d.%d s; each sent one referral and received one\n' \
  "$count" $((took_ms / 1000)) $((took_ms % 1000 / 100))
