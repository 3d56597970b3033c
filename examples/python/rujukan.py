#!/usr/bin/env python3
"""Menghubungkan sistem Anda dengan rujukan-agent / connect your system to rujukan-agent.

    python3 rujukan.py send rujukan.json      kirim rujukan / send a referral
    python3 rujukan.py register URL           daftarkan webhook / register a webhook
    python3 rujukan.py serve PORT             terima webhook / receive it

Pengaturan lewat lingkungan / settings: RUJUKAN_API, RUJUKAN_TOKEN_FILE, RUJUKAN_SECRET_FILE.
Hanya pustaka standar / standard library only.
"""
import base64
import datetime
import hashlib
import hmac
import http.server
import json
import os
import sys
import time
import urllib.error
import urllib.request

API = os.environ.get("RUJUKAN_API", "http://127.0.0.1:7410")
TOLERANCE_SECONDS = 300  # an older webhook is a copy that somebody sends again


def read_secret(variable):
    with open(os.environ[variable], encoding="ascii") as file:
        return file.read().strip()


def call(method, path, body=None):
    """One request to the agent. Errors are RFC 9457 documents: their `detail` says what to do."""
    request = urllib.request.Request(API + path, method=method)
    request.add_header("Authorization", "Bearer " + read_secret("RUJUKAN_TOKEN_FILE"))
    request.add_header("Content-Type", "application/json")
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request, data, timeout=30) as reply:
            return json.load(reply)
    except urllib.error.HTTPError as error:
        raise RuntimeError(json.load(error).get("detail", error.reason)) from None


def send(path):
    with open(path, "rb") as file:
        text = file.read()
    # Your own number of the case as the key: sending again, after a time-out too, sends once.
    referral = {"kunci_idempoten": hashlib.sha256(text).hexdigest(), **json.loads(text)}
    print(call("POST", "/v1/messages", referral)["leg_id"])


def register(url):
    hook = call("POST", "/v1/webhooks", {"url": url, "events": ["message.*", "leg.*"]})
    descriptor = os.open(os.environ["RUJUKAN_SECRET_FILE"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(hook["secret"] + "\n")  # it is shown once


def is_genuine(headers, body):
    """Standard Webhooks: HMAC-SHA256 of "ID.TIMESTAMP.BODY" under the secret's bytes."""
    stamp = headers.get("webhook-timestamp", "")
    if not stamp.isdigit() or abs(time.time() - int(stamp)) > TOLERANCE_SECONDS:
        return False
    key = base64.b64decode(read_secret("RUJUKAN_SECRET_FILE").removeprefix("whsec_"))
    signed = f"{headers.get('webhook-id', '')}.{stamp}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(expected.encode(), one.encode()) for one in given)


# CONTOH / EXAMPLE: what an officer decides in your system. Key: our role and the leg's state.
NEXT_STEP = {
    ("PENERIMA", "SAMPAI"): ("accept", lambda: {
        "pekerja": {"peran": "pekerja sosial", "nama": "Wulan (CONTOH)"},
        "rencana_kontak": "kunjungan hari ini"}),
    ("PENERIMA", "DITERIMA"): ("contact", lambda: {
        "waktu": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        "keadaan": "aman (CONTOH)"}),
    ("PENERIMA", "BERJALAN"): ("finish", lambda: {
        "hasil": "REINTEGRASI_KELUARGA", "pandangan_anak": "ingin pulang (CONTOH)",
        "tindak_lanjut": "dipantau tiga bulan (CONTOH)", "risiko_tersisa": "rendah (CONTOH)"}),
    ("PERUJUK", "SELESAI"): ("close", lambda: {"keterangan": "disetujui (CONTOH)"}),
}


def handle(event):
    """A webhook has ids only, and may come twice or late: look at the leg as it is now, then act."""
    if "leg_id" not in event:
        return
    leg = call("GET", f"/v1/legs/{event['leg_id']}?isi=0")
    print(leg["leg_id"], leg["state"], flush=True)
    step = NEXT_STEP.get((leg["role"], leg["planned_state"]))
    if step:
        action, fields = step
        call("POST", f"/v1/legs/{leg['leg_id']}/{action}",
             {"kunci_idempoten": f"{leg['leg_id']}/{action}", "isi": fields()})


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status = 401
        try:
            if is_genuine(self.headers, body):
                handle(json.loads(body))
                status = 204
        except (RuntimeError, OSError) as error:
            print(error, file=sys.stderr, flush=True)
            status = 503  # the agent sends it again later
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        pass


def main():
    command, argument = (sys.argv + ["", ""])[1:3]
    if command == "send":
        send(argument)
    elif command == "register":
        register(argument)
    elif command == "serve":
        http.server.HTTPServer(("127.0.0.1", int(argument)), Receiver).serve_forever()
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main()
    except RuntimeError as refused:
        sys.exit(str(refused))
