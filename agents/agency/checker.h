// A list of findings under construction: the small language the validators are written in.
#pragma once

#include <string>
#include <string_view>

#include "agents/agency/codes.h"
#include "agents/agency/validate.h"
#include "base/address.h"

namespace rujukan::agency {

class Checker {
 public:
  Checker(std::string path, Findings& findings) : path_(std::move(path)), findings_(findings) {}
  Checker In(const std::string& field) const { return Checker(path_ + "." + field, findings_); }
  Checker At(const std::string& field, int index) const {
    return In(field + "[" + std::to_string(index) + "]");
  }

  void Add(const std::string& field, std::string message) {
    findings_.push_back(Finding{path_ + "." + field, std::move(message)});
  }
  void Require(bool present, const std::string& field) {
    if (!present) {
      Add(field, "wajib diisi / required");
    }
  }
  // A text that must be there, at most `max` characters.
  void Text(const std::string& field, std::string_view text, size_t max = kTextCharactersMax) {
    Require(!text.empty(), field);
    OptionalText(field, text, max);
  }
  void OptionalText(const std::string& field, std::string_view text, size_t max) {
    const size_t count = CountCharacters(text);
    if (count > max) {
      const std::string limit = std::to_string(max);
      Add(field,
          "paling banyak " + limit + " huruf, ada " + std::to_string(count) +
              "; ringkas / at most " + limit + " characters; shorten it");
    }
  }
  void Code(const std::string& field, const google::protobuf::EnumDescriptor& list, int value) {
    if (!IsCode(list, value)) {
      const std::string codes = CodesOf(list);
      Add(field, "pilih salah satu: " + codes + " / choose one of these codes");
    }
  }
  void Region(const std::string& field, std::string_view text) {
    if (std::string problem = RegionProblem(text); !problem.empty()) {
      Add(field, std::move(problem));
    }
  }
  void OptionalTime(const std::string& field, std::string_view text) {
    if (!text.empty() && !IsDateTime(text)) {
      Add(field,
          "tulis waktu dengan zona, contoh 2026-11-21T23:58:04+07:00 / write a time with its "
          "offset");
    }
  }
  void Time(const std::string& field, std::string_view text) {
    Require(!text.empty(), field);
    OptionalTime(field, text);
  }
  void Date(const std::string& field, std::string_view text) {
    Require(!text.empty(), field);
    OptionalDate(field, text);
  }
  void OptionalCode(const std::string& field,
                    const google::protobuf::EnumDescriptor& list,
                    int value) {
    if (value != 0) {
      Code(field, list, value);
    }
  }
  void Address(const std::string& field, std::string_view text) {
    if (!AgencyAddress::Parse(text)) {
      Add(field,
          "tulis alamat lembaga, contoh dinsos.18@lampung.example / write an agency's address");
    }
  }
  // Identity has no place here; the commonest slip is a number of a card typed into a free text.
  void NoLongNumber(const std::string& field, std::string_view text, size_t digits) {
    if (HasLongNumber(text, digits)) {
      Add(field,
          "tampak memuat NIK atau nomor lain; hapus, identitas hanya di t2 / looks like a national "
          "id or another number; remove it, identity belongs to t2");
    }
  }
  void OptionalDate(const std::string& field, std::string_view text) {
    if (!text.empty() && !IsDate(text)) {
      Add(field, "tulis tanggal, contoh 2026-11-21 / write a date that exists");
    }
  }

 private:
  std::string path_;
  Findings& findings_;
};

}  // namespace rujukan::agency
