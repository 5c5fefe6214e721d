#include "reports/adoption_json.h"

#include <nlohmann/json.hpp>

namespace ftaudit::reports {
namespace {

using Json = nlohmann::ordered_json;

constexpr int schema = 1;

template <class List, class ToJson> Json array(const List& list, ToJson to_json) {
  Json out = Json::array();
  for (const auto& item : list) out.push_back(to_json(item));
  return out;
}

Json module(const ModuleEvidence& of) {
  return {{"file", of.file},
          {"name", of.name},
          {"gil", name_of(of.gil)},
          {"style", of.style},
          {"how", of.how},
          {"origins", of.origins},
          {"borrowed_calls", of.borrowed_calls},
          {"own_locks", of.own_locks},
          {"instrumented", of.instrumented}};
}

Json scan(const std::optional<ScanSummary>& of) {
  if (!of) return nullptr;
  return {{"high", of->high},       {"medium", of->medium}, {"low", of->low},      {"files", of->files},
          {"skipped", of->skipped}, {"report", of->report}, {"failed", of->failed}};
}

Json probe(const std::optional<ProbeSummary>& of) {
  if (!of) return nullptr;
  return {{"gil_after", of->gil_after ? Json(*of->gil_after) : Json(nullptr)},
          {"culprits", of->culprits},
          {"python", of->python},
          {"failed", of->failed}};
}

Json confirm(const std::optional<ConfirmSummary>& of) {
  if (!of) return nullptr;
  return {{"confirmed", of->confirmed}, {"against", of->against},
          {"reached", of->reached},     {"not_reached", of->not_reached},
          {"screened", of->screened},   {"report", of->report},
          {"failed", of->failed}};
}

Json trial(const std::optional<TrialSummary>& of) {
  if (!of) return nullptr;
  return {{"python", of->python},
          {"version", of->version},
          {"built_here", of->built_here},
          {"problem", of->problem},
          {"blocks", of->blocks},
          {"switched_gil_on", of->switched_gil_on},
          {"incidents", array(of->incidents,
                              [](const TrialSummary::Incident& one) -> Json {
                                return {{"test", one.test}, {"what", one.what}, {"proven", one.proven}};
                              })},
          {"tests", of->tests}};
}

Json evidence(const EvidenceRow& of) {
  Json out = Json::object();
  for (const Look look : all_looks) {
    const EvidenceCell& one = of.of(look);
    out[name_of(look)] = {{"says", name_of(one.says)}, {"what", one.what}, {"when", one.when}};
  }
  return out;
}

Json application(const std::optional<ApplicationEvidence>& of) {
  if (!of) return nullptr;
  return {{"tried", of->tried},
          {"measured", of->measured},
          {"trial", of->trial},
          {"measurement", of->measurement},
          {"against", of->against},
          {"facts", array(of->facts,
                          [](const ApplicationFact& one) -> Json {
                            Json out{{"name", one.name}, {"title", one.title}};
                            for (const auto& [key, value] :
                                 {std::pair{"low", one.low}, {"median", one.median}, {"high", one.high}})
                              out[key] = one.known ? Json(value) : Json(nullptr);
                            out["why"] = one.why;
                            return out;
                          })},
          {"kind", of->kind ? Json(name_of(*of->kind)) : Json(nullptr)}};
}

Json package(const PackageReport& of) {
  return {{"name", of.name},
          {"version", of.version},
          {"standing", name_of(of.standing)},
          {"confidence", name_of(of.confidence)},
          {"summary", of.summary},
          {"direct", of.direct},
          {"asked_by", of.asked_by},
          {"needed_by", of.needed_by},
          {"requires", of.requires_},
          {"applications", of.applications},
          {"reasons",
           array(of.reasons, [](const Reason& one) -> Json { return {{"what", one.what}, {"source", one.source}}; })},
          {"not_checked", of.not_checked},
          {"file", of.file},
          {"wheel_tag", of.wheel_tag},
          {"classifier", of.classifier},
          {"builds", name_of(of.builds)},
          {"builds_why", of.builds_why},
          {"modules", array(of.modules, module)},
          {"foreign", of.foreign},
          {"first_version", of.first_version},
          {"upgrade_to", of.upgrade_to},
          {"pin_to", of.pin_to},
          {"yanked", of.yanked},
          {"homepage", of.homepage},
          {"scan", scan(of.scan)},
          {"probe", probe(of.probe)},
          {"confirm", confirm(of.confirm)},
          {"trial", trial(of.trial)},
          {"evidence", evidence(of.evidence)}};
}

Json standing_or_null(const std::optional<Standing>& standing) {
  return standing ? Json(name_of(*standing)) : Json(nullptr);
}

Json whole(const AdoptionReport& of) {
  Json counts = Json::object();
  for (const auto& [standing, count] : by_standing(of)) counts[std::string(name_of(standing))] = count;
  return {{"schema", schema},
          {"tool", {{"name", "ftaudit"}, {"version", of.tool_version}}},
          {"target", of.target},
          {"platform", of.platform},
          {"date", of.date},
          {"resolver", of.resolver},
          {"workload", name_of(of.workload)},
          {"application", application(of.application)},
          {"inputs", of.inputs},
          {"advice",
           {{"recommendation", name_of(of.advice.recommendation)},
            {"headline", of.advice.headline},
            {"because", of.advice.because},
            {"blockers", of.advice.blockers},
            {"chains", of.advice.chains},
            {"actions", array(of.advice.actions,
                              [](const Action& one) -> Json {
                                return {{"kind", name_of(one.kind)}, {"package", one.package}, {"what", one.what}};
                              })},
            {"branch", of.advice.branch},
            {"rests_on", of.advice.rests_on},
            {"missing", of.advice.missing},
            {"never", of.advice.never}}},
          {"counts", counts},
          {"blocking", array(blocking(of),
                             [](const Blocking& one) -> Json {
                               return {{"package", one.package->name},
                                       {"version", one.package->version},
                                       {"standing", name_of(one.package->standing)},
                                       {"applications", one.applications}};
                             })},
          {"packages", array(of.packages, package)},
          {"incomplete", of.incomplete},
          {"problems", of.problems},
          {"notes", of.notes},
          {"changes", of.changes ? array(*of.changes,
                                         [](const Change& one) -> Json {
                                           return {{"package", one.package},
                                                   {"before_version", one.before_version},
                                                   {"after_version", one.after_version},
                                                   {"before", standing_or_null(one.before)},
                                                   {"after", standing_or_null(one.after)}};
                                         })
                                 : Json(nullptr)},
          {"downloaded_bytes", of.downloaded_bytes}};
}

}  // namespace

void write_adoption_json(std::ostream& out, const AdoptionReport& report) {
  out << whole(report).dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

std::string adoption_json_for_page(const AdoptionReport& report) {
  std::string out;
  for (const char c : whole(report).dump(-1, ' ', false, Json::error_handler_t::replace)) {
    if (c == '<') out += "\\u003c";
    else if (c == '>') out += "\\u003e";
    else if (c == '&') out += "\\u0026";
    else out += c;
  }
  return out;
}

Result<std::vector<PackageReport>> read_adoption_json(std::string_view text) {
  const Json read = Json::parse(text, nullptr, false);
  if (read.is_discarded()) return Error{"is no JSON"};
  const auto packages = read.is_object() ? read.find("packages") : read.end();
  if (!read.is_object() || read.value("schema", Json()) != schema || packages == read.end() || !packages->is_array())
    return Error{"is no report of ftaudit report (schema " + std::to_string(schema) + ")"};
  std::vector<PackageReport> out;
  for (const Json& one : *packages) {
    const auto text_of = [&one](const char* key) {
      return one.is_object() && one.contains(key) && one[key].is_string() ? one[key].get<std::string>() : std::string();
    };
    const std::optional<Standing> standing = standing_named(text_of("standing"));
    if (text_of("name").empty() || !standing)
      return Error{"has a package without a name or with a standing that is not known"};
    PackageReport package;
    package.name = text_of("name"), package.version = text_of("version"), package.standing = *standing;
    out.push_back(std::move(package));
  }
  return out;
}

}  // namespace ftaudit::reports
