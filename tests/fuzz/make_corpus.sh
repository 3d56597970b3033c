#!/bin/sh
# Makes the seed corpora with tools that are not ours: protoc, openssl, printf. Run by hand, to add seeds.
set -eu
cd "$(dirname "$0")"
proto=../../proto
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

seed() { # seed TARGET NAME < bytes
  mkdir -p "corpus/$1"
  cat >"corpus/$1/$2"
}
encode() { # encode MESSAGE FILE < text format
  protoc -I "$proto" --encode="rujukan.v1.$1" "rujukan/v1/$2.proto"
}
b16=$(printf '\\001%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16)
b32=$b16$b16

# --- act, root_act, enrolment: of the domain that fold_entry.h makes
act() { # act NAME ACTOR BODY
  printf 'version: 1 act_id: "%s" actor: "%s@lampung.example" created_at_ms: 1795000000000 %s' \
    "$b16" "$2" "$3" | encode Act act | seed act "$1"
}
dinsos='address: "dinsos.18@lampung.example"'
act invite admin.01 "invite { invitation_key: \"$b32\" address: \"rs.18.01@lampung.example\"
  region: \"kemendagri:18.01\" expires_at_ms: 1795080000000 role: STEWARD
  scope { regions: \"kemendagri:18\" from_ms: 1 until_ms: 1895000000000 } }"
act suspend_bounce admin.01 "suspend { $dinsos note: \"diperiksa\" pending_mail: BOUNCE }"
act revoke admin.01 "revoke { $dinsos reason: MISCONDUCT }"
act revoke_itself admin.01 'revoke { address: "admin.01@lampung.example" reason: CESSATION }'
act describe dinsos.18 "describe { $dinsos profile { wilayah_kerja: \"kemendagri:18\"
  layanan { kode: 1 usia_max: 18 } kapasitas { status: TERSEDIA berlaku_sampai_ms: 1795000100000
  tempat_tidur { jumlah: 4 terisi: 1 } } kontak_24jam: \"0800\" } }"
act standing admin.01 "set_standing { $dinsos standing { izin_sangat_rahasia: true
  perjanjian { id: \"PKS-1\" berlaku_sampai_ms: 1795600000000 } } steward: \"-\" }"
act without_right uppa.18.01 "set_standing { $dinsos standing { izin_sangat_rahasia: true } }"
act set_policy admin.01 'set_policy { version: 1 document: "rujukan-policy 1\nname \"a / b\"\n" }'
act set_rules admin.01 'set_rules { rules { two_admins: true } }'
act permit admin.01 'permit { from: "dinsos.18@lampung.example" to: "uppa.18.01@lampung.example"
  expires_at_ms: 1795600000000 }'
act broken_csr dinsos.18 "request_keys { signing_csr: \"0\" encryption_csr: \"0\" transport_key: \"$b32\" }"
act broken_crl admin.01 'publish_crl { crl: "0\202\001\000" }'
act broken_anchor admin.01 'add_anchor { name: "CA" certificate: "0\202\001\000" }'
act unknown_proposal admin.01 "confirm { proposal: \"$b16\" }"
head -c 40 corpus/act/invite | seed act truncated
root_act() { # root_act NAME BODY
  printf 'version: 1 act_id: "%s" domain: "lampung.example" created_at_ms: 1795000000000 %s' \
    "$b16" "$2" | encode RootAct act | seed root_act "$1"
}
root_act revoke "revoke { $dinsos reason: KEY_COMPROMISE pending_mail: BOUNCE }"
root_act rules 'rules { two_admins: true }'
root_act broken_certificates 'issuing_certificate: "0\202" admin { signing_certificate: "0\202" }'
head -c 30 corpus/root_act/revoke | seed root_act truncated
request() { # request NAME BODY
  printf 'version: 1 invitation_key: "%s" created_at_ms: 1795000000000 %s' "$b32" "$2" |
    encode EnrolmentRequest act | seed enrolment "$1"
}
request plain "address: \"rs.18.01@lampung.example\" signing_csr: \"0\" transport_key: \"$b32\""
request outside 'address: "rs.18.01@lampung.example" outside_certificate: "0" possession: "0"'
head -c 30 corpus/enrolment/plain | seed enrolment truncated

# --- opened_content, reads_file
opening=$(printf '\\001%.0s' $(seq 32))'\000\000\000\002hi\000\000'
printf 'version: 1 message_id: "%s" opening: "%s" given_by: "dinsos.18@lampung.example"' "$b16" "$opening" |
  encode OpenedContent audit | seed opened_content framed
printf 'version: 1 message_id: "%s" opening: "short"' "$b16" | encode OpenedContent audit |
  seed opened_content unframed
head -c 20 corpus/opened_content/framed | seed opened_content truncated
leaf=$(printf 'version: 1 time_ms: 1795000000000 message_id: "%s" action: VIEWED reader: "Wulan"' "$b16" |
  encode ReadEvent audit | base64 -w0)
hash=$(head -c 32 /dev/zero | base64 -w0)
printf 'rujukan-reads@v1\ndinsos.18@lampung.example\n2\n\n0 %s %s\n1 %s %s\n' "$hash" "$leaf" "$hash" "$leaf" |
  seed reads_file two
printf 'rujukan-reads@v1\ndinsos.18@lampung.example\n1\n\n0 %s\n' "$hash" | seed reads_file broken_line
printf 'rujukan-reads@v1\ndinsos.18@lampung.example\n0\n\n' | seed reads_file empty

# --- canary
printf 'cry' | seed canary kills

# --- header
header_text() {
  cat <<TEXT
version: 1 message_id: "$b16" leg_id: "$b16" kind: $1
from: "uppa.18.01@contoh.test" $2
urgency: AMAT_SEGERA classification: R created_at_ms: 1795000000000 utc_offset_minutes: 420
expires_at_ms: 1795600000000 sequence: 1 content_size: 100
content_digest: "$b32" content_commitment: "$b32" recipient_keys: "$b32"
TEXT
}
to='to: "dinsos.18@contoh.test"'
header_text RUJUKAN "$to" | encode Header header | seed header referral
header_text RUJUKAN "$to $to" | encode Header header | seed header two_recipients_of_a_leg
header_text UNSPECIFIED "$to" | encode Header header | seed header no_kind
header_text RUJUKAN "" | encode Header header | seed header no_recipient
header_text TERIMA "$to" | encode Header header | head -c 60 | seed header truncated

# --- delivery_receipt
receipt_text() {
  cat <<TEXT
version: $1 message_id: "$b16" header_digest: "$b32" recipient: "lpa.31@contoh.test"
received_at_ms: 1795000000000 outcome: DELIVERED
TEXT
}
receipt_text 1 | encode DeliveryReceipt header | seed delivery_receipt delivered
receipt_text 9 | encode DeliveryReceipt header | seed delivery_receipt future_version

# --- batch_claim
batch_text() {
  printf 'signer_key: "%s" batch_size: %s batch_index: %s signature: "%s" ' "$b32" "$1" "$2" "$b32"
  for _ in $3; do printf 'path: "%s" ' "$b32"; done
}
batch_text 1 0 "" | encode BatchSignature header | seed batch_claim alone
batch_text 4 3 "1 2" | encode BatchSignature header | seed batch_claim last_of_four
batch_text 4 4 "1 2" | encode BatchSignature header | seed batch_claim index_past_the_end
batch_text 4096 0 "1 2 3 4 5 6 7 8 9 10 11 12" | encode BatchSignature header |
  seed batch_claim first_of_4096
batch_text 4097 0 "1" | encode BatchSignature header | seed batch_claim too_large

# --- client_frame: 0x12 is the tag of ClientFrame.submit, and so on
printf 'hello { version: 1 tree_size: 7 }' | encode ClientFrame wire | seed client_frame hello
printf 'ping {}' | encode ClientFrame wire | seed client_frame ping
printf 'credit { messages: 256 }' | encode ClientFrame wire | seed client_frame credit
escape() { od -An -v -tx1 "$1" | tr -d '\n' | sed 's/ /\\x/g'; }
printf 'submit { header: "%s" signature { %s } content: "x" }' \
  "$(escape corpus/header/referral)" "$(batch_text 1 0 "")" |
  encode ClientFrame wire | seed client_frame submit
printf 'delivery { receipt: "%s" signature { %s } }' \
  "$(escape corpus/delivery_receipt/delivered)" "$(batch_text 1 0 "")" |
  encode ClientFrame wire | seed client_frame delivery
printf 'act { act: "x" signature { %s } }' "$(batch_text 1 0 "")" |
  encode ClientFrame wire | seed client_frame act
printf 'status { message_ids: "%s" }' "$b16" | encode ClientFrame wire | seed client_frame status
printf '' | seed client_frame empty

# --- chunk, and the same in a frame: roots of one chunk and of two, by openssl
leaf() { { printf '\000'; printf '%s' "$1"; } | openssl dgst -sha256 -binary; }
leaf isi >"$work/one"
leaf lain >"$work/other"
{ printf '\001'; cat "$work/one" "$work/other"; } | openssl dgst -sha256 -binary >"$work/two"
chunk_text() { # chunk_text ROOT INDEX CHUNKS DATA [PATH]
  printf 'leg_id: "%s" root: "%s" index: %s chunks: %s data: "%s" ' "$b16" "$(escape "$1")" "$2" "$3" "$4"
  [ $# -lt 5 ] || printf 'path: "%s" ' "$(escape "$5")"
}
chunk_text "$work/one" 0 1 isi | encode PutChunk wire | seed chunk alone
chunk_text "$work/two" 1 2 lain "$work/one" | encode PutChunk wire | seed chunk last_of_two
chunk_text "$work/two" 0 2 lain "$work/one" | encode PutChunk wire | seed chunk in_anothers_place
chunk_text "$work/two" 7 2 lain | encode PutChunk wire | seed chunk past_the_end
chunk_text "$work/one" 0 4201 isi | encode PutChunk wire | seed chunk too_many
printf 'put_chunk { %s }' "$(chunk_text "$work/two" 1 2 lain "$work/one")" |
  encode ClientFrame wire | seed client_frame put_chunk
printf 'get_chunk { leg_id: "%s" root: "%s" index: 1 }' "$b16" "$b32" |
  encode ClientFrame wire | seed client_frame get_chunk
printf '%048d' 0 | seed sealed_chunk zeros
printf 'short' | seed sealed_chunk short
printf '%%PDF-1.7\n' | seed media_type pdf
printf '\377\330\377\340' | seed media_type jpeg
printf 'PK\003\004%026d[Content_Types].xml word/' 0 | seed media_type docx
printf '\000\000\000\040ftypM4A ' | seed media_type m4a
printf 'MZ' | seed media_type program

# --- note, checkpoint, receipt: the golden note is of the C2SP signed-note specification
sig='Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM='
printf 'This is an example message.\n\n\342\200\224 example.com/foo %s\n' "$sig" | seed note golden
printf 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k' | seed note vkey
printf 'no signature\n' | seed note unsigned
empty_root='47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
text=$(printf 'rujukan/contoh.test\n0\n%s' "$empty_root")
printf '%s\n' "$text" | seed checkpoint empty_tree
printf '%s\nextension\n' "$text" | seed checkpoint extension
printf 'rujukan/contoh.test\n01\n%s\n' "$empty_root" | seed checkpoint leading_zero
note=$(printf '%s\n\n\342\200\224 rujukan/contoh.test %s' "$text" "$sig")
printf 'c2sp.org/tlog-proof@v1\nindex 0\n\n%s\n' "$note" | seed receipt no_hashes
printf 'c2sp.org/tlog-proof@v1\nextra eA==\nindex 5\n%s\n%s\n\n%s\n' \
  "$empty_root" "$empty_root" "$note" | seed receipt extra_and_two_hashes
printf 'c2sp.org/tlog-proof@v1\nindex 05\n\n%s\n' "$note" | seed receipt leading_zero

# --- witness_request, tlog_policy
printf 'old 0\n\n%s\n' "$note" | seed witness_request first
printf 'old 7\n%s\n%s\n\n%s\n' "$empty_root" "$empty_root" "$note" | seed witness_request two_hashes
printf 'old 07\n\n%s\n' "$note" | seed witness_request leading_zero
printf 'old 7\n%s\n' "$empty_root" | seed witness_request no_blank_line
printf 'old 0\n\nnot a note\n' | seed witness_request no_note
log_vkey='example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
# The same 32 bytes as a cosigner's key; the key id is SHA-256("w" 0x0a 0x04 key)[0:4].
typed=$(printf '%s' "${log_vkey##*+}" | base64 -d | tail -c 32 | { printf '\004'; cat; } | base64 -w 0)
id=$({ printf 'w\n'; printf '%s' "$typed" | base64 -d; } | sha256sum | cut -c 1-8)
printf '# both\nlog %s https://log.contoh.test\nwitness w w+%s+%s\ngroup g any w\nquorum g\n' \
  "$log_vkey" "$id" "$typed" | seed tlog_policy group
printf 'quorum none\n' | seed tlog_policy none
printf 'witness w w+%s+%s\ngroup g 2 w\nquorum g\n' "$id" "$typed" | seed tlog_policy threshold
printf 'group g any g\nquorum g\n' | seed tlog_policy of_itself

# --- bundle (first byte: width - 1), tile_path
printf '\001\000\003abc\000\000' | seed bundle two_entries
printf '\000\000\005abc' | seed bundle length_past_the_end

# --- scoped_bundle (first byte: width - 1)
printf '\001\000\003abc\000\000%032d' 7 | seed scoped_bundle an_entry_and_a_hash
printf '\000\000\000%031d' 7 | seed scoped_bundle hash_cut_short
printf '\001\000\003abc\000\003def' | seed scoped_bundle nothing_withheld
printf 'tile/0/x001/x234/067' | seed tile_path full
printf 'tile/0/273.p/112' | seed tile_path partial
printf 'tile/entries/000.p/1' | seed tile_path entries
printf 'tile/64/000' | seed tile_path level_too_high

# --- archive: 256 empty entries, hashes and digest of zeros
archive_head() { # archive_head FIRST END
  printf 'rujukan-archive@v1\norigin rujukan/contoh.test\nentries %s %s\nroot %s\npath %s\n' \
    "$1" "$2" "$empty_root" "$empty_root"
  printf 'checkpoint %s\n%s' "$(printf '%s\n' "$note" | wc -c)" "$note"
  echo
}
zeros() { head -c "$1" /dev/zero; }
archive_head 0 256 | seed archive header_alone
{ archive_head 0 256; printf 'E\000\000\002\000'; zeros 512; printf 'H\000\000\040\000'; zeros 8224; } |
  seed archive empty_entries
{ archive_head 256 512; printf 'E\377\377\377\377'; zeros 64; } | seed archive length_past_the_end
archive_head 0 128 | seed archive half_a_bundle

# --- clocks
seed clocks default <../../ledger/default.clocks
head -c 4000 ../../ledger/default.clocks | seed clocks truncated
clocks_text() { printf 'rujukan-clocks 1\nname "Uji / test"\n%s\n' "$1"; }
clocks_text 'zone WIB 18, 31
hours Mon, Tue 07:30-12:00, 13:00-24:00 from 2026-01-01
hours Sun none
leave 2026-12-24 "a"
holiday 2026-12-25 "b"
limit * KONTAK 24 h target 3 h from 2027-01-01
limit RENDAH KEMAJUAN 30 d next-work then 30 working-d
limit SEDANG PENUTUPAN 11 d closes 3 d
escalate * L2 3 working-d L3 7 working-d
timer PENAHANAN_KASASI 15 d extend 20 d lasts 1 d from 2014-07-31 law "x"' | seed clocks every_clause
clocks_text 'hours Mon 08:00-07:00' | seed clocks hours_backwards
clocks_text 'limit * KONTAK 99999999999 d' | seed clocks endless_span

# --- policy
seed policy default <../../ledger/default.policy
head -c 3000 ../../ledger/default.policy | seed policy truncated
policy_text() { printf 'rujukan-policy 1\nname "Uji / test"\ntypes dinsos, rs, uppa\n%s\n' "$1"; }
policy_text 'group g = dinsos/kab, uppa
deny D10 to @g when agreement-expired unless-duty -- "a / b"
duty L1 from @g to rs kinds PENITIPAN, PEMBERITAHUAN scope same or agreement -- "a / b"
allow A1 from * to @g, rs kinds cases scope child when emergency emergency-lifts-tier -- "a / b"
test denied D10: rs.18 dinsos.18.71 RUJUKAN agreement-expired emergency
test supervisor P0: rs.18 patbm.18.01.21.2001 PENITIPAN catchment' | seed policy every_clause
policy_text 'allow A1 from dinsos to rs kinds all scope same or -- "a / b"' | seed policy open_ended_scope
policy_text 'deny D1 to rs -- "a " b"' | seed policy quote_inside
policy_text 'group g = @g' | seed policy group_of_itself

# --- certificate, csr
openssl ecparam -name prime256v1 -genkey -noout -out "$work/key.pem"
san='subjectAltName=email:lpa.31@contoh.test'
openssl req -new -x509 -key "$work/key.pem" -subj /CN=lpa.31 -days 30 -addext "$san" \
  -addext keyUsage=critical,digitalSignature -outform DER | seed certificate self_signed
openssl req -new -key "$work/key.pem" -subj /CN=lpa.31 -addext "$san" -outform DER | seed csr plain
openssl req -new -key "$work/key.pem" -subj /CN=lpa.31 -outform DER | seed csr without_address
head -c 100 corpus/certificate/self_signed | seed certificate truncated

# --- outside_certificate, crl
cat >"$work/cnf" <<TEXT
[ca]
default_ca = list
[list]
database = $work/index
crlnumber = $work/number
default_md = sha256
default_crl_days = 30
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[complete]
authorityKeyIdentifier = keyid
[partial]
issuingDistributionPoint = critical, onlyuser:TRUE
[req]
distinguished_name = name
[name]
TEXT
openssl req -new -x509 -newkey rsa:2048 -nodes -keyout "$work/ca.key" -subj '/C=ID/O=Instansi/CN=Akar' \
  -days 3000 -config "$work/cnf" -extensions root -out "$work/ca.pem" 2>/dev/null
openssl req -new -utf8 -key "$work/key.pem" -subj '/C=ID/O=Instansi/CN=Rénata+UID=7' -out "$work/csr"
openssl x509 -req -in "$work/csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -set_serial 0xff01 -days 900 \
  -extfile "$work/cnf" -extensions leaf -out "$work/leaf.pem" 2>/dev/null
openssl x509 -in "$work/leaf.pem" -outform DER | seed outside_certificate leaf
openssl x509 -in "$work/ca.pem" -outform DER | seed outside_certificate rsa_root
head -c 300 corpus/outside_certificate/leaf | seed outside_certificate truncated
list() { # list EXTENSIONS [REVOKED]
  : >"$work/index"
  echo 07 >"$work/number"
  ca="openssl ca -config $work/cnf -cert $work/ca.pem -keyfile $work/ca.key"
  [ $# -eq 1 ] || $ca -revoke "$2" -crl_reason keyCompromise 2>/dev/null
  $ca -gencrl -crlexts "$1" 2>/dev/null | openssl crl -outform DER
}
list complete | seed crl empty
list complete "$work/leaf.pem" | seed crl one_revoked
list partial "$work/leaf.pem" | seed crl partial
head -c 200 corpus/crl/one_revoked | seed crl truncated

# --- timestamp
cat >"$work/tsa" <<TEXT
[authority]
serial = $work/tsa_serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
[stamping]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
TEXT
openssl req -new -key "$work/key.pem" -subj '/O=Waktu Contoh/CN=Stempel' -out "$work/csr"
openssl x509 -req -in "$work/csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -set_serial 7 -days 900 \
  -extfile "$work/tsa" -extensions stamping -out "$work/tsa.pem" 2>/dev/null
stamp() { # stamp HASH
  printf 'pos pemeriksaan' >"$work/data"
  openssl ts -query -data "$work/data" "-$1" -cert -out "$work/query" 2>/dev/null
  openssl ts -reply -config "$work/tsa" -section authority -queryfile "$work/query" \
    -signer "$work/tsa.pem" -inkey "$work/key.pem" -out "$work/response" 2>/dev/null || true
  cat "$work/response"
}
stamp sha512 | seed timestamp refused
stamp sha256 | seed timestamp response
openssl ts -reply -config "$work/tsa" -section authority -in corpus/timestamp/response -token_out \
  2>/dev/null | seed timestamp token
head -c 300 corpus/timestamp/token | seed timestamp truncated

# --- sealed_content, content_frame
openssl req -new -x509 -key "$work/key.pem" -subj /CN=asing -days 30 -out "$work/cert.pem"
printf 'rahasia' | openssl cms -encrypt -aes-256-gcm -outform DER -recip "$work/cert.pem" |
  seed sealed_content for_somebody_else
printf 'rahasia' | openssl cms -encrypt -aes-256-cbc -outform DER -recip "$work/cert.pem" |
  seed sealed_content cbc
salt='................................'
printf '%s\000\000\000\003abc\000' "$salt" | seed content_frame padded
printf '%s\000\000\000\003abcX' "$salt" | seed content_frame hidden_in_padding
printf '%s\377\377\377\377abc' "$salt" | seed content_frame length_past_the_end

# --- invitation
invitation_text() {
  cat <<TEXT
version: 1 address: "lpa.31@contoh.test" official_name: "LPA (CONTOH)" region: "kemendagri:31"
expires_at_ms: 1795600000000 invitation_seed: "$b32" endpoint: "tcp://127.0.0.1:7400"
enrolment_endpoint: "tcp://127.0.0.1:7401" broker_transport_key: "$b32"
log_vkey: "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
root_fingerprint: "$b32"
TEXT
}
line() { printf 'rujukan-invite:'; base64 -w 0 | tr '+/' '-_' | tr -d '='; }
invitation_text | encode Invitation invitation | line | seed invitation whole
invitation_text | encode Invitation invitation | head -c 90 | line | seed invitation truncated
printf 'rujukan-invite:****' | seed invitation not_base64

# --- csv
printf 'address,name,region\r\nlpa.31@contoh.test,"LPA ""Melati"" (CONTOH), Jakarta",kemendagri:31\r\n' |
  seed csv comma_quotes_crlf
printf '\357\273\277address;name\nlpa.31@contoh.test;LPA (CONTOH)\n;\n' | seed csv semicolon_bom_empty_row
printf 'address,name\nlpa.31@contoh.test\na,b,c\n"two\nlines",x\n' | seed csv wrong_number_of_fields
printf 'address,name\na"b,c\n"a"b,c\na\rb,c\n\377,c\n' | seed csv stray_quotes_and_bytes
printf 'address,name\n"never closed,c\n' | seed csv quote_never_closed
printf 'address,address\n' | seed csv header_twice_the_same

# --- evidence: `whole_leg` is a file that rujukan-audit evidence made of a test's ledger
printf 'PK\005\006\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000\000' | seed evidence empty_zip
head -c 3000 corpus/evidence/whole_leg | seed evidence truncated
