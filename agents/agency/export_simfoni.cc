#include "agents/agency/export_simfoni.h"

#include <algorithm>
#include <array>

#include "agents/agency/csv_text.h"
#include "base/region.h"

namespace rujukan::agency {
namespace {

constexpr const char* kAllRows = "TOTAL";
constexpr const char* kAllColumns = "JUMLAH";

constexpr auto kForms = std::to_array<const char*>(
    {"FISIK_PSIKIS", "SEKSUAL", "EKSPLOITASI", "TRAFFICKING", "PENELANTARAN", "LAINNYA"});

const char* FormOf(int category) {
  switch (category) {
    case v1::AmpkCategory::I:
      return "FISIK_PSIKIS";
    case v1::AmpkCategory::J:
      return "SEKSUAL";
    case v1::AmpkCategory::D:
      return "EKSPLOITASI";
    case v1::AmpkCategory::H:
      return "TRAFFICKING";
    case v1::AmpkCategory::M:
      return "PENELANTARAN";
    default:
      return "LAINNYA";
  }
}

std::vector<std::string> NamesOf(const google::protobuf::EnumDescriptor& list) {
  std::vector<std::string> names;
  for (int i = 0; i < list.value_count(); ++i) {
    if (list.value(i)->number() != 0) {
      names.push_back(list.value(i)->name());
    }
  }
  return names;
}

std::vector<std::string> VictimColumns() {
  std::vector<std::string> columns;
  for (const auto& sex : NamesOf(*v1::Sex::Code_descriptor())) {
    for (const auto& age : NamesOf(*v1::AgeGroup::Code_descriptor())) {
      columns.push_back(sex + "/" + age);
    }
  }
  return columns;
}

std::string PlaceName(const std::string& code) {
  const auto region = RegionCode::Parse(code);
  return region ? std::string(region->name()) : "";
}

// Calls `visit` with every cell: table, place, column, count.
template <class Visit>
void ForEachCell(const CountTable& table, const Visit& visit) {
  const PublishedCounts counts = Suppress(table);
  for (size_t r = 0; r < counts.size(); ++r) {
    const std::string place = r < table.rows.size() ? table.rows[r] : kAllRows;
    for (size_t c = 0; c < counts[r].size(); ++c) {
      visit(place, c < table.columns.size() ? table.columns[c] : kAllColumns, counts[r][c]);
    }
  }
}

}  // namespace

std::vector<std::string> FormsOf(const v1::StageOne& t1) {
  std::vector<std::string> forms;
  for (const char* form : kForms) {
    const bool has = std::any_of(t1.kategori().begin(), t1.kategori().end(), [form](int category) {
      return std::string_view(FormOf(category)) == form;
    });
    if (has) {
      forms.emplace_back(form);
    }
  }
  return forms;
}

SimfoniCount::SimfoniCount()
    : axes_{{"korban", VictimColumns(), {}},
            {"bentuk", {kForms.begin(), kForms.end()}, {}},
            {"layanan", NamesOf(*v1::Service::Code_descriptor()), {}}} {}

void SimfoniCount::Mark(Axis& axis, const std::string& place, const std::string& column) {
  const auto found = std::find(axis.columns.begin(), axis.columns.end(), column);
  if (found == axis.columns.end()) {
    return;
  }
  auto row = std::lower_bound(
      axis.rows.begin(), axis.rows.end(), place, [](const auto& one, const std::string& key) {
        return one.first < key;
      });
  if (row == axis.rows.end() || row->first != place) {
    row = axis.rows.insert(row, {place, std::vector<int64_t>(axis.columns.size(), 0)});
  }
  ++row->second[static_cast<size_t>(found - axis.columns.begin())];
}

void SimfoniCount::Add(const ChildCase& child) {
  if (!child.readable || child.leg.state == v1::LegState::SALAH_INPUT) {
    ++left_out_;
    return;
  }
  if (!child.episode.empty() && !episodes_.insert(child.episode).second) {
    return;
  }
  ++children_;
  const v1::StageOne& t1 = child.referral.t1();
  const std::string& place = t1.wilayah_kejadian();
  Mark(axes_[0],
       place,
       v1::Sex::Code_Name(t1.jenis_kelamin()) + "/" + v1::AgeGroup::Code_Name(t1.kelompok_usia()));
  for (const auto& form : FormsOf(t1)) {
    Mark(axes_[1], place, form);
  }
  std::set<std::string> services;
  for (const auto& service : t1.layanan_diminta()) {
    services.insert(v1::Service::Code_Name(service.kode()));
  }
  for (const auto& service : services) {
    Mark(axes_[2], place, service);
  }
}

std::vector<CountTable> SimfoniCount::Tables() const {
  std::vector<CountTable> tables;
  for (const Axis& axis : axes_) {
    CountTable table{axis.name, {}, axis.columns, {}};
    for (const auto& [place, counts] : axis.rows) {
      table.rows.push_back(place);
      table.counts.push_back(counts);
    }
    tables.push_back(std::move(table));
  }
  return tables;
}

std::string SimfoniCsv(const std::vector<CountTable>& tables) {
  std::string text = CsvLine({"tabel", "wilayah", "nama_wilayah", "kolom", "jumlah"});
  for (const CountTable& table : tables) {
    ForEachCell(table, [&](const auto& place, const std::string& column, const auto& count) {
      text += CsvLine({table.name,
                       place,
                       place == kAllRows ? "" : PlaceName(place),
                       column,
                       count ? std::to_string(*count) : "*"});
    });
  }
  return text;
}

Json SimfoniJson(const std::vector<CountTable>& tables) {
  Json json = Json::object();
  int64_t hidden = 0;
  for (const CountTable& table : tables) {
    Json& rows = json["tabel"][table.name] = Json::object();
    ForEachCell(table, [&](const auto& place, const std::string& column, const auto& count) {
      rows[place][column] = count ? Json(*count) : Json(nullptr);
      hidden += count ? 0 : 1;
    });
  }
  json["sel_disembunyikan"] = hidden;
  return json;
}

}  // namespace rujukan::agency
