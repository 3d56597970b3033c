<?php
/* Menghubungkan sistem Anda dengan rujukan-agent / connect your system to rujukan-agent.

     php rujukan.php send rujukan.json      kirim rujukan / send a referral
     php rujukan.php register URL           daftarkan webhook / register a webhook
     php -S 127.0.0.1:PORT rujukan.php      terima webhook / receive it (or behind your web server)

   Pengaturan lewat lingkungan / settings: RUJUKAN_API, RUJUKAN_TOKEN_FILE, RUJUKAN_SECRET_FILE.
   PHP 8 tanpa kerangka / PHP 8, no framework, no extension. */
declare(strict_types=1);

const TOLERANCE_SECONDS = 300;  // an older webhook is a copy that somebody sends again

function read_secret(string $variable): string {
    $text = file_get_contents((string) getenv($variable));
    return $text !== false ? trim($text) : throw new RuntimeException("$variable: tidak terbaca");
}

// One request to the agent. Errors are RFC 9457 documents: their `detail` says what to do.
function call(string $method, string $path, ?array $body = null): array {
    $options = [
        'method' => $method,
        'header' => ['Authorization: Bearer ' . read_secret('RUJUKAN_TOKEN_FILE'),
                     'Content-Type: application/json', 'Connection: close'],
        'ignore_errors' => true,  // the body of an error is wanted, too
        'timeout' => 30,
    ];
    if ($body !== null) {
        $options['content'] = json_encode($body, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
    }
    $api = getenv('RUJUKAN_API') ?: 'http://127.0.0.1:7410';
    $reply = file_get_contents($api . $path, false, stream_context_create(['http' => $options]));
    if ($reply === false) {
        throw new RuntimeException('rujukan-agent tidak menjawab / does not answer');
    }
    $answer = json_decode($reply, true, 64, JSON_THROW_ON_ERROR);
    $status = (int) explode(' ', $http_response_header[0])[1];
    if ($status >= 400) {
        throw new RuntimeException($answer['detail'] ?? "status $status");
    }
    return $answer;
}

function send_referral(string $path): void {
    $text = (string) file_get_contents($path);
    $referral = json_decode($text, true, 64, JSON_THROW_ON_ERROR);
    // Your own number of the case as the key: sending again, after a time-out too, sends once.
    $referral += ['kunci_idempoten' => hash('sha256', $text)];
    echo call('POST', '/v1/messages', $referral)['leg_id'], "\n";
}

function register_webhook(string $url): void {
    $hook = call('POST', '/v1/webhooks', ['url' => $url, 'events' => ['message.*', 'leg.*']]);
    umask(0077);
    file_put_contents((string) getenv('RUJUKAN_SECRET_FILE'), $hook['secret'] . "\n");  // shown once
}

// Standard Webhooks: HMAC-SHA256 of "ID.TIMESTAMP.BODY" under the secret's bytes.
function is_genuine(string $body): bool {
    $stamp = $_SERVER['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
    if (!ctype_digit($stamp) || abs(time() - (int) $stamp) > TOLERANCE_SECONDS) {
        return false;
    }
    $key = base64_decode(substr(read_secret('RUJUKAN_SECRET_FILE'), strlen('whsec_')));
    $signed = ($_SERVER['HTTP_WEBHOOK_ID'] ?? '') . ".$stamp.$body";
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', $signed, $key, true));
    foreach (explode(' ', $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? '') as $given) {
        if (hash_equals($expected, $given)) {
            return true;
        }
    }
    return false;
}

// CONTOH / EXAMPLE: what an officer decides in your system, by our role and the leg's state.
function next_step(array $leg): ?array {
    return match ("{$leg['role']} {$leg['planned_state']}") {
        'PENERIMA SAMPAI' => ['accept', [
            'pekerja' => ['peran' => 'pekerja sosial', 'nama' => 'Wulan (CONTOH)'],
            'rencana_kontak' => 'kunjungan hari ini']],
        'PENERIMA DITERIMA' => ['contact', [
            'waktu' => date(DATE_RFC3339), 'keadaan' => 'aman (CONTOH)']],
        'PENERIMA BERJALAN' => ['finish', [
            'hasil' => 'REINTEGRASI_KELUARGA', 'pandangan_anak' => 'ingin pulang (CONTOH)',
            'tindak_lanjut' => 'dipantau tiga bulan (CONTOH)', 'risiko_tersisa' => 'rendah (CONTOH)']],
        'PERUJUK SELESAI' => ['close', ['keterangan' => 'disetujui (CONTOH)']],
        default => null,
    };
}

// A webhook has ids only, and may come twice or late: look at the leg as it is now, then act.
function handle(array $event): void {
    if (!isset($event['leg_id'])) {
        return;
    }
    $leg = call('GET', "/v1/legs/{$event['leg_id']}?isi=0");
    error_log("{$leg['leg_id']} {$leg['state']}");
    $step = next_step($leg);
    if ($step !== null) {
        [$action, $fields] = $step;
        call('POST', "/v1/legs/{$leg['leg_id']}/$action", [
            'kunci_idempoten' => "{$leg['leg_id']}/$action", 'isi' => $fields]);
    }
}

if (PHP_SAPI !== 'cli') {
    $body = (string) file_get_contents('php://input');
    $status = 401;
    try {
        if ($_SERVER['REQUEST_METHOD'] === 'POST' && is_genuine($body)) {
            handle(json_decode($body, true, 64, JSON_THROW_ON_ERROR));
            $status = 204;
        }
    } catch (Throwable $error) {
        error_log($error->getMessage());
        $status = 503;  // the agent sends it again later
    }
    http_response_code($status);
    return;
}

try {
    match ($argv[1] ?? '') {
        'send' => send_referral($argv[2]),
        'register' => register_webhook($argv[2]),
        default => exit("php rujukan.php send FILE | register URL\n"),
    };
} catch (Throwable $error) {
    fwrite(STDERR, $error->getMessage() . "\n");
    exit(1);
}
