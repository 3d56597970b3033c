// Webhooks, their dead letters, and what is to be told to them again.
#include "agents/agency/tables.h"
#include "base/limits.h"

namespace rujukan::agency {
namespace {

#define RUJUKAN_WEBHOOK_COLUMNS                                                            \
  "id,url,events,secret,active,created_ms,cursor,attempts,next_ms,dead_in_row,last_error," \
  "last_ok_ms"

std::string SecretPlace(const std::string& id) {
  return "webhooks/secret/" + id;
}

// The secret still sealed.
WebhookRow WebhookOf(const Row& row) {
  WebhookRow hook;
  hook.id = row.Bytes(0);
  hook.url = row.Bytes(1);
  hook.events = row.Bytes(2);
  hook.secret = row.Bytes(3);
  hook.active = row.Int(4) != 0;
  hook.created_at = row.Int(5);
  hook.cursor = row.Int(6);
  hook.attempts = static_cast<int>(row.Int(7));
  hook.next_at = row.Int(8);
  hook.dead_in_row = static_cast<int>(row.Int(9));
  hook.last_error = row.Bytes(10);
  hook.last_ok_at = row.Int(11);
  return hook;
}

}  // namespace

Result<void> Tables::AddWebhook(const WebhookRow& hook) {
  return database_->Run(
      "INSERT INTO webhooks(id,url,events,secret,active,created_ms,cursor)"
      " VALUES(?,?,?,?,?,?,?)",
      {Text{hook.id},
       Text{hook.url},
       Text{hook.events},
       Blob{key_.Seal(hook.secret, SecretPlace(hook.id))},
       int64_t{hook.active},
       hook.created_at,
       hook.cursor});
}

Result<std::vector<WebhookRow>> Tables::ListWebhooks() {
  std::vector<WebhookRow> hooks;
  RETURN_IF_ERROR(database_->Query("SELECT " RUJUKAN_WEBHOOK_COLUMNS
                                   " FROM webhooks ORDER BY created_ms, id",
                                   {},
                                   [&](const Row& row) {
                                     hooks.push_back(WebhookOf(row));
                                     return true;
                                   }));
  for (auto& hook : hooks) {
    ASSIGN_OR_RETURN(hook.secret, key_.Open(hook.secret, SecretPlace(hook.id)));
  }
  return hooks;
}

Result<std::optional<WebhookRow>> Tables::FindWebhook(const std::string& id) {
  ASSIGN_OR_RETURN(const auto hooks, ListWebhooks());  // at most kWebhooksMax
  for (const auto& hook : hooks) {
    if (hook.id == id) {
      return std::optional(hook);
    }
  }
  return std::optional<WebhookRow>();
}

Result<void> Tables::ChangeWebhook(const WebhookRow& hook) {
  return database_->Run(
      "UPDATE webhooks SET url=?,events=?,active=?,attempts=0,next_ms=0,dead_in_row=0 WHERE id=?",
      {Text{hook.url}, Text{hook.events}, int64_t{hook.active}, Text{hook.id}});
}

Result<void> Tables::RemoveWebhook(const std::string& id) {
  RETURN_IF_ERROR(database_->Run("DELETE FROM dead_letters WHERE webhook=?", {Text{id}}));
  RETURN_IF_ERROR(database_->Run("DELETE FROM replays WHERE webhook=?", {Text{id}}));
  return database_->Run("DELETE FROM webhooks WHERE id=?", {Text{id}});
}

Result<void> Tables::SetDeliveryState(const WebhookRow& hook) {
  return database_->Run(
      "UPDATE webhooks SET active=active AND ?,attempts=?,next_ms=?,"
      "dead_in_row=?,last_error=?,last_ok_ms=? WHERE id=?",
      {int64_t{hook.active},
       int64_t{hook.attempts},
       hook.next_at,
       int64_t{hook.dead_in_row},
       Text{hook.last_error},
       hook.last_ok_at,
       Text{hook.id}});
}

Result<void> Tables::MoveWebhook(const std::string& id, int64_t from, int64_t to) {
  return database_->Run("UPDATE webhooks SET cursor=? WHERE id=? AND cursor=?",
                        {to, Text{id}, from});
}

Result<void> Tables::RewindWebhook(const std::string& id, int64_t cursor) {
  return database_->Run("UPDATE webhooks SET cursor=min(cursor,?),attempts=0,next_ms=0 WHERE id=?",
                        {cursor, Text{id}});
}

Result<void> Tables::PutDeadLetter(const DeadLetter& letter) {
  RETURN_IF_ERROR(database_->Run(
      "INSERT OR REPLACE INTO dead_letters(webhook,seq,event,type,attempts,reason,died_ms)"
      " VALUES(?,?,?,?,?,?,?)",
      {Text{letter.webhook},
       letter.cursor,
       Blob{letter.event},
       letter.type,
       int64_t{letter.attempts},
       Text{letter.reason},
       letter.died_at}));
  return database_->Run("DELETE FROM dead_letters WHERE rowid<=?",
                        {database_->LastRowId() - static_cast<int64_t>(limits::kDeadLettersMax)});
}

Result<std::vector<DeadLetter>> Tables::ListDeadLetters(const std::string& webhook,
                                                        int64_t after,
                                                        size_t max) {
  std::vector<DeadLetter> letters;
  RETURN_IF_ERROR(
      database_->Query("SELECT webhook,seq,event,type,attempts,reason,died_ms FROM dead_letters"
                       " WHERE webhook=? AND seq>? ORDER BY seq LIMIT ?",
                       {Text{webhook}, after, static_cast<int64_t>(max)},
                       [&](const Row& row) {
                         letters.push_back(DeadLetter{row.Bytes(0),
                                                      row.Int(1),
                                                      row.Bytes(2),
                                                      row.Int(3),
                                                      static_cast<int>(row.Int(4)),
                                                      row.Bytes(5),
                                                      row.Int(6)});
                         return true;
                       }));
  return letters;
}

Result<void> Tables::DropDeadLetter(const std::string& webhook, int64_t cursor) {
  RETURN_IF_ERROR(
      database_->Run("DELETE FROM replays WHERE webhook=? AND seq=?", {Text{webhook}, cursor}));
  return database_->Run("DELETE FROM dead_letters WHERE webhook=? AND seq=?",
                        {Text{webhook}, cursor});
}

Result<void> Tables::PutReplay(const std::string& webhook, int64_t cursor) {
  return database_->Run("INSERT OR IGNORE INTO replays(webhook,seq) VALUES(?,?)",
                        {Text{webhook}, cursor});
}

Result<int64_t> Tables::ReplayDeadLetters(const std::string& webhook) {
  RETURN_IF_ERROR(
      database_->Run("INSERT OR IGNORE INTO replays(webhook,seq)"
                     " SELECT webhook,seq FROM dead_letters WHERE webhook=?",
                     {Text{webhook}}));
  return database_->Changes();
}

Result<std::optional<int64_t>> Tables::NextReplay(const std::string& webhook) {
  std::optional<int64_t> cursor;
  RETURN_IF_ERROR(database_->Query("SELECT seq FROM replays WHERE webhook=? ORDER BY seq LIMIT 1",
                                   {Text{webhook}},
                                   [&](const Row& row) {
                                     cursor = row.Int(0);
                                     return false;
                                   }));
  return cursor;
}

Result<void> Tables::DropReplay(const std::string& webhook, int64_t cursor) {
  return database_->Run("DELETE FROM replays WHERE webhook=? AND seq=?", {Text{webhook}, cursor});
}

}  // namespace rujukan::agency
