#include "broker/core/journal.h"

namespace rujukan::broker {

Result<void> CheckTrim(const ledger::ArchiveRange& range, TreeSize archived, TreeSize size) {
  RETURN_IF_ERROR(ledger::CheckRange(range));
  if (range.first != archived || range.end > size) {
    return Fail(Errc::kConflict,
                "the archive ends at " + std::to_string(archived) + " and the ledger at " +
                    std::to_string(size) + "; " + ledger::RangeText(range) + " do not continue it");
  }
  return {};
}

}  // namespace rujukan::broker
