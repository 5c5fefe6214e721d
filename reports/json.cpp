#include "reports/json.h"

#include <nlohmann/json.hpp>

#include "finding/verdict.h"
#include "reports/json_location.h"
#include "reports/plan.h"

namespace ftaudit::reports {

namespace {

using Json = nlohmann::ordered_json;

constexpr int schema = 1;

template <class List, class ToJson> Json array(const List& list, ToJson to_json) {
  Json out = Json::array();
  for (const auto& item : list) out.push_back(to_json(item));
  return out;
}

Json location(const Location& of) { return json_location<Json>(of); }

Json witness(const std::optional<Witness>& seen) {
  if (!seen) return nullptr;
  Json places = Json::array();
  for (const Witness::Place& place : seen->places) places.push_back({{"what", place.what}, {"seen", place.seen}});
  return {{"verdict", name_of(seen->verdict)},
          {"why", seen->why},
          {"seen", seen->seen},
          {"reached", seen->reached},
          {"overlaps", seen->overlaps},
          {"workload", seen->workload},
          {"crashes_plain", seen->crashes_plain},
          {"screened", seen->screened},
          {"reproducer", seen->reproducer},
          {"hits", seen->hits},
          {"runs", seen->runs},
          {"repeats",
           {{"seen", seen->repeats.seen},
            {"of", seen->repeats.of},
            {"gil_seen", seen->repeats.gil_seen},
            {"gil_of", seen->repeats.gil_of}}},
          {"places", places},
          {"report", seen->report}};
}

Json side(const Side& of) {
  return {{"function", of.function},
          {"location", location(of.location)},
          {"does", name_of(of.does)},
          {"held", of.held},
          {"states", of.states},
          {"entry_points", of.entry_points},
          {"confidence", name_of(of.confidence)},
          {"points", array(of.points, [](const Side::Point& point) -> Json {
             return {{"location", location(point.location)}, {"state", point.state}, {"does", name_of(point.does)}};
           })}};
}

Json finding(const Finding& found) {
  return {
      {"rule", found.rule},
      {"name", found.name},
      {"category", name_of(found.category)},
      {"severity", name_of(found.severity)},
      {"confidence", name_of(found.confidence)},
      {"location", location(found.location)},
      {"function", found.function},
      {"place", found.place},
      {"what", found.what},
      {"why", found.why},
      {"instead", found.instead},
      {"trace", array(found.trace,
                      [](const Step& step) -> Json {
                        return {{"location", location(step.location)}, {"what", step.what}, {"thread", step.thread}};
                      })},
      {"entry_points", found.entry_points},
      {"modules", found.modules},
      {"sides", array(found.sides, side)},
      {"owner", found.owner},
      {"remedy", found.remedy},
      {"fixes",
       array(found.fixes, [](const Fix& fix) -> Json { return {{"range", location(fix.range)}, {"text", fix.text}}; })},
      {"fingerprint", found.fingerprint},
      {"witness", witness(found.witness)}};
}

Json rule(const RuleTally& tally) {
  return {{"rule", tally.rule}, {"sites", tally.sites}, {"findings", tally.findings}};
}

Json analysed(const AnalysedFile& file) {
  return {{"file", file.file},
          {"partial", file.partial},
          {"reason", file.reason},
          {"functions", file.functions},
          {"errors", file.errors}};
}

Json skipped(const SkippedFile& file) { return {{"file", file.file}, {"reason", file.reason}, {"asked", file.asked}}; }

Json module(const ModuleReport& of) {
  return {{"name", of.name},
          {"init", of.init},
          {"gil", name_of(of.gil)},
          {"style", of.style},
          {"location", location(of.location)},
          {"files", of.files},
          {"hidden", of.hidden},
          {"verdict", of.verdict},
          {"blockers", of.blockers}};
}

Json type(const TypeReport& of) {
  return {{"name", of.name},         {"record", of.record},   {"contract", of.contract},
          {"entries", of.entries},   {"rows", of.rows},       {"racing", of.racing},
          {"pairs", of.pairs},       {"ordered", of.ordered}, {"by_contract", of.by_contract},
          {"possible", of.possible}, {"races", of.races}};
}

Json named(const std::vector<PlanFinding>& of) {
  Json out = Json::array();
  for (const PlanFinding& one : of)
    out.push_back({{"rule", one.rule},
                   {"name", one.name},
                   {"location", location(one.location)},
                   {"what", one.what},
                   {"fingerprint", one.fingerprint}});
  return out;
}

Json planned(const PlanStep& of) {
  Json places = Json::array();
  for (const PlanPlace& place : of.places)
    places.push_back({{"location", location(place.location)},
                      {"function", place.function},
                      {"write", place.write},
                      {"entry_points", place.entry_points}});
  return {{"number", of.number},       {"kind", name_of(of.kind)},  {"what", of.what},
          {"because", of.because},     {"otherwise", of.otherwise}, {"states", of.states},
          {"places", places},          {"ends", named(of.ends)},    {"ends_part_of", named(of.lessens)},
          {"brings", named(of.brings)}};
}

Json plan(const Plan& of) {
  Json out{{"findings", of.findings}, {"ended", of.ended}, {"measured", name_of(of.measured)}};
  out["steps"] = array(of.steps, planned);
  out["rest"] = array(of.rest, [](const PlanRest& one) -> Json {
    return {{"rule", one.rule}, {"name", one.name}, {"why", one.why}, {"findings", named(one.findings)}};
  });
  out["types"] = Json::array();
  for (std::size_t i = 0; i < of.before.size(); ++i)
    out["types"].push_back({{"before", type(of.before[i])}, {"after", type(of.after[i])}});
  return out;
}

Json summary(const Document& document) {
  const Counts counts = count(document);
  Json severities;
  for (const Severity severity : {Severity::high, Severity::medium, Severity::low, Severity::info})
    severities[std::string(name_of(severity))] = counts.of(severity);
  const Document::Hidden& hidden = document.hidden;
  return {{"findings", severities},
          {"sites", counts.sites},
          {"audited", counts.audited},
          {"partial", counts.partial},
          {"skipped", counts.skipped},
          {"functions", document.functions},
          {"hidden",
           {{"allowed", hidden.allowed},
            {"baseline", hidden.baseline},
            {"ignored", hidden.ignored},
            {"below_severity", hidden.below_severity},
            {"below_confidence", hidden.below_confidence}}}};
}

Json tool(const Document& document) {
  Json out{{"name", "ftaudit"}, {"version", document.tool_version}, {"python", document.python}};
  if (document.sandbox) out["sandbox"] = document.sandbox->layers(), out["sandbox_lacks"] = document.sandbox->lacks;
  return out;
}

}  // namespace

void write_json(std::ostream& out, const Document& document) {
  Json report{{"schema", schema},
              {"tool", tool(document)},
              {"summary", summary(document)},
              {"findings", array(document.findings, finding)},
              {"rules", array(document.rules, rule)},
              {"analysed", array(document.analysed, analysed)},
              {"skipped", array(document.skipped, skipped)},
              {"modules", array(document.modules, module)},
              {"types", array(document.types, type)},
              {"notes", document.notes}};
  if (document.plan) report["plan"] = plan(*document.plan);
  if (document.against)
    report["against"] = {{"revision", document.against->revision},
                         {"unchanged", document.against->unchanged},
                         {"unread", document.against->unread},
                         {"fixed", array(document.against->fixed, finding)},
                         {"progress", array(document.against->progress, [](const Comparison::Progress& one) -> Json {
                            return {{"finding", finding(one.finding)}, {"left", one.left}, {"total", one.total}};
                          })}};
  out << report.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

void write_plans_json(std::ostream& out, std::span<const Document> planned, const std::string& version) {
  Json json{{"schema", schema}, {"tool", {{"name", "ftaudit"}, {"version", version}}}};
  json["plans"] = array(planned, [](const Document& document) {
    Json out = plan(*document.plan);
    out["skipped"] = array(document.skipped, [](const SkippedFile& file) -> Json {
      return {{"file", file.file}, {"reason", file.reason}};
    });
    out["notes"] = document.notes;
    return out;
  });
  out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

void write_rules_json(std::ostream& out, std::span<const RuleInfo> rules) {
  Json all = Json::array();
  for (const RuleInfo& rule : rules)
    all.push_back({{"rule", rule.id},
                   {"name", rule.name},
                   {"category", name_of(rule.category)},
                   {"severity", name_of(rule.severity)},
                   {"confidence", name_of(rule.confidence)},
                   {"summary", rule.summary},
                   {"why", rule.why},
                   {"since", rule.since}});
  out << all.dump(2) << '\n';
}

}  // namespace ftaudit::reports
