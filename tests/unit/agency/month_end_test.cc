// Goal: the end of a month at its size: one report each for 6,000 children in care, whom nobody
// reported on, and the rows for the register, in less than a minute and in flat memory.
// Method: 6,000 legs in one agency's database; the table goes through the API; the process's peak
// memory is read from the system before and after. Prints what it measured.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <iostream>

#include "agents/agency/csv_text.h"
#include "base/csv.h"
#include "tests/unit/agency/children.h"

namespace rujukan::agency {
namespace {

constexpr int kChildren = 6'000;
constexpr int kSilent = 40;        // nobody reports on these
constexpr int kWithoutBasis = 25;  // and these may not be registered

long PeakKiB() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

class Stopwatch {
 public:
  explicit Stopwatch(const char* what) : what_(what), began_(std::chrono::steady_clock::now()) {}
  ~Stopwatch() {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began_);
    std::cout << "  " << what_ << ": " << ms.count() << " ms, peak " << PeakKiB() / 1024
              << " MiB\n";
  }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  const char* what_;
  const std::chrono::steady_clock::time_point began_;
};

class MonthEndTest : public ::testing::Test {
 protected:
  MonthEndTest() : home_(world_, "lksa.18.01.001") {
    const Stopwatch watch("6,000 children put into the database");
    const auto put = home_.store_->Group([&]() -> Result<void> {
      for (int i = 0; i < kChildren; ++i) {
        Seed(home_,
             {.ref = "LS-" + std::to_string(i),
              .name = "Anak " + std::to_string(i) + " (CONTOH)",
              .basis = i < kWithoutBasis ? v1::ProcessingBasis::KEPENTINGAN_VITAL
                                         : v1::ProcessingBasis::TUGAS_PUBLIK});
      }
      return {};
    });
    CHECK(put.has_value());
  }

  Json Import(const std::string& kind, const std::string& table) {
    ApiRequest request{"POST", "/v1/import", {{"jenis", kind}, {"mode", "all"}}, table};
    request.headers["content-type"] = "text/csv";
    return Json::parse(home_.api_->Handle(request).body);
  }

  static std::string Reports() {
    std::string table = CsvLine({"ref_anak",
                                 "perkembangan",
                                 "permasalahan",
                                 "solusi",
                                 "periode_dari",
                                 "periode_sampai",
                                 "laporan_berikutnya"});
    for (int i = kSilent; i < kChildren; ++i) {
      table += CsvLine({"LS-" + std::to_string(i),
                        "naik kelas; berat badan bertambah, rajin membaca",
                        "akta kelahiran belum terbit",
                        "didampingi ke Dukcapil pekan depan",
                        "2026-11-01",
                        "2026-11-30",
                        "2026-12-31"});
    }
    return table;
  }

  testing::World world_;
  Party home_;
};

TEST_F(MonthEndTest, SixThousandReportsAreQueuedOnceAndTheSilentAreNamed) {
  const std::string table = Reports();
  {
    const Stopwatch watch("5,960 reports checked and queued");
    const Json report = Import("progress", table);
    EXPECT_EQ(report["queued"], kChildren - kSilent) << report.dump().substr(0, 1000);
    EXPECT_EQ(report["without_report"]["count"], kSilent);
    EXPECT_EQ(report["without_report"]["leg_ids"].size(), static_cast<size_t>(kSilent));
  }
  {
    const Stopwatch watch("the same file again");
    EXPECT_EQ(Import("progress", table)["repeated"], kChildren - kSilent);
  }
  std::string marks = "ref_anak,tanggal,petugas\n";
  for (int i = 0; i < kChildren; ++i) {
    marks += "LS-" + std::to_string(i) + ",2026-11-10,operator (CONTOH)\n";
  }
  {
    const Stopwatch watch("6,000 verivali marks");
    EXPECT_EQ(Import("verivali", marks)["queued"], kChildren);
  }
  const long before = PeakKiB();
  size_t bytes = 0;
  size_t rows = 0;
  {
    const Stopwatch watch("rows for SIKS-NG");
    const auto reply = home_.api_->Handle({"GET", "/v1/export/siks-ng", {}, ""});
    CsvReader reader(10'000);
    std::optional<std::string> part = reply.body;
    while (part) {
      bytes += part->size();
      reader.Feed(*part);
      for (auto row = reader.Next(); row && *row; row = reader.Next()) {
        ++rows;
      }
      part = reply.stream ? reply.stream() : std::nullopt;
    }
  }
  EXPECT_EQ(rows, static_cast<size_t>(kChildren - kWithoutBasis));
  EXPECT_GT(bytes, 1'000'000U);
  EXPECT_LT(PeakKiB() - before, 4 * 1024) << "a table of " << bytes << " bytes went through";
  const auto summary = home_.api_->Handle({"GET", "/v1/export/siks-ng/summary", {}, ""});
  EXPECT_EQ(Json::parse(summary.body)["dikeluarkan"]["tanpa_dasar"], kWithoutBasis);
}

}  // namespace
}  // namespace rujukan::agency
