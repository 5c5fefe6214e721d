#include <nlohmann/json.hpp>

#include "reports/trial.h"

namespace ftaudit::reports {
namespace {

using Json = nlohmann::ordered_json;

constexpr int schema = 1;

Json interpreter(const TriedInterpreter& of) {
  return {{"name", of.name}, {"version", of.version}, {"executable", of.executable}};
}

Json package(const TriedPackage& of) {
  return {{"name", of.name},
          {"version", of.version},
          {"gil_version", of.gil_version},
          {"modules", of.modules},
          {"state", name_of(of.state)},
          {"built_here", of.built_here},
          {"for_tests", of.for_tests},
          {"why", of.why},
          {"pin", of.pin}};
}

Json import(const TriedImport& of) {
  return {{"module", of.module},
          {"package", of.package},
          {"switched_gil_on", of.switched_gil_on},
          {"problem", of.problem},
          {"only_without", of.only_without}};
}

Json runs(const TriedRuns& of) {
  return {{"passed", of.passed}, {"failed", of.failed},   {"crashed", of.crashed},
          {"stuck", of.stuck},   {"skipped", of.skipped}, {"what", of.what}};
}

Json test(const TriedTest& of) {
  Json out{{"name", of.name}, {"answer", name_of(of.answer)}, {"against", stands_against(of.answer)}};
  for (const Way way : {Way::gil, Way::alone, Way::threads, Way::control}) out[name_of(way)] = runs(of.of(way));
  out["single"] = of.single, out["enters"] = of.enters;
  out["guilty"] = of.guilty, out["proven"] = of.proven, out["evidence"] = of.evidence, out["stack"] = of.stack;
  return out;
}

}  // namespace

void write_trial_json(std::ostream& out, const Trial& of) {
  Json json{{"schema", schema},
            {"tool", {{"name", "ftaudit"}, {"version", of.tool_version}}},
            {"application", of.application},
            {"date", of.date},
            {"gil", interpreter(of.gil)},
            {"free", interpreter(of.free)},
            {"threads", of.threads},
            {"rounds", of.rounds},
            {"runner", of.runner},
            {"holds", stands_against(of) ? Json(false)
                      : of.incomplete    ? Json(nullptr)
                                         : Json(true)},
            {"installed", of.installed},
            {"imports_tried", of.imports_tried},
            {"gil_stays_off", of.gil_stays_off},
            {"switched_on_by", of.switched_on_by},
            {"forced", of.forced}};
  json["packages"] = json["imports"] = json["tests"] = Json::array();
  for (const TriedPackage& one : of.packages) json["packages"].push_back(package(one));
  for (const TriedImport& one : of.imports) json["imports"].push_back(import(one));
  for (const TriedTest& one : of.tests) json["tests"].push_back(test(one));
  json["notes"] = of.notes, json["next"] = of.next, json["incomplete"] = of.incomplete;
  out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace ftaudit::reports
