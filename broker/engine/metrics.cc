#include "broker/engine/metrics.h"

#include <algorithm>

namespace rujukan::broker {
namespace {

void AddHead(std::string& text, const char* name, const char* type, const char* help) {
  text.append("# HELP ").append(name).append(" ").append(help).append("\n");
  text.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void AddValue(std::string& text, const std::string& series, uint64_t value) {
  text.append(series).append(" ").append(std::to_string(value)).append("\n");
}

void AddGauge(std::string& text, const char* name, const char* help, uint64_t value) {
  AddHead(text, name, "gauge", help);
  AddValue(text, name, value);
}

void AddCounter(std::string& text, const char* name, const char* help, uint64_t value) {
  AddHead(text, name, "counter", help);
  AddValue(text, name, value);
}

std::string Seconds(uint64_t us) {
  std::string micros = std::to_string(us % 1'000'000);
  micros.insert(0, 6 - micros.size(), '0');
  return std::to_string(us / 1'000'000) + "." + micros;
}

}  // namespace

void Metrics::CommitTook(std::chrono::microseconds duration, size_t entries) {
  const auto us = static_cast<uint64_t>(std::max<int64_t>(duration.count(), 0));
  const auto bucket = std::lower_bound(kBucketsUs.begin(), kBucketsUs.end(), us);
  ++commit_buckets_[static_cast<size_t>(bucket - kBucketsUs.begin())];
  ++commits_;
  commit_us_ += us;
  committed_entries_ += entries;
}

void Metrics::AddClocks(std::string& text) const {
  AddHead(text, "rujukan_deadlines_missed_total", "counter", "Missed deadlines put on record.");
  for (size_t deadline = 1; deadline < missed_.size(); ++deadline) {
    AddValue(text,
             "rujukan_deadlines_missed_total{deadline=\"" +
                 v1::Deadline::Code_Name(static_cast<v1::Deadline::Code>(deadline)) + "\"}",
             missed_[deadline]);
  }
  AddCounter(text, "rujukan_legs_closed_total", "Legs closed for want of an answer.", missed_[0]);
}

std::string Metrics::Text(const Gauges& gauges) const {
  std::string text;
  AddHead(text, "rujukan_accepted_total", "counter", "Submissions accepted, retries included.");
  for (int kind = v1::Subject::MESSAGE; kind < v1::Subject::Code_ARRAYSIZE; ++kind) {
    AddValue(text,
             "rujukan_accepted_total{kind=\"" +
                 v1::Subject::Code_Name(static_cast<v1::Subject::Code>(kind)) + "\"}",
             accepted_[static_cast<size_t>(kind)]);
  }
  AddHead(text, "rujukan_refused_total", "counter", "Submissions refused, by reason.");
  for (size_t reason = 1; reason < refused_.size(); ++reason) {
    AddValue(text,
             "rujukan_refused_total{reason=\"" +
                 v1::RefusalReason::Code_Name(static_cast<v1::RefusalReason::Code>(reason)) + "\"}",
             refused_[reason]);
  }
  AddCounter(text, "rujukan_deliveries_total", "Messages pushed to recipients.", deliveries);
  AddCounter(text, "rujukan_queries_total", "Frames that asked and changed nothing.", queries);
  AddCounter(text,
             "rujukan_contents_removed_total",
             "Ciphertexts removed after delivery.",
             contents_removed);
  AddCounter(text, "rujukan_content_bytes_removed_total", "Their bytes.", content_bytes_removed);
  AddCounter(text, "rujukan_chunks_stored_total", "Chunks of attachments stored.", chunks_stored);
  AddCounter(text, "rujukan_chunks_given_total", "Chunks handed to receivers.", chunks_given);
  AddCounter(text,
             "rujukan_attachments_removed_total",
             "Attachments removed that nobody fetched.",
             attachments_removed);
  AddClocks(text);
  AddCounter(text, "rujukan_committed_entries_total", "Entries made durable.", committed_entries_);
  AddHead(text, "rujukan_commit_seconds", "histogram", "Append to durable, one group commit.");
  uint64_t total = 0;
  for (size_t i = 0; i < kBucketsUs.size(); ++i) {
    total += commit_buckets_[i];
    AddValue(text, "rujukan_commit_seconds_bucket{le=\"" + Seconds(kBucketsUs[i]) + "\"}", total);
  }
  total += commit_buckets_.back();
  AddValue(text, "rujukan_commit_seconds_bucket{le=\"+Inf\"}", total);
  text.append("rujukan_commit_seconds_sum ").append(Seconds(commit_us_)).append("\n");
  AddValue(text, "rujukan_commit_seconds_count", commits_);
  AddGauge(text, "rujukan_entries", "Entries under the newest checkpoint.", gauges.entries);
  AddGauge(text, "rujukan_agencies", "Agencies in the directory.", gauges.agencies);
  AddGauge(text, "rujukan_mailbox_messages", "Undelivered messages.", gauges.mailbox_messages);
  AddGauge(text, "rujukan_mailbox_bytes", "Their ciphertexts.", gauges.mailbox_bytes);
  AddGauge(text, "rujukan_contents", "Ciphertexts kept.", gauges.contents);
  AddGauge(text, "rujukan_content_bytes", "Their bytes.", gauges.content_bytes);
  AddGauge(text, "rujukan_attachments", "Attachments not yet fetched.", gauges.attachments);
  AddGauge(text, "rujukan_attachment_chunks", "Their chunks.", gauges.attachment_chunks);
  AddGauge(text, "rujukan_archived_entries", "Entries moved to archive files.", gauges.archived);
  AddGauge(text, "rujukan_admission_queue", "Frames waiting.", gauges.admission_queue);
  AddGauge(text, "rujukan_courier_queue", "Work waiting for the courier.", gauges.courier_queue);
  AddGauge(text, "rujukan_storage_full", "1: no room on disk.", storage_full ? 1 : 0);
  return text;
}

}  // namespace rujukan::broker
