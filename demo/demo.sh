#!/usr/bin/env bash
# One referral, end to end, by the real commands. `./dev demo` builds and calls this.
#   demo.sh --bin DIR [--keep DIR]
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
bin=
keep=
while [ $# -gt 0 ]; do
  case $1 in
    --bin) bin=$(cd "$2" && pwd) && shift 2 ;;
    --keep) keep=$2 && shift 2 ;;
    *) echo "usage: ./dev demo [--keep DIR]" >&2 && exit 2 ;;
  esac
done
[ -n "$bin" ] || { echo "usage: demo.sh --bin DIR [--keep DIR]" >&2; exit 2; }

if [ -n "$keep" ]; then
  mkdir -p "$keep"
  [ -z "$(ls -A "$keep")" ] || { echo "demo: $keep is not empty: name another folder" >&2; exit 2; }
  dir=$(cd "$keep" && pwd)
else
  dir=$(mktemp -d "${TMPDIR:-/tmp}/rujukan-demo.XXXXXX")
fi
logs=$dir/logs
scratch=$dir/scratch
token=$dir/auditor.token
mkdir -p "$logs" "$scratch" "$dir/agents"
export=$dir/export
evidence=$dir/referral.asice
# shellcheck source=demo/lib.sh
. "$here/lib.sh"

keep_for_the_reader=$keep
cleanup() {
  stop_all
  rm -rf "$scratch"
  [ -n "$keep_for_the_reader" ] || rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

domain=lampung.contoh.test
agencies="uppa.18.01 dinsos.18 lpa.31 sentra.31.75.001"
declare -A official=(
  [uppa.18.01]="Unit PPA Polres Lampung Selatan (CONTOH)"
  [dinsos.18]="Dinas Sosial Provinsi Lampung (CONTOH)"
  [lpa.31]="LPA DKI Jakarta (CONTOH)"
  [sentra.31.75.001]="Sentra AMPK Cempaka (CONTOH)"
)
declare -A region=(
  [uppa.18.01]=18.01 [dinsos.18]=18 [lpa.31]=31 [sentra.31.75.001]=31.75
)

. "$here/acts.sh"

begun=$SECONDS
act_domain
act_emergency
act_acceptance
act_second_province
act_trail
act_audit
act_evidence
act_tamper
act_blind
printf '\n%sDone in %d s.%s ' "$bold" $((SECONDS - begun)) "$plain"
if [ -n "$keep" ]; then
  say "State: $dir   Auditor's export: $export   Evidence: $evidence"
else
  say "Nothing is left running, nothing is left on disk (--keep DIR keeps it)."
fi
