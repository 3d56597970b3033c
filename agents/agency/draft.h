// The header of a message as it is drafted: what of the content the broker has to know, and nothing
// else of it. The outbox dates, seals and signs it. Pure apart from fresh ids.
#pragma once

#include <string>

#include "base/clock.h"
#include "rujukan/v1/content.pb.h"
#include "rujukan/v1/header.pb.h"

namespace rujukan::agency {

struct Sender {
  std::string address;
  UnixMillis now = 0;
};

// The class a message has by its kind: every message of a leg is R, whatever its categories, since
// a class that followed the category would tell the broker something about the child. A third stage
// is SR by its nature, an attachment and a conference where their sender says so.
v1::Classification::Code ClassOf(v1::Kind::Code kind, const v1::Content& content);

v1::Header DraftHeader(const Sender& sender, v1::Kind::Code kind, const v1::Content& content);

// Of a RUJUKAN: its clocks and what the fold needs of it. `urgency` is set already.
void FillOpening(v1::Header& header, const v1::Referral& referral, UnixMillis now);

// When the first of the services is asked for; 0: no date, or it is past.
UnixMillis FirstServiceEnd(const v1::StageOne& t1, UnixMillis now);

}  // namespace rujukan::agency
