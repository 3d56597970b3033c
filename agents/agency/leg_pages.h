// The legs of a period, a page at a time, each page in one transaction: for work over all of them
// that keeps neither the store's lock nor their content. Thread: one owner.
#pragma once

#include <string>

#include "agents/agency/export_period.h"
#include "agents/agency/store.h"
#include "base/limits.h"

namespace rujukan::agency {

class LegPages {
 public:
  LegPages(Store& store, const ExportPeriod& period)
      : store_(store), page_{"", period.begin, period.end, kLegsAPage} {}

  // Runs `work(tables, leg id)`, which returns a Result<void>, for each leg of the next page.
  // False: there was none. `writes`: the work may write. kLimit: over limits::kExportRowsMax legs.
  template <class Work>
  Result<bool> Next(bool writes, const Work& work) {
    std::string last = page_.after;
    const auto run = [&](Tables& tables) -> Result<bool> {
      ASSIGN_OR_RETURN(const auto ids, tables.ListLegIds(page_));
      for (const LegId& id : ids) {
        if (++seen_ > limits::kExportRowsMax) {
          return TooMany();
        }
        RETURN_IF_ERROR(work(tables, id));
        last = id.str();
      }
      return !ids.empty();
    };
    auto more = writes ? store_.Write(run) : store_.Read(run);
    page_.after = last;
    return more;
  }

  // All of them.
  template <class Work>
  Result<void> All(const Work& work) {
    while (true) {
      ASSIGN_OR_RETURN(const bool more, Next(/*writes=*/false, work));
      if (!more) {
        return {};
      }
    }
  }

 private:
  static constexpr size_t kLegsAPage = 64;

  static tl::unexpected<Error> TooMany() {
    return Fail(Errc::kLimit,
                "lebih dari " + std::to_string(limits::kExportRowsMax) +
                    " rujukan; persempit from dan to / more legs than that: a shorter period");
  }

  Store& store_;
  LegIdPage page_;
  size_t seen_ = 0;
};

}  // namespace rujukan::agency
