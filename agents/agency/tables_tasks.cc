// Tasks of this agency out of minutes. What a task is stands in the minutes, which are sealed.
#include "agents/agency/tables.h"

namespace rujukan::agency {

Result<void> Tables::PutTask(const TaskRow& row) {
  return database_->Run(
      "INSERT OR IGNORE INTO tasks(message,number,due_ms,since_ms,done_ms,done_by)"
      " VALUES(?,?,?,?,?,?)",
      {Blob{row.minutes.view()},
       int64_t{row.number},
       row.due,
       row.since,
       row.done_at,
       Text{row.done_by}});
}

Result<std::vector<TaskRow>> Tables::ListTasks() {
  std::vector<TaskRow> tasks;
  RETURN_IF_ERROR(
      database_->Query("SELECT message,number,due_ms,since_ms,done_ms,done_by FROM tasks"
                       " ORDER BY done_ms!=0, due_ms, message, number LIMIT 1000",
                       {},
                       [&](const Row& row) {
                         if (auto id = MessageId::FromBytes(row.Bytes(0)); id) {
                           tasks.push_back({*id,
                                            static_cast<int>(row.Int(1)),
                                            row.Int(2),
                                            row.Int(3),
                                            row.Int(4),
                                            row.Bytes(5)});
                         }
                         return true;
                       }));
  return tasks;
}

Result<void> Tables::FinishTask(const MessageId& minutes,
                                int number,
                                const std::string& by,
                                UnixMillis now) {
  RETURN_IF_ERROR(
      database_->Run("UPDATE tasks SET done_ms=?,done_by=? WHERE message=? AND number=?",
                     {now, Text{by}, Blob{minutes.view()}, int64_t{number}}));
  return database_->Changes() == 0
             ? Result<void>(Fail(Errc::kNotFound, "tidak ada tugas ini / no such task here"))
             : Result<void>();
}

}  // namespace rujukan::agency
