# What the officer's guide supposes to be there: a domain with a broker, a police unit that sends a referral
# to the office of the guide as soon as that has joined, and a referral that the office may send back.
# Sourced in the guide's folder.
domain=lampung.example

quietly() {
  "$@" >>fixture.log 2>&1 || { cat fixture.log >&2; return 1; }
}

quietly rujukan-admin init --domain $domain --home admin --broker-identity broker-id
rujukan-broker run --identity broker-id --data broker-data
for name in uppa.18.01 dinsos.18.71; do
  quietly rujukan-admin invite "$name@$domain" --name "$name (CONTOH)" --region "kemendagri:${name#*.}" \
    --out "$name.invite" --home admin --endpoints broker-data/endpoints.json
done
quietly "$bin/rujukan-agent" join uppa.18.01.invite --home uppa.18.01 --no-wait
quietly "$bin/rujukan-admin" approve --all --home admin
quietly "$bin/rujukan-agent" join uppa.18.01.invite --home uppa.18.01
rujukan-agent run --home uppa.18.01

# As demo/rujukan_darurat.json, between the two of the guide, in both directions.
between() { sed "s/\"[a-z.0-9]*@lampung.contoh.test\"/\"$1@$domain\"/" "$here/../../demo/rujukan_darurat.json"; }
between dinsos.18.71 >to_the_office.json
between uppa.18.01 >rujukan.json

# The admin hears the twelve digits; then the police unit refers a child to the office.
agency_joins() {
  quietly "$bin/rujukan-admin" approve --all --home admin
  await_joins
}
in_state() { "$bin/rujukan-agent" show "$leg" --json --home "$1" | grep -q "\"state\": \"$2\""; }
# The same file is sent once, however often this is tried.
refers() {
  sent=$("$bin/rujukan-agent" send to_the_office.json --wait --json --home uppa.18.01)
}
agency_runs() {
  await "the referral of uppa.18.01" refers
  leg=$(json_of leg_id "$sent")
  stands_for[ID]=$leg
  await "the referral at the office" in_state dinsos.18.71 SAMPAI
}
# A step waits for the one before it to be in the ledger.
agency_step() {
  case $1 in
    ack) await "the confirmation" in_state dinsos.18.71 DIKAJI ;;
    accept) await "the acceptance" in_state dinsos.18.71 DITERIMA ;;
    contact) await "the first contact" in_state dinsos.18.71 BERJALAN ;;
  esac
}
