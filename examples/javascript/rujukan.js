#!/usr/bin/env node
/* Menghubungkan sistem Anda dengan rujukan-agent / connect your system to rujukan-agent.

     node rujukan.js send rujukan.json      kirim rujukan / send a referral
     node rujukan.js register URL           daftarkan webhook / register a webhook
     node rujukan.js serve PORT             terima webhook / receive it

   Pengaturan lewat lingkungan / settings: RUJUKAN_API, RUJUKAN_TOKEN_FILE, RUJUKAN_SECRET_FILE.
   Hanya pustaka standar node (>= 18) / node's standard library only. */
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const http = require('http');

const API = process.env.RUJUKAN_API || 'http://127.0.0.1:7410';
const TOLERANCE_SECONDS = 300;  // an older webhook is a copy that somebody sends again

const readSecret = (variable) => fs.readFileSync(process.env[variable], 'ascii').trim();

// One request to the agent. Errors are RFC 9457 documents: their `detail` says what to do.
async function call(method, path, body) {
  const reply = await fetch(API + path, {
    method,
    headers: {
      'Authorization': 'Bearer ' + readSecret('RUJUKAN_TOKEN_FILE'),
      'Content-Type': 'application/json',
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(30000),
  });
  const answer = await reply.json();
  if (!reply.ok) {
    throw new Error(answer.detail);
  }
  return answer;
}

async function send(path) {
  const text = fs.readFileSync(path);
  // Your own number of the case as the key: sending again, after a time-out too, sends once.
  const key = crypto.createHash('sha256').update(text).digest('hex');
  const leg = await call('POST', '/v1/messages', {kunci_idempoten: key, ...JSON.parse(text)});
  console.log(leg.leg_id);
}

async function register(url) {
  const hook = await call('POST', '/v1/webhooks', {url, events: ['message.*', 'leg.*']});
  fs.writeFileSync(process.env.RUJUKAN_SECRET_FILE, hook.secret + '\n', {mode: 0o600});  // shown once
}

// Standard Webhooks: HMAC-SHA256 of "ID.TIMESTAMP.BODY" under the secret's bytes.
function isGenuine(headers, body) {
  const stamp = Number(headers['webhook-timestamp']);
  if (!(Math.abs(Date.now() / 1000 - stamp) <= TOLERANCE_SECONDS)) {
    return false;
  }
  const key = Buffer.from(readSecret('RUJUKAN_SECRET_FILE').replace(/^whsec_/, ''), 'base64');
  const expected = Buffer.from('v1,' + crypto.createHmac('sha256', key)
    .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`).update(body).digest('base64'));
  return (headers['webhook-signature'] || '').split(' ').map((one) => Buffer.from(one))
    .some((given) => given.length === expected.length && crypto.timingSafeEqual(given, expected));
}

// CONTOH / EXAMPLE: what an officer decides in your system. Key: our role and the leg's state.
const NEXT_STEP = {
  'PENERIMA SAMPAI': ['accept', () => ({
    pekerja: {peran: 'pekerja sosial', nama: 'Wulan (CONTOH)'}, rencana_kontak: 'kunjungan hari ini'})],
  'PENERIMA DITERIMA': ['contact', () => ({
    waktu: new Date().toISOString(), keadaan: 'aman (CONTOH)'})],
  'PENERIMA BERJALAN': ['finish', () => ({
    hasil: 'REINTEGRASI_KELUARGA', pandangan_anak: 'ingin pulang (CONTOH)',
    tindak_lanjut: 'dipantau tiga bulan (CONTOH)', risiko_tersisa: 'rendah (CONTOH)'})],
  'PERUJUK SELESAI': ['close', () => ({keterangan: 'disetujui (CONTOH)'})],
};

// A webhook has ids only, and may come twice or late: look at the leg as it is now, then act.
async function handle(event) {
  if (!event.leg_id) {
    return;
  }
  const leg = await call('GET', `/v1/legs/${event.leg_id}?isi=0`);
  console.log(leg.leg_id, leg.state);
  const [action, fields] = NEXT_STEP[`${leg.role} ${leg.planned_state}`] || [];
  if (action) {
    await call('POST', `/v1/legs/${leg.leg_id}/${action}`,
      {kunci_idempoten: `${leg.leg_id}/${action}`, isi: fields()});
  }
}

function serve(port) {
  http.createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', async () => {
      const body = Buffer.concat(parts);
      let status = 401;
      try {
        if (isGenuine(request.headers, body)) {
          await handle(JSON.parse(body));
          status = 204;
        }
      } catch (error) {
        console.error(error.message);
        status = 503;  // the agent sends it again later
      }
      response.writeHead(status).end();
    });
  }).listen(port, '127.0.0.1');
}

const [command, argument] = process.argv.slice(2);
const run = {send, register, serve: (port) => serve(Number(port))}[command];
if (!run || !argument) {
  console.error('node rujukan.js send FILE | register URL | serve PORT');
  process.exit(2);
}
Promise.resolve(run(argument)).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
