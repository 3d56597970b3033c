// The command line of a running agent: turns commands into API requests and replies into text or
// JSON, and into exit codes: 0 ok, 1 refused, 2 usage, 3 verification failed, 69 no agent or
// broker, 70 internal, 77 a key file is open to others. Thread: main.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "agents/agency/apiclient.h"
#include "agents/agency/json.h"
#include "base/result.h"

namespace rujukan::agency {

enum ExitCode : int {
  kExitOk = 0,
  kExitFailed = 1,
  kExitUsage = 2,
  kExitVerification = 3,
  kExitUnavailable = 69,
  kExitInternal = 70,
  kExitPermission = 77,
};
int ExitCodeOf(const Error& error);

// How and where to answer.
struct Terminal {
  std::string home;  // the agency's directory
  std::string socket_path;
  bool json = false;
  std::ostream& out;
  std::ostream& err;
};

enum class WaitFor { kNothing, kReceipt, kDelivery };

struct SendOptions {
  std::string file;  // path, or "-" for standard input
  std::string key;   // idempotency key; "": SHA-256 of the file
  WaitFor wait = WaitFor::kNothing;
  int64_t timeout_s = 60;
};
int Send(const Terminal& terminal, const SendOptions& options);

struct ListOptions {
  bool outgoing = false;
  int64_t after = 0;
  int64_t wait_s = 0;
  int64_t limit = 50;
};
int ListMessages(const Terminal& terminal, const ListOptions& options);
int ListLegs(const Terminal& terminal);
int Show(const Terminal& terminal, const std::string& id);  // a leg or a message
int Status(const Terminal& terminal);

struct ActOptions {
  std::string leg;
  std::string action;
  Json isi = Json::object();
  std::string file;           // JSON of `isi`, "-": standard input, "": none
  std::string cause;          // id of the message that this one answers, or ""
  std::string content_field;  // name of the kind's message in Content
  std::string key;
  bool wait = false;
  int64_t timeout_s = 60;
};
int Act(const Terminal& terminal, ActOptions options);

// Member of a request's body: id of the message that this one answers.
inline constexpr const char* kCauseMember = "pesan";

// Puts the JSON of `file` over `isi`; "": nothing.
Result<void> MergeFile(const std::string& file, Json& isi);

// A request that makes a message, and how far to wait for it.
struct MessagePost {
  std::string path;
  Json body;
  WaitFor wait = WaitFor::kNothing;
  int64_t timeout_s = 60;
};
int PostAndPrint(const Terminal& terminal, const MessagePost& post);

using Printer = void (*)(const Json&, std::ostream&);
// Prints a reply and returns the exit code it stands for.
int PrintReply(const Terminal& terminal, const ApiReply& reply, Printer print);
// A file of at most kApiBodyBytesMax; "-": standard input.
Result<std::string> ReadInput(const std::string& file);

// Prints an error as text or problem+json and returns its exit code.
int Report(const Terminal& terminal, const Error& error);

}  // namespace rujukan::agency
