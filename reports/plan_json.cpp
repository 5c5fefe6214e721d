#include <nlohmann/json.hpp>

#include "reports/json_location.h"
#include "reports/plan.h"

namespace ftaudit::reports {
namespace {

using Json = nlohmann::ordered_json;

constexpr int schema = 1;

Json location(const Location& of) { return json_location<Json>(of); }

Json findings(const std::vector<PlanFinding>& of) {
  Json out = Json::array();
  for (const PlanFinding& one : of)
    out.push_back({{"rule", one.rule},
                   {"name", one.name},
                   {"location", location(one.location)},
                   {"what", one.what},
                   {"fingerprint", one.fingerprint}});
  return out;
}

Json step(const PlanStep& of) {
  Json places = Json::array();
  for (const PlanPlace& place : of.places)
    places.push_back({{"location", location(place.location)},
                      {"function", place.function},
                      {"write", place.write},
                      {"entry_points", place.entry_points}});
  return {{"number", of.number},
          {"kind", name_of(of.kind)},
          {"what", of.what},
          {"because", of.because},
          {"otherwise", of.otherwise},
          {"states", of.states},
          {"places", places},
          {"ends", findings(of.ends)},
          {"ends_part_of", findings(of.lessens)},
          {"brings", findings(of.brings)}};
}

Json type(const TypeReport& of) {
  return {{"name", of.name},   {"record", of.record}, {"entries", of.entries},  {"rows", of.rows},
          {"pairs", of.pairs}, {"races", of.races},   {"possible", of.possible}};
}

Json plan(const Plan& of) {
  Json out{{"findings", of.findings}, {"ended", of.ended}, {"measured", of.measured_singly ? "singly" : "together"}};
  out["steps"] = Json::array(), out["rest"] = Json::array(), out["types"] = Json::array(),
  out["skipped"] = Json::array();
  for (const PlanStep& one : of.steps) out["steps"].push_back(step(one));
  for (const PlanRest& one : of.rest)
    out["rest"].push_back(
        {{"rule", one.rule}, {"name", one.name}, {"why", one.why}, {"findings", findings(one.findings)}});
  for (std::size_t i = 0; i < of.before.size(); ++i)
    out["types"].push_back({{"before", type(of.before[i])}, {"after", type(of.after[i])}});
  for (const SkippedFile& file : of.document.skipped)
    out["skipped"].push_back({{"file", file.file}, {"reason", file.reason}});
  out["notes"] = of.document.notes;
  return out;
}

}  // namespace

void write_plans_json(std::ostream& out, std::span<const Plan> plans, const std::string& version) {
  Json json{{"schema", schema}, {"tool", {{"name", "ftaudit"}, {"version", version}}}};
  json["plans"] = Json::array();
  for (const Plan& one : plans) json["plans"].push_back(plan(one));
  out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace ftaudit::reports
