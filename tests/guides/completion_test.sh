#!/usr/bin/env bash
# completion_test.sh BIN_DIR COMPLETION: what the Tab key offers is what the programs have.
set -uo pipefail
PATH="$(cd "$1" && pwd):$PATH"
# shellcheck disable=SC1090
. "$2"

failed=0
# offers WORD LINE...: WORD is among what is offered at the end of the line.
offers() {
  local wanted=$1
  shift
  COMP_WORDS=("$@")
  COMP_CWORD=$(($# - 1))
  COMPREPLY=()
  _rujukan
  printf '%s\n' "${COMPREPLY[@]}" | grep -qx -- "$wanted" && return
  echo "not offered: $wanted after: ${*:1:$#-1}" >&2
  failed=1
}

offers today rujukan-agent to
offers redirect rujukan-agent red
offers invite-conference rujukan-agent inv
offers --reason rujukan-agent redirect --re
offers --children rujukan-agent overdue --ch
offers start rujukan-agent timer sta
offers list rujukan-agent timer ''
offers DI_LUAR_WILAYAH rujukan-agent decline 0191 --reason DI
offers PINDAH_WILAYAH rujukan-agent fail 0191 --reason PIN
offers BUNUH_DIRI rujukan-agent alert 0191 --type BUN
offers AMAT_SEGERA rujukan-agent search --urgency AM
offers id rujukan-agent today --lang i
offers KEY_COMPROMISE rujukan-admin revoke x --reason KEY
exit $failed
