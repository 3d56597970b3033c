// The fields below a step as the body of a request to an agent's API. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/scenarios/script.h"

namespace rujukan::scenarios {

// What stands for what at the moment of a step.
struct Meanings {
  // {NAME}: a leg's or message's id, or an agency's full address. nullopt: no such name.
  std::function<std::optional<std::string>(const std::string& name)> name;
  UnixMillis now = 0;
  int zone_minutes = 0;
};

// Replaces {NAME} anywhere; "@kini", "@kini+2j" is a time, "@tanggal+14h" a date. kInvalid:
// unknown.
Result<std::string> FillText(const std::string& text, const Meanings& meanings);

// Sets the value at a path: "t1.layanan_diminta.0.kode". A number counts in a list, from 0.
void Put(Json& root, const std::string& path, const Json& value);

// Templates of the deed first (that of its verb before all), then its own fields; each where the
// API has it:
//   rujuk        t2... beside the content, or with "bersama = ya" in it; everything else in
//                isi.rujukan but petugas, id_episode (isi) and urgensi, klasifikasi (body)
//   kirim        in isi.<kind in small letters>, likewise
//   an action    in isi but petugas
//   api, profil  as it is
// "body.x" is x of the body itself in any of them.
Result<Json> BodyOf(const Script& script, const Deed& deed, const Meanings& meanings);

}  // namespace rujukan::scenarios
