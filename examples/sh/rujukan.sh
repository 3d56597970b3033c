#!/bin/sh
# Menghubungkan sistem Anda dengan rujukan-agent / connect your system to rujukan-agent.
#
#   sh rujukan.sh send rujukan.json      kirim rujukan / send a referral
#   sh rujukan.sh register URL           daftarkan webhook / register a webhook
#   sh rujukan.sh serve PORT             terima webhook / receive it (socat)
#
# Pengaturan lewat lingkungan / settings: RUJUKAN_API, RUJUKAN_TOKEN_FILE, RUJUKAN_SECRET_FILE.
# Perlu / needs: curl, jq, openssl, socat. Untuk mencoba; penerima yang tetap pakai bahasa lain: kunci
# HMAC terlihat di `ps` / to try things out: the HMAC key can be seen in `ps` while openssl runs.
set -eu
api=${RUJUKAN_API:-http://127.0.0.1:7410}
tolerance=300 # seconds; an older webhook is a copy that somebody sends again

# One request to the agent: METHOD PATH [BODY]. Errors are RFC 9457 documents: `detail` says what to do.
call() {
  { printf 'header = "Authorization: Bearer %s"\n' "$(cat "$RUJUKAN_TOKEN_FILE")"; } |
    curl -sS -K - --max-time 30 -X "$1" -H 'Content-Type: application/json' ${3+--data-binary "$3"} \
      "$api$2" | jq -e 'if (.status | type) == "number" and .status >= 400
                        then error(.detail) else . end'
}

send() {
  # Your own number of the case as the key: sending again, after a time-out too, sends once.
  key=$(openssl dgst -sha256 -r "$1" | cut -d' ' -f1)
  sent=$(call POST /v1/messages "$(jq -c --arg key "$key" '{kunci_idempoten: $key} + .' "$1")")
  printf '%s' "$sent" | jq -r .leg_id
}

register() {
  umask 077
  hook=$(call POST /v1/webhooks "$(jq -nc --arg url "$1" '{url: $url, events: ["message.*", "leg.*"]}')")
  printf '%s' "$hook" | jq -r .secret >"$RUJUKAN_SECRET_FILE" # it is shown once
}

# Standard Webhooks: HMAC-SHA256 of "ID.TIMESTAMP.BODY" under the secret's bytes.
is_genuine() { # ID TIMESTAMP SIGNATURES BODY
  case $2 in '' | *[!0-9]*) return 1 ;; esac
  age=$(($(date +%s) - $2))
  [ "$age" -le $tolerance ] && [ "$age" -ge -$tolerance ] || return 1
  key=$(sed 's/^whsec_//' "$RUJUKAN_SECRET_FILE" | base64 -d | od -An -v -tx1 | tr -d ' \n')
  expected=v1,$(printf '%s.%s.%s' "$1" "$2" "$4" |
    openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64 | tr -d '\n')
  case " $3 " in *" $expected "*) return 0 ;; esac
  return 1
}

# A webhook has ids only, and may come twice or late: look at the leg as it is now, then act.
# CONTOH / EXAMPLE: what an officer decides in your system, by our role and the leg's state.
handle() {
  leg=$(printf '%s' "$1" | jq -r '.leg_id // empty')
  [ -n "$leg" ] || return 0
  now=$(call GET "/v1/legs/$leg?isi=0") || return 1
  echo "$leg $(printf '%s' "$now" | jq -r .state)" >&2
  case $(printf '%s' "$now" | jq -r '.role + " " + .planned_state') in
  'PENERIMA SAMPAI')
    step accept '{"pekerja": {"peran": "pekerja sosial", "nama": "Wulan (CONTOH)"},
                  "rencana_kontak": "kunjungan hari ini"}' ;;
  'PENERIMA DITERIMA')
    step contact "{\"waktu\": \"$(date +%Y-%m-%dT%H:%M:%S%:z)\", \"keadaan\": \"aman (CONTOH)\"}" ;;
  'PENERIMA BERJALAN')
    step finish '{"hasil": "REINTEGRASI_KELUARGA", "pandangan_anak": "ingin pulang (CONTOH)",
                  "tindak_lanjut": "dipantau tiga bulan (CONTOH)", "risiko_tersisa": "rendah (CONTOH)"}' ;;
  'PERUJUK SELESAI') step close '{"keterangan": "disetujui (CONTOH)"}' ;;
  esac
}

step() { # ACTION FIELDS
  call POST "/v1/legs/$leg/$1" "{\"kunci_idempoten\": \"$leg/$1\", \"isi\": $2}" >/dev/null
}

# One HTTP request on standard input, its answer on standard output.
receive() {
  id='' stamp='' signatures='' length=0
  read -r _
  while IFS=': ' read -r name value && [ "$name" != "$(printf '\r')" ]; do
    value=$(printf '%s' "$value" | tr -d '\r')
    case $(printf '%s' "$name" | tr '[:upper:]' '[:lower:]') in
    webhook-id) id=$value ;;
    webhook-timestamp) stamp=$value ;;
    webhook-signature) signatures=$value ;;
    content-length) length=$value ;;
    esac
  done
  body=$(head -c "$length")
  status='401 Unauthorized'
  if is_genuine "$id" "$stamp" "$signatures" "$body"; then
    # 503: the agent sends it again later.
    # In a shell of its own, so that an error ends the step and not the answer.
    if (handle "$body"); then status='204 No Content'; else status='503 Service Unavailable'; fi
  fi
  printf 'HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' "$status"
}

case ${1-} in
send | register) "$1" "$2" ;;
receive) receive ;;
serve) exec socat "TCP-LISTEN:$2,bind=127.0.0.1,reuseaddr,fork" "EXEC:sh $0 receive" ;;
*) sed -n '2,7s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
esac
