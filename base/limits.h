// Every limit of the system, in one place, with its unit in its name and its reason beside it.
// docs/limits.md names what one past it gets, and the test.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rujukan::limits {

// --- Sizes ---------------------------------------------------------------------------------------
// A header is who, to whom and digests; 16 recipients with 4 keys each stay under half of this.
inline constexpr size_t kHeaderBytesMax = 8 * 1024;
// Ciphertext carried inside a message: some hundred pages of text.
inline constexpr size_t kContentBytesMax = 256 * 1024;
// RFC 5321 path limit is 256; ours is shorter so that 16 addresses fit a header with room to spare.
inline constexpr size_t kAddressBytesMax = 128;
inline constexpr size_t kRecipientsMax = 16;
// Old and new key of each recipient during rotation, plus the sender's own copy.
inline constexpr size_t kRecipientKeysMax = 64;
// C2SP tlog-tiles: an entry bundle prefixes each entry with 16 bits of length.
inline constexpr size_t kEntryBytesMax = 65'535;
// Statements under one batch signature; the path of the last is 12 hashes.
inline constexpr size_t kBatchStatementsMax = 4096;
inline constexpr size_t kBatchPathHashesMax = 12;
inline constexpr size_t kCertificateBytesMax = 8 * 1024;
inline constexpr size_t kCsrBytesMax = 8 * 1024;
inline constexpr size_t kSerialBytesMax = 20;  // RFC 5280 s4.1.2.2
// A CRL is published as an entry; room for 900 of our own certificates, each with its reason.
inline constexpr size_t kCrlBytesMax = 48 * 1024;
// CAs between an outside certificate and the one a domain trusts; governments have one or two.
inline constexpr size_t kOutsideIntermediatesMax = 3;
inline constexpr int kOutsideRsaBitsMin = 2048;  // 112 bits of security (NIST SP 800-57)
inline constexpr size_t kSecretFileBytesMax = 64 * 1024;
inline constexpr size_t kPassphraseBytesMax = 1024;  // OpenSSL's PEM_BUFSIZE
inline constexpr size_t kTokenLabelBytesMax = 32;    // PKCS#11 gives a token's label as many
// One ZeroMQ frame: content, header, signature with its path, and the framing around them.
inline constexpr size_t kFrameBytesMax = kContentBytesMax + kHeaderBytesMax + 24 * 1024;
inline constexpr size_t kEnrolmentFrameBytesMax = 32 * 1024;
// Free text of an act or refusal (a reason, an official name).
inline constexpr size_t kNoteBytesMax = 512;
// What an agency says of itself: some fifty services with their conditions.
inline constexpr size_t kProfileBytesMax = 16 * 1024;
inline constexpr size_t kStandingBytesMax = 4 * 1024;
inline constexpr size_t kScopeItemsMax =
    64;  // regions and agencies that one steward or auditor sees to
inline constexpr size_t kCheckpointBytesMax = 64 * 1024;  // a note with its cosignatures
inline constexpr size_t kNoteSignaturesMax = 100;         // as golang.org/x/mod/sumdb/note
inline constexpr size_t kProofHashesMax = 63;             // C2SP: a tree has at most 2^63 entries
// A checkpoint, the longest path and room for the opaque extra data of a tlog-proof.
inline constexpr size_t kReceiptBytesMax = kCheckpointBytesMax + 8 * 1024;

// --- Time (milliseconds) -------------------------------------------------------------------------
inline constexpr int64_t kClockSkewMsMax = 5 * 60 * 1000;
// A broker that was off for longer, or whose clock is wrong: the operator must say which.
inline constexpr int64_t kHeadAgeMsMax = 30LL * 24 * 3600 * 1000;
inline constexpr int64_t kInvitationLifeMsMax = 30LL * 24 * 3600 * 1000;
inline constexpr int64_t kMessageLifeMsMax = 90LL * 24 * 3600 * 1000;
// Keys that were replaced still count this long: longer than any outage planned for (72 h).
inline constexpr int64_t kKeyOverlapMs = 7LL * 24 * 3600 * 1000;
// A registrar renews no earlier than this before a certificate ends.
inline constexpr int64_t kRenewalWindowMs = 60LL * 24 * 3600 * 1000;
inline constexpr int64_t kProposalLifeMs = 7LL * 24 * 3600 * 1000;  // waits for a second admin
inline constexpr int64_t kPermitLifeMsMax = 90LL * 24 * 3600 * 1000;
// How full an agency is, is not known any more after this (domain rule: 24 h).
inline constexpr int64_t kCapacityLifeMsMax = 24LL * 3600 * 1000;
inline constexpr int64_t kReconnectBackoffMsMin = 250;
inline constexpr int64_t kReconnectBackoffMsMax = 60'000;
inline constexpr int64_t kResendAfterMs = 15'000;  // no receipt: send again over the same link
// Delivered but not answered for so long: delivered again (the receiver knows it by its id).
inline constexpr int64_t kRedeliverAfterMs = 60'000;
// Out of disk: every so often one submission is let through, to find out if there is room again.
inline constexpr int64_t kStorageProbeMs = 1'000;
inline constexpr int64_t kKeepAliveMs = 30'000;
inline constexpr int64_t kHandshakeMsMax = 30'000;  // shorter values collapse connect storms

// --- Queues and credit ---------------------------------------------------------------------------
inline constexpr size_t kAdmissionQueueMax = 1024;  // frames waiting for a worker
inline constexpr size_t kCommitEntriesMax = 1024;   // entries in one group commit
inline constexpr size_t kCommitBytesMax = 16 * 1024 * 1024;
// Answers one group commit may owe, entries or not: duplicates and unlogged refusals cost no entry.
inline constexpr size_t kCommitAnswersMax = 4 * kCommitEntriesMax;
inline constexpr size_t kCourierQueueMax = 1024;      // queries and commits waiting for the courier
inline constexpr size_t kDeliveriesPerTurnMax = 128;  // then the courier looks at its queue again
inline constexpr uint32_t kSendWindowMax = 256;       // unanswered submissions of one agency
inline constexpr uint32_t kQueryWindowMax = 64;       // unanswered queries of one agency
inline constexpr size_t kQueriesPerTurnMax = 8;       // then the courier delivers mail again
inline constexpr size_t kStatusNoticesMax = 512;      // notices in the answer to one request
inline constexpr uint32_t kDeliveryCreditMax = 256;   // undelivered pushes to one agency
// Ciphertext under way to one connection: what waits in memory for a peer that does not read.
inline constexpr size_t kDeliveryBytesMax = 8 * 1024 * 1024;
inline constexpr size_t kOutboundQueueMax = 8192;  // answers waiting for the network thread
inline constexpr size_t kStatusIdsMax = 256;       // message ids in one status request
inline constexpr size_t kDirectoryPageEntriesMax = 128;
inline constexpr size_t kDirectoryPageBytesMax = 192 * 1024;

// --- Per agency ----------------------------------------------------------------------------------
inline constexpr uint64_t kMailboxMessagesMax = 10'000;
inline constexpr uint64_t kMailboxBytesMax = 1ULL << 30;
// Of a mailbox, what one sender may fill: the others still get through.
inline constexpr uint64_t kMailboxShareMessagesMax = kMailboxMessagesMax / 4;
inline constexpr uint64_t kMailboxShareBytesMax = kMailboxBytesMax / 4;
inline constexpr size_t kRetiredKeysMax =
    16;  // replaced and not yet ended; more: wait for the overlap
// The directory is read by everybody, so nobody but admins may write much of it.
inline constexpr uint32_t kAgencyActsPerHour = 240;
inline constexpr uint32_t kSubmissionsPerSecond =
    20'000;                                               // token bucket refill; burst = one second
inline constexpr uint32_t kRefusalEntriesPerMinute = 60;  // beyond: counted, not stored one by one
// All strangers at the enrolment door together: they can have any number of keys.
inline constexpr uint32_t kEnrolmentFramesPerSecond = 500;

// --- Invitations and audit -----------------------------------------------------------------------
// One pasteable line: names, endpoints and keys come to about 600 characters.
inline constexpr size_t kInvitationTextBytesMax = 4 * 1024;
// ISO/IEC 18004 s7.1: the largest symbol, version 40 at level L, in bytes.
inline constexpr size_t kQrBytesMax = 2953;
// A table of agencies for `invite --from`: twice the mailboxes of a national network, 400 bytes
// each.
inline constexpr size_t kCsvBytesMax = 8 * 1024 * 1024;
inline constexpr size_t kCsvRowsMax = 20'000;
inline constexpr size_t kCsvColumnsMax = 64;
// A full entry bundle: 256 entries, each behind two bytes of length.
inline constexpr size_t kBundleBytesMax = 256 * (kEntryBytesMax + 2);
// What an auditor reads of a ledger that says how long it is; decades of a national network.
inline constexpr uint64_t kAuditEntriesMax = 1ULL << 32;
inline constexpr size_t kReplayFindingsMax = 100;  // listed one by one; further ones are counted
inline constexpr size_t kReplayQueueClaimsMax = 4096;  // signatures waiting for a verifying thread
// Messages and legs the replay keeps in memory, about 400 bytes each; older ones are on disk.
inline constexpr size_t kReplayHotRowsMax = 65'536;
inline constexpr size_t kReplayCachedBatchesMax =
    1024;  // verified batch roots one thread remembers
inline constexpr long kDownloadTimeoutS = 60;

// --- Evidence ------------------------------------------------------------------------------------
// An auditor opens its reading anew at least this often; one that watches does so once a day.
inline constexpr int64_t kAuditReadLifeMsMax = 24LL * 3600 * 1000;
inline constexpr int64_t kStateEveryMs = 3600 * 1000;  // the broker's own sign of life
// A watcher that has seen no growth for this long calls the ledger late.
inline constexpr int64_t kLateCheckpointMs = 2 * kStateEveryMs + 10 * 60 * 1000;
// Ciphertext stays with the broker this long after its last delivery receipt, unless set otherwise.
inline constexpr int64_t kContentGraceMsDefault = 7LL * 24 * 3600 * 1000;
inline constexpr int64_t kContentGraceMsMax = 30LL * 24 * 3600 * 1000;
// Erasures that wait for an answer in one leg; more: wait for the answers.
inline constexpr size_t kErasuresPerLegMax = 16;
// C2SP tlog-policy asks for at least 32 of each; as many witnesses of one ledger.
inline constexpr size_t kWitnessesMax = 32;
inline constexpr size_t kTlogPolicyBytesMax = 64 * 1024;
// An add-checkpoint request: a checkpoint behind 63 hashes in base64.
inline constexpr size_t kWitnessRequestBytesMax = kCheckpointBytesMax + 4 * 1024;
inline constexpr size_t kCosignatureLinesBytesMax = 16 * 1024;  // a witness's answer
inline constexpr size_t kWatchedLogsMax = 64;  // ledgers that one witness follows or cosigns
// No answer of a witness or a time-stamping authority within this: it counts as away.
inline constexpr int64_t kOutboundTimeoutMs = 10'000;
inline constexpr int64_t kCosignEveryMsMin = 1'000;  // one round of asking the witnesses
// Agents that require witnesses: a cosigned checkpoint older than this does not count.
inline constexpr int64_t kCosignedAgeMsMax = 15 * 60 * 1000;
// RFC 3161 TimeStampToken with its certificates; national authorities send 3 to 8 KiB.
inline constexpr size_t kTimestampTokenBytesMax = 16 * 1024;
inline constexpr int64_t kTimestampEveryMsDefault = 3600 * 1000;
// An archive file holds whole bundles: 256 tiles of 256 entries, or fewer in small ledgers.
inline constexpr uint64_t kArchiveEntriesMax = 65'536;
inline constexpr size_t kArchiveFileBytesMax = 4ULL << 30;
// The evidence of one leg with all of the directory behind it.
inline constexpr size_t kEvidenceBytesMax = 512ULL << 20;
inline constexpr size_t kEvidenceFilesMax = 200'000;
inline constexpr size_t kOpenedContentBytesMax = kContentBytesMax + 4 * 1024;
// What one trail lists; a longer one is asked for in parts of time.
inline constexpr size_t kTrailEventsMax = 100'000;
inline constexpr size_t kReadEventBytesMax = 2 * 1024;
inline constexpr size_t kReadTrailPageEvents = 256;  // leaves a tile of an agency's read trail

// --- Legs and their clocks -----------------------------------------------------------------------
inline constexpr uint32_t kRedirectHopsMax = 3;     // then people talk to each other
inline constexpr size_t kContinuedLegsMax = 32;     // legs one after another before a redirect
inline constexpr size_t kEscalationTargetsMax = 3;  // one a level
inline constexpr size_t kOpenAlertsMax = 8;         // unanswered alerts of one leg
inline constexpr size_t kOpenWithdrawalsMax = 8;    // unanswered withdrawals of consent in one leg
inline constexpr int64_t kPauseMsMax = 30LL * 24 * 3600 * 1000;  // then a paused leg is looked at
// How far ahead a sender may ask for a service, or a date may be set to look again.
inline constexpr int64_t kDueAheadMsMax = 366LL * 24 * 3600 * 1000;
// The table of deadlines with some years of holidays is one entry of the ledger.
inline constexpr size_t kClocksBytesMax = 32 * 1024;
inline constexpr size_t kHolidaysMax = 1024;
inline constexpr size_t kDeadlinesPerTurnMax = 256;  // put on record in one round of the broker
inline constexpr int64_t kDeadlinesEveryMs = 1'000;  // a round
inline constexpr size_t kLegNoticesPageMax = 128;

// --- Attachments ---------------------------------------------------------------------------------
inline constexpr uint64_t kAttachmentBytesMax = 1ULL << 30;  // of the file
// A sealed chunk fits a frame; 1 GiB comes to 4,200 of them.
inline constexpr size_t kAttachmentChunkBytesMax = kContentBytesMax;
inline constexpr uint32_t kAttachmentChunksMax = 4'200;
inline constexpr size_t kAttachmentPathHashesMax = 13;
inline constexpr uint64_t kAttachmentSealedBytesMax =
    uint64_t{kAttachmentChunkBytesMax} * kAttachmentChunksMax;
// Of one sender, at the broker, not yet fetched.
inline constexpr uint64_t kAttachmentShareBytesMax = 8ULL << 30;
// An agent keeps so much of its disk free of files: the database needs room more than they do.
inline constexpr uint64_t kSpoolReserveBytes = 64ULL << 20;
// Chunks whose LAMPIRAN never came, and attachments nobody fetched.
inline constexpr int64_t kAttachmentUnclaimedMsMax = 7LL * 24 * 3600 * 1000;
inline constexpr int64_t kAttachmentLifeMsMax = 30LL * 24 * 3600 * 1000;
inline constexpr uint32_t kChunkWindowMax = 16;                 // unanswered chunks of one agency
inline constexpr int64_t kScannerTimeoutMs = 10LL * 60 * 1000;  // a virus scanner that hangs

// --- Integration: the agent's API ----------------------------------------------------------------
inline constexpr size_t kIdempotencyKeyBytesMax = 128;
inline constexpr size_t kEventStreamsMax = 32;  // listeners of one agent at once
inline constexpr size_t kWebhooksMax = 16;
inline constexpr size_t kWebhookUrlBytesMax = 512;
inline constexpr int kWebhookAttemptsMax = 12;  // then it is a dead letter, to be replayed
inline constexpr int64_t kWebhookBackoffMsMin = 1'000;
inline constexpr int64_t kWebhookBackoffMsMax = 3600 * 1000;
inline constexpr int64_t kWebhookTimeoutMs = 10'000;
inline constexpr size_t kDeadLettersMax = 10'000;                 // the oldest go first
inline constexpr int64_t kEventKeepMs = 90LL * 24 * 3600 * 1000;  // how far back `since` reaches
inline constexpr size_t kImportBytesMax = 64 * 1024 * 1024;
inline constexpr size_t kImportRowsMax = 10'000;
inline constexpr size_t kExportRowsMax = 200'000;
inline constexpr size_t kNotifyTargetsMax = 16;  // addresses or commands told of something new
inline constexpr int64_t kNotifyTimeoutMs = 30'000;
// At most one notice a minute a target: ten referrals at once are one knock on the door.
inline constexpr int64_t kNotifyEveryMsMin = 60'000;
inline constexpr int kNotifyTriesMax = 10;
inline constexpr size_t kStatutoryTimersPerLegMax = 16;
// Connections to the API: each has a thread, and programs of one office are few.
inline constexpr unsigned kApiConnectionsMax = 64;
// With the back-off above that is half a day without a single success.
inline constexpr int kWebhookDeadInARowMax = 8;
// A message at its limit, in JSON or CSV clothes: as a request may have.
inline constexpr size_t kImportRowBytesMax = 300 * 1024;
inline constexpr size_t kImportErrorsMax = 500;       // told one by one; further ones are counted
inline constexpr size_t kWorkLegsMax = 100'000;       // looked at for a worklist: the newest
inline constexpr size_t kWorkItemsMax = 10'000;       // of one list of what is to do or late
inline constexpr size_t kFoundLegsMax = 500;          // that one search gives
inline constexpr size_t kSearchOpenedMax = 2'000;     // contents that one search opens

// --- Referral policy -----------------------------------------------------------------------------
// The document is one entry of the ledger, with room for the act around it and its signature.
inline constexpr size_t kPolicyBytesMax = 32 * 1024;
inline constexpr size_t kPolicyLineBytesMax = 1024;  // a rule names at most some dozens of types
inline constexpr size_t kPolicyTextBytesMax = 256;   // a name or an explanation: one sentence
inline constexpr size_t kPolicyRulesMax = 512;       // all are looked at for every referral
inline constexpr size_t kPolicyExamplesMax = 512;
inline constexpr size_t kPolicyGroupsMax = 64;
inline constexpr size_t kPolicyTypesMax =
    128;  // a bit each in every rule; the country has about 60

// --- Connections ---------------------------------------------------------------------------------
inline constexpr int kConnectionsMax = 12'000;
inline constexpr int kConnectionsPerAgencyMax = 8;    // one more cuts the oldest
inline constexpr int kEnrolmentConnectionsMax = 512;  // strangers: few, and not for long
inline constexpr int64_t kEnrolmentIdleMsMax = 120'000;
inline constexpr int64_t kSilentConnectionMsMax = 30'000;  // connected, and no message yet
// Whole messages the transport holds for us of one connection, and for one connection.
inline constexpr int kReceiveQueueMax = 16;
inline constexpr int kSendQueueMax = 1024;
inline constexpr int kKernelBufferBytes = 256 * 1024;  // TCP receive buffer of one connection
inline constexpr int kAcceptBacklogMax = 1024;
inline constexpr int kSpareFilesMin = 512;  // for the store, HTTP and logs
inline constexpr size_t kHttpPathBytesMax = 256;
inline constexpr int kHttpConnectionsMax = 128;
inline constexpr int kHttpConnectionsPerIpMax = 32;
inline constexpr unsigned kHttpTimeoutS = 15;
inline constexpr size_t kHttpConnectionMemoryBytes = 64 * 1024;
// Bytes one connection may send without completing a message: an endless multipart is cut here.
inline constexpr size_t kUnfinishedBytesMax = 4 * kFrameBytesMax;

static_assert(kFrameBytesMax > kContentBytesMax + kHeaderBytesMax);
static_assert(kHeaderBytesMax + kCertificateBytesMax * 3 + kCsrBytesMax * 2 < kEntryBytesMax);
static_assert(kHeaderBytesMax + kCrlBytesMax < kEntryBytesMax);
static_assert(kPolicyBytesMax + kHeaderBytesMax < kEntryBytesMax);
static_assert(kClocksBytesMax + kHeaderBytesMax < kEntryBytesMax);
static_assert(kAttachmentChunkBytesMax + kAttachmentPathHashesMax * 34 + 1024 < kFrameBytesMax);
static_assert((1U << kAttachmentPathHashesMax) >= kAttachmentChunksMax);
static_assert(kAttachmentSealedBytesMax > kAttachmentBytesMax + kAttachmentBytesMax / 1000);
static_assert(kTimestampTokenBytesMax + kWitnessesMax * 256 + kHeaderBytesMax < kEntryBytesMax);
static_assert(kContentGraceMsDefault <= kContentGraceMsMax);
static_assert(kRecipientsMax * kAddressBytesMax < kHeaderBytesMax / 2);
static_assert((1U << kBatchPathHashesMax) == kBatchStatementsMax);
// A peer that reads is never over its send queue: receipts and deliveries together fit, with as
// many notices and pages again.
static_assert(kSendQueueMax >= 2 * (kSendWindowMax + kDeliveryCreditMax));
static_assert(kReconnectBackoffMsMin < kReconnectBackoffMsMax);

}  // namespace rujukan::limits
