// Messages that belong to no leg: from the command's fields to POST /v1/messages. Thread: main.
#pragma once

#include <string>
#include <vector>

#include "agents/agency/cli.h"
#include "rujukan/v1/codes.pb.h"

namespace rujukan::agency {

struct MessageOptions {
  v1::Kind::Code kind = v1::Kind::UNSPECIFIED;
  std::vector<std::string> to;  // empty: found by what the message is about
  Json isi = Json::object();    // the fields of the kind's own message
  std::string cause;            // id of the message answered, or ""
  std::string file;             // as ActOptions
  std::string urgency;
  std::string classification;
  std::string key;
  bool wait = false;
  int64_t timeout_s = 60;
};

// The request's body. Pure. Who is invited is who it is sent to; guests are in `isi` already.
Json BodyOf(const MessageOptions& options);

int SendMessage(const Terminal& terminal, MessageOptions options);

}  // namespace rujukan::agency
