// Goal: who asks much waits for itself alone. Method: the turns by hand.

#include "broker/core/query_turns.h"

#include <gtest/gtest.h>

namespace rujukan::broker {
namespace {

Query From(const std::string& user, uint32_t number) {
  Query query;
  query.peer.user = user;
  query.frame.mutable_credit()->set_messages(number);
  return query;
}

TEST(QueryTurns, AnAskerWaitsForOneQueryOfEachOtherAndKeepsItsOwnOrder) {
  QueryTurns turns;
  for (uint32_t i = 0; i < 3; ++i) {
    turns.Put(From("greedy", i));
  }
  turns.Put(From("modest", 7));
  std::vector<std::pair<std::string, uint32_t>> taken;
  while (!turns.Empty()) {
    const Query query = turns.Take();
    taken.emplace_back(query.peer.user, query.frame.credit().messages());
  }
  const std::vector<std::pair<std::string, uint32_t>> fair = {
      {"greedy", 0}, {"modest", 7}, {"greedy", 1}, {"greedy", 2}};
  EXPECT_EQ(fair, taken);
}

}  // namespace
}  // namespace rujukan::broker
