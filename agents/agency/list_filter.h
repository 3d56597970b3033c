// What a list is asked for. Values that are empty, 0 or the widest ask for nothing. Pure.
#pragma once

#include <cstdint>
#include <limits>
#include <set>
#include <string>

#include "base/clock.h"
#include "rujukan/v1/codes.pb.h"

namespace rujukan::agency {

struct ListFilter {
  v1::Kind::Code kind = v1::Kind::UNSPECIFIED;  // of messages
  v1::Urgency::Code urgency = v1::Urgency::UNSPECIFIED;
  std::string peer;      // an address
  std::string leg;       // 16 bytes; of messages
  std::set<int> states;  // LegState of legs, Stage of messages
  int side = -1;         // of legs: 0 sender, 1 receiver
  UnixMillis since = 0;  // stored (messages) or opened (legs) at or after
  UnixMillis until = std::numeric_limits<int64_t>::max();  // and before
  UnixMillis changed_since = 0;                            // of legs
  std::string episode;                                     // id_episode
  std::string ref;                                         // ref_anak of the leg's opening
};

}  // namespace rujukan::agency
