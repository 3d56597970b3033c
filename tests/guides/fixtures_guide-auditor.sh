# What the auditor's guide supposes to be there: a domain with a broker and two agencies, a referral that
# was accepted, an invitation for the auditor, and what the agencies hand over. Sourced in the guide's
# folder.
domain=lampung.example

quietly() {
  "$@" >>fixture.log 2>&1 || { cat fixture.log >&2; return 1; }
}

quietly rujukan-admin init --domain $domain --home admin --broker-identity broker-id
rujukan-broker run --identity broker-id --data broker-data
cp broker-id/vkey lampung.vkey
for name in uppa.18.01 dinsos.18; do
  quietly rujukan-admin invite "$name@$domain" --name "$name (CONTOH)" --region "kemendagri:${name#*.}" \
    --out "$name.invite" --home admin --endpoints broker-data/endpoints.json
  quietly "$bin/rujukan-agent" join "$name.invite" --home "$name" --no-wait
  quietly "$bin/rujukan-admin" approve --all --home admin
  quietly "$bin/rujukan-agent" join "$name.invite" --home "$name"
  rujukan-agent run --home "$name"
done
knows() { "$bin/rujukan-agent" directory search --text "$2" --json --home "$1" | grep -q "$2"; }
await "the directory at uppa.18.01" knows uppa.18.01 "dinsos.18@$domain"

sed "s/@lampung.contoh.test/@$domain/" "$here/../../demo/rujukan_darurat.json" >rujukan.json
sent=$("$bin/rujukan-agent" send rujukan.json --wait --json --home uppa.18.01)
leg=$(json_of leg_id "$sent")
message=$(json_of message_id "$sent")
arrived() { "$bin/rujukan-agent" show "$leg" --home dinsos.18; }
await "the referral at dinsos.18" arrived
quietly "$bin/rujukan-agent" ack "$leg" --home dinsos.18
quietly "$bin/rujukan-agent" accept "$leg" --worker "Wulan (CONTOH)" --plan "jemput malam ini" --home dinsos.18
accepted() { "$bin/rujukan-agent" show "$leg" --json --home uppa.18.01 | grep -q DITERIMA; }
await "the acceptance at uppa.18.01" accepted

quietly rujukan-admin invite "auditor.01@$domain" --name "Inspektorat (CONTOH)" --role auditor \
  --out auditor.invite --home admin
# The admin hears the twelve digits on the phone; then an agency opens a message to the auditor.
discloses() {
  "$bin/rujukan-agent" disclose "$message" --to "auditor.01@$domain" --reason "audit (CONTOH)" \
    --out isi.opened --home uppa.18.01
}
somebody_joins() {
  quietly "$bin/rujukan-admin" approve --all --home admin
  await_joins
  await "the content that uppa.18.01 opens" discloses
}
quietly "$bin/rujukan-agent" reads --anchor --export reads.txt --home dinsos.18

stands_for[01931c3e-...]=$leg
stands_for[01931c3f-...]=$message

# A time-stamping authority of its own.
openssl_quiet() { openssl "$@" >>openssl.log 2>&1; }
cat >tsa.cnf <<'CNF'
[authority]
serial = tsa.serial
signer_cert = tsa.crt
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
CNF
echo 01 >tsa.serial
openssl_quiet req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tsa-ca.key -out tsa.pem -days 30 \
  -subj "/C=ID/O=Waktu (CONTOH)/CN=Akar" -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign"
openssl_quiet req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tsa.key -out tsa.csr \
  -subj "/C=ID/O=Waktu (CONTOH)/CN=Stempel"
printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n' >tsa.ext
openssl_quiet x509 -req -in tsa.csr -CA tsa.pem -CAkey tsa-ca.key -set_serial 2 -days 30 -extfile tsa.ext -out tsa.crt
GOCACHE="$bin/go-cache" GO111MODULE=off GOFLAGS= go build -o tsa-server "$here/tsa.go"
./tsa-server >>tsa.log 2>&1 &
children+=($!)
await "the time-stamping authority" test -s tsa.url
stands_for[http://127.0.0.1:7440]=$(cat tsa.url)
openssl x509 -in admin/root.crt -outform DER | sha256sum | cut -d ' ' -f 1 >lampung.root
