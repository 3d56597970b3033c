# Sourced by demo.sh: the acts, in order. Each prints what it did and stops the demo when a promise
# is not kept. Persons and texts are made up.

# field NAME: the first value of this name in JSON on standard input.
field() { grep -o "\"$1\": *\"[^\"]*\"" | head -n 1 | sed 's/^[^:]*: *"//; s/"$//'; }

# typed TEXT: what an officer writes on the command line; act 9 looks for it at the broker.
typed() { printf '%s\n' "$1" | tee -a "$scratch/typed"; }

act_domain() {
  act "1. A domain, a broker, four agencies"
  command_line "rujukan-admin init --domain $domain"
  quiet "$bin/rujukan-admin" init --domain "$domain" --home "$dir/admin" \
    --broker-identity "$dir/broker-identity"
  command_line "rujukan-broker run --identity broker-identity --data broker"
  start broker "$bin/rujukan-broker" run --identity "$dir/broker-identity" --data "$dir/broker" \
    --listen tcp://127.0.0.1:0 --enrol tcp://127.0.0.1:0 --http 127.0.0.1:0
  until_true 20 "the broker" test -s "$dir/broker/endpoints.json"
  http=$(field http <"$dir/broker/endpoints.json")

  command_line "rujukan-admin invite ...; rujukan-agent join INVITATION; rujukan-admin approve"
  for name in $agencies; do
    quiet admin invite "$name@$domain" --name "${official[$name]}" \
      --region "kemendagri:${region[$name]}" --out "$dir/$name.invite" \
      --endpoints "$dir/broker/endpoints.json"
    quiet "$bin/rujukan-agent" join "$dir/$name.invite" --home "$dir/agents/$name" --no-wait
  done
  command_line "rujukan-admin invite auditor.01 --role auditor; rujukan-audit join INVITATION"
  quiet admin invite "auditor.01@$domain" --name "Auditor (CONTOH)" --role auditor \
    --out "$dir/auditor.invite"
  quiet audit join "$dir/auditor.invite" --home "$dir/auditor"
  quiet admin approve --all
  quiet audit join --home "$dir/auditor"
  command_line "rujukan-audit read --purpose ...          (an entry of the ledger says so first)"
  quiet audit read --home "$dir/auditor" --purpose "peragaan (CONTOH)" --out "$token"
  # The policy allows a Sentra to those in its catchment; for act 4 the admin permits one more.
  command_line "rujukan-admin permit dinsos.18@$domain sentra.31.75.001@$domain --for 30d"
  quiet admin permit "dinsos.18@$domain" "sentra.31.75.001@$domain" --for 30d \
    --note "izin (CONTOH)"
  for name in $agencies; do
    quiet "$bin/rujukan-agent" join "$dir/$name.invite" --home "$dir/agents/$name"
    start "agent-$name" "$bin/rujukan-agent" run --home "$dir/agents/$name"
  done
  for name in $agencies; do
    until_true 20 "the agent of $name" agent "$name" status --json
    good "$name  ${official[$name]}"
  done
}

# refer FROM FILE [KEY]: sends, waits for the receipt, leaves the leg in $leg. The same file again is the
# same referral, unless a KEY says otherwise.
refer() {
  local answer
  answer=$(agent "$1" send "$here/$2" ${3:+--key "$3"} --wait --json 2>"$logs/send.err") ||
    { cat "$logs/send.err"; fail "$1 could not send $2"; }
  leg=$(field leg_id <<<"$answer")
  [ -n "$leg" ] || fail "no leg in the answer to send: $answer"
}

# arrives WHO LEG: waits until its inbox has something new of this leg.
arrives() { until_true 20 "the message at $1" eval "agent $1 show $2 --json"; }
in_state() { agent "$1" show "$2" --json | grep -q "\"$3\""; }
reaches() { until_true 20 "state $3 at $1" in_state "$1" "$2" "$3"; }

# header_of MESSAGE: the header as the broker has it, from the broker's own ledger, by stock protoc.
header_of() {
  local entry header
  quiet audit proof "$1" --ledger "$http" --token-file "$token" --out "$scratch/one.tlog-proof"
  sed -n 's/^extra //p' "$scratch/one.tlog-proof" | base64 -d >"$scratch/entry"
  entry=$(protoc -I "$here/../proto" --decode=rujukan.v1.Entry rujukan/v1/entry.proto <"$scratch/entry")
  header=$(sed -n 's/^  header: "\(.*\)"$/\1/p' <<<"$entry")
  # protoc writes bytes as C escapes; sed makes them those that the shell's %b understands.
  printf '%b' "$(sed 's/\\\\/\\134/g; s/\\\(['"\"'"']\)/\1/g; s/\\\([0-7]\{3\}\)/\\0\1/g' <<<"$header")" \
    >"$scratch/header"
  protoc -I "$here/../proto" --decode=rujukan.v1.Header rujukan/v1/header.proto <"$scratch/header"
}

# What was readable on both sides of the seal, beside each other.
side_by_side() { # side_by_side LEFT_FILE RIGHT_FILE
  printf '  %s%-50s | %s%s\n' "$bold" "what the broker can see (header)" "what the recipient sees" "$plain"
  paste -d '\t' "$1" "$2" | awk -F '\t' '{ printf "  %-50.50s | %.70s\n", $1, $2 }'
}

act_emergency() {
  act "2. 23:58, Bakauheni: the police unit refers, DARURAT"
  command_line "rujukan-agent send rujukan_darurat.json --wait        (as uppa.18.01)"
  refer uppa.18.01 rujukan_darurat.json
  emergency=$leg
  arrives dinsos.18 "$leg"
  good "in the ledger, with proof; and at dinsos.18 a moment later"
  agent dinsos.18 show "$leg" --json >"$scratch/seen.json"
  ! grep -q Melati "$scratch/seen.json" || fail "T1 must not hold the name"
  header_of "$(field message_id <"$scratch/seen.json")" |
    grep -E '^(from|to|kind|urgency|classification|content_size)' | sed 's/"//g' >"$scratch/left"
  printf 'content: sealed\nname, age, sex, category: nowhere\n' >>"$scratch/left"
  grep -E 'ref_anak|kelompok_usia|kategori_utama|tingkat_risiko|bahaya|ringkasan|wilayah_asal' \
    "$scratch/seen.json" | sed 's/^ *//; s/,$//; s/"//g' | head -n 7 >"$scratch/right"
  printf 'nama: (not before TERIMA)\n' >>"$scratch/right"
  side_by_side "$scratch/left" "$scratch/right"
  good "no name, no NIK, no address yet: stage T1 only"
}

act_acceptance() {
  act "3. The social office accepts; only now the name"
  command_line "rujukan-agent ack LEG; rujukan-agent accept LEG       (as dinsos.18)"
  quiet agent dinsos.18 ack "$emergency"
  quiet agent dinsos.18 accept "$emergency" --worker "$(typed "Wulan (CONTOH)")" --plan "$(typed "jemput malam ini")"
  reaches uppa.18.01 "$emergency" DITERIMA
  good "uppa.18.01 sees: DITERIMA"
  until_true 20 "stage T2 at dinsos.18" eval 'agent dinsos.18 show "$emergency" --json | grep -q Melati'
  good "T2 released by acceptance; dinsos.18 reads: $(agent dinsos.18 show "$emergency" --json |
    field nama_panggilan), $(agent dinsos.18 show "$emergency" --json | field pandangan_anak)"
}

act_second_province() {
  act "4. Across the strait: a refusal with an alternative, then help"
  command_line "rujukan-admin policy test dinsos.18@$domain sentra.31.75.001@$domain RUJUKAN_LAYANAN"
  admin policy test "dinsos.18@$domain" "sentra.31.75.001@$domain" RUJUKAN_LAYANAN | sed 's/^/  /' |
    tee "$scratch/policy"
  grep -q permit "$scratch/policy" || fail "the policy's answer does not name the permit"
  refer dinsos.18 rujukan_rehab.json
  local first=$leg
  arrives sentra.31.75.001 "$first"
  command_line "rujukan-agent decline LEG --reason DI_LUAR_WILAYAH    (as sentra.31.75.001)"
  quiet agent sentra.31.75.001 decline "$first" --reason DI_LUAR_WILAYAH \
    --alternative "$(typed "rujukan nasional melalui Kemensos")"
  reaches dinsos.18 "$first" DITOLAK
  good "dinsos.18 sees: DITOLAK DI_LUAR_WILAYAH, with an alternative; no name was disclosed"
  agent sentra.31.75.001 show "$first" --json >"$scratch/declined.json" || fail "sentra cannot show its leg"
  grep -q "$first" "$scratch/declined.json" || fail "that is not the declined leg"
  ! grep -q Melati "$scratch/declined.json" || fail "declined, yet it has the name"

  refer dinsos.18 rujukan_rehab.json after-approval
  second=$leg
  arrives sentra.31.75.001 "$second"
  quiet agent sentra.31.75.001 ack "$second"
  quiet agent sentra.31.75.001 accept "$second" --worker "$(typed "Bagas (CONTOH)")" --plan "$(typed "besok pagi")"
  until_true 20 "T2 at the sentra" eval 'agent sentra.31.75.001 show "$second" --json | grep -q Melati'
  good "a new leg, with national approval: DITERIMA, T2 released"

  refer dinsos.18 rujukan_penelusuran.json
  arrives lpa.31 "$leg"
  quiet agent lpa.31 ack "$leg"
  quiet agent lpa.31 accept "$leg" --worker "$(typed "Intan (CONTOH)")" --plan "$(typed "kunjungan rumah")"
  reaches dinsos.18 "$leg" DITERIMA
  good "lpa.31 traces the recruiter's house: DITERIMA"
}

act_trail() {
  act "5. The trail of the first leg, as an accredited auditor reads it"
  command_line "rujukan-audit trail LEG --ledger $http"
  audit trail "$emergency" --ledger "$http" --token-file "$token" ||
    fail "no trail"
}

act_audit() {
  act "6. The auditor trusts nobody: export, verify offline"
  command_line "rujukan-audit export --ledger $http --out export; rujukan-audit verify export"
  quiet audit export --ledger "$http" --token-file "$token" --out "$export"
  audit verify "$export" --vkey "$dir/broker-identity/vkey" >"$scratch/verdict" 2>/dev/null ||
    { cat "$scratch/verdict"; fail "the export does not verify"; }
  grep -E ' pass |^Entries|^VERIFIED' "$scratch/verdict" | sed 's/^ */  /'
  command_line "rujukan-audit readers --ledger export"
  audit readers --ledger "$export" || fail "no list of readers"
}

# One file that proves the first referral to somebody who has nothing else; and what it says of itself.
act_evidence() {
  act "7. The evidence of the first leg, as one file that stands alone"
  command_line "rujukan-audit complete LEG --ledger export --key auditor.key --name auditor --out all.note"
  quiet audit complete "$emergency" --ledger "$export" --key "$scratch/auditor.key" --name auditor \
    --out "$scratch/all.note"
  command_line "rujukan-audit evidence LEG --ledger export --statement all.note --out referral.asice"
  quiet audit evidence "$emergency" --ledger "$export" --statement "$scratch/all.note" --auditor "$scratch/auditor.key.vkey" \
    --out "$evidence"
  command_line "rujukan-audit check referral.asice --vkey VKEY         ($(stat -c %s "$evidence") bytes, offline)"
  audit check "$evidence" --vkey "$dir/broker-identity/vkey" --auditor "$scratch/auditor.key.vkey" >"$scratch/verdict" ||
    { cat "$scratch/verdict"; fail "the evidence does not verify"; }
  grep -E ' (pass|not checkable) |^VERIFIED' "$scratch/verdict" | cut -c 1-110 | sed 's/^ */  /'
}

# Changes one byte of the entries of a copy.
act_tamper() {
  act "8. One flipped byte"
  local bundle byte offset
  cp -r "$export" "$scratch/tampered"
  bundle=$(find "$scratch/tampered/tile/entries" -type f | sort | tail -n 1)
  offset=$(($(stat -c %s "$bundle") * 9 / 10))
  byte=$(od -An -tu1 -j "$offset" -N 1 "$bundle" | tr -d ' ')
  printf '%b' "\\x$(printf %x $((byte ^ 1)))" |
    dd of="$bundle" bs=1 seek="$offset" conv=notrunc status=none
  command_line "rujukan-audit verify tampered        (byte $offset of ${bundle#"$scratch"/} flipped)"
  if audit verify "$scratch/tampered" --vkey "$dir/broker-identity/vkey" >"$scratch/verdict" 2>&1; then
    fail "the flipped byte went unnoticed"
  fi
  grep -E '^ *entry [0-9]+|^NOT VERIFIED' "$scratch/verdict" | head -n 4 | cut -c 1-110 | sed 's/^ */  /'
  grep -qE '^ *entry [0-9]+' "$scratch/verdict" || fail "the verifier did not name the entry"
  rm -rf "$scratch/tampered"
  good "caught, and the entry named"
}

# Every word of six letters or more that an officer wrote, but region codes, addresses, the name of the
# system and the words of the policy, which is public; and what was typed on the command line, whole.
words_of_the_content() {
  {
    cat "$here"/*.json | grep -vE '"(kepada|jenis|urgensi|klasifikasi|wilayah_[a-z]+)"' |
      grep -oE ': *"[^"]*"|^ *"[^":]*",?$'
    cat "$scratch/typed"
  } | grep -oE '[A-Za-z0-9-]{6,}' | grep -vixE 'contoh|rujukan' | sort -u |
    grep -vixFf <(grep -oE '[A-Za-z0-9-]{6,}' "$here/../ledger/default.policy")
  cat "$scratch/typed"
}

act_blind() {
  act "9. What a thief of the broker's disk finds"
  stop_all # so that everything is on the disk
  words_of_the_content >"$scratch/words"
  local count found
  count=$(wc -l <"$scratch/words")
  [ "$count" -gt 40 ] && grep -qxF kunjungan "$scratch/words" &&
    grep -qF -f "$scratch/words" "$here/rujukan_darurat.json" ||
    fail "the search itself is broken"
  command_line "strings over $(du -sh "$dir/broker" | cut -f 1) of broker data and its logs, for $count words and phrases"
  found=$(find "$dir/broker" "$dir/broker-identity" "$logs"/broker.* -type f -exec strings -a -n 5 {} + |
    grep -F -f "$scratch/words" | head -n 3)
  [ -z "$found" ] || fail "the broker has words of the content: $found"
  good "none of the $count words and phrases the officers wrote is there"
}
