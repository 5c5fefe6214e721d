// When two sightings are one: by lines, by the functions they lie in, by what is to be mended; and what one lacks.
#include <set>

#include "dynamic/sightings/sighting.h"

namespace ftaudit::dynamic {

using Kind = Sighting::Kind;

std::string_view name_of(Sighting::Kind kind) {
  switch (kind) {
    case Kind::data_race: return "data-race";
    case Kind::use_after_free: return "use-after-free";
    case Kind::lock_order_inversion: return "lock-order-inversion";
    case Kind::mutex_misuse: return "mutex-misuse";
    case Kind::crash: return "crash";
    case Kind::deadlock: return "deadlock";
    case Kind::hang: return "hang";
    case Kind::gil_switched_on: return "gil-switched-on";
    case Kind::signal_unsafe: return "signal-unsafe";
    case Kind::runtime_trouble: return "runtime-trouble";
  }
  return "data-race";
}

std::string_view name_of(Attribution attribution) {
  switch (attribution) {
    case Attribution::extension: return "extension";
    case Attribution::through_cpython: return "through-cpython";
    case Attribution::cpython_only: return "cpython-only";
  }
  return "extension";
}

std::string Sighting::family() const {
  std::string out(name_of(kind));
  std::set<std::string> sides;
  for (const Site& site : sites) sides.insert(site.location.file + "|" + site.function);
  for (const std::string& side : sides) out += "|" + side;
  if (attribution == Attribution::through_cpython) out += "|cpython";
  if (sites.empty()) out += "|" + type + "|" + place;
  // A heap once broken kills the process anywhere; a hang is where it is.
  if (sites.empty() && kind != Kind::crash) out += "|" + seen.step;
  return out;
}

std::string Sighting::cause() const {
  if ((kind != Kind::data_race && kind != Kind::use_after_free) || sites.empty()) return family();
  std::set<std::string> entries;
  for (const Site& site : sites) entries.insert(site.entered ? site.entered->function : site.function);
  // A block has no name but who allocated it, and one buffer is allocated in many places: below the same two entries it
  // hangs off the same object.
  std::string out = std::string(name_of(kind)) + "|" + (in_global ? place : "");
  for (const std::string& entry : entries) out += "|" + entry;
  if (attribution == Attribution::through_cpython) out += "|cpython";
  return out;
}

std::string Sighting::key() const {
  std::string out = family();
  std::set<std::uint32_t> at;
  for (const Site& site : sites) at.insert(site.location.line);
  for (const std::uint32_t line : at) out += "|" + std::to_string(line);
  if (sites.empty()) out += "|" + seen.step;
  return out;
}

std::string lacking(const Sighting& sighting) {
  if (!sighting.lacks.empty()) return sighting.lacks;
  if (sighting.kind == Kind::crash && sighting.sites.empty()) return "no frame of the extension is on its stack";
  if (sighting.kind == Kind::deadlock && !sighting.proven) return "no circle of waiting is known";
  return {};
}

}  // namespace ftaudit::dynamic
