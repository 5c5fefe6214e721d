#include "dynamic/runs/stress_plan.h"

#include <algorithm>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

namespace ftaudit::dynamic {
namespace {

using nlohmann::json;

constexpr std::uintmax_t most_bytes = 64u << 20;

// Text that came from a file or a compiler may be in any encoding; JSON wants UTF-8.
std::string dumped(const json& value) { return value.dump(1, ' ', false, json::error_handler_t::replace); }

std::vector<fs::path> stub_files(const std::vector<fs::path>& places) {
  std::vector<fs::path> found;
  std::error_code failed;
  for (const fs::path& place : places) {
    if (fs::is_regular_file(place, failed)) found.push_back(place);
    if (!fs::is_directory(place, failed)) continue;
    for (auto entry = fs::recursive_directory_iterator(place, fs::directory_options::skip_permission_denied, failed);
         entry != fs::end(entry); entry.increment(failed))
      if (entry->path().extension() == ".pyi" && found.size() < 500) found.push_back(entry->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

// Calls by name, the most frequent first, out of the files that the recorder left. A file that does not read is left
// out.
json recorded_calls(const fs::path& folder) {
  std::map<std::string, std::map<std::string, std::uint64_t>> counts;
  std::error_code failed;
  if (!folder.empty())
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed)) {
      const Result<std::string> text = read_file(entry.path(), most_bytes);
      const json read = text ? json::parse(*text, nullptr, false) : json();
      if (!read.is_object()) continue;
      for (const auto& [name, calls] : read.items()) {
        if (!calls.is_object()) continue;
        for (const auto& [arguments, count] : calls.items())
          if (count.is_number_unsigned()) counts[name][arguments] += count.get<std::uint64_t>();
      }
    }
  json all = json::object();
  for (const auto& [name, calls] : counts) {
    std::vector<std::pair<std::uint64_t, std::string>> order;
    for (const auto& [arguments, count] : calls) order.push_back({count, arguments});
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    for (std::size_t i = 0; i < order.size() && i < 30; i++) all[name].push_back(order[i].second);
  }
  return all;
}

const json& member(const json& object, const char* name) {
  static const json nothing;
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() ? *found : nothing;
}

std::string text_of(const json& object, const char* name) {
  const json& value = member(object, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::vector<std::string> texts_of(const json& object, const char* name) {
  std::vector<std::string> texts;
  const json& value = member(object, name);
  if (value.is_array())
    for (const json& each : value)
      if (each.is_string()) texts.push_back(each.get<std::string>());
  return texts;
}

Survey::Share share_of(const json& object, const char* name) {
  const json &value = member(object, name), &of = member(value, "of"), &done = member(value, "done");
  return {of.is_number_unsigned() ? of.get<std::uint64_t>() : 0,
          done.is_number_unsigned() ? done.get<std::uint64_t>() : 0};
}

}  // namespace

std::vector<StressPlan::Target> targets_of(const std::vector<Finding>& findings,
                                           const std::function<std::string(const Location&)>& function_at) {
  std::vector<const Finding*> order;
  for (const Finding& finding : findings)
    if (!finding.entry_points.empty()) order.push_back(&finding);
  std::stable_sort(order.begin(), order.end(), [](const Finding* a, const Finding* b) {
    return std::pair(a->severity, a->confidence) > std::pair(b->severity, b->confidence);
  });
  std::vector<StressPlan::Target> targets;
  for (const Finding* finding : order) {
    std::set<std::string> functions;
    if (!finding->function.empty()) functions.insert(finding->function);
    for (const Step& step : finding->trace)
      if (const std::string function = function_at(step.location); !function.empty()) functions.insert(function);
    for (const Side& side : finding->sides)
      if (!side.function.empty()) functions.insert(side.function);
    StressPlan::Target& target =
        targets.emplace_back(StressPlan::Target{.finding = finding->fingerprint,
                                                .rule = finding->rule,
                                                .functions = {functions.begin(), functions.end()},
                                                .entry_points = finding->entry_points});
    for (const Side& side : finding->sides) target.sides.push_back({side.entry_points, side.does != Does::read});
  }
  return targets;
}

Status write_plan(const fs::path& path, const StressPlan& plan) {
  json entries = json::array(), targets = json::array(), stubs = json::array();
  for (const EntryPoint& entry : plan.entries)
    entries.push_back({{"python_name", entry.python_name},
                       {"kind", entry.kind},
                       {"c_function", entry.c_function},
                       {"signature", entry.signature},
                       {"doc", entry.doc}});
  for (const StressPlan::Target& target : plan.targets) {
    json sides = json::array();
    for (const StressPlan::Target::Part& side : target.sides)
      sides.push_back({{"entry_points", side.entry_points}, {"writes", side.writes}});
    targets.push_back({{"finding", target.finding},
                       {"rule", target.rule},
                       {"functions", target.functions},
                       {"entry_points", target.entry_points},
                       {"sides", sides}});
  }
  json types = json::array();
  for (const TypeReport& type : plan.types)
    types.push_back({{"name", type.name}, {"entries", type.entries}, {"rows", type.rows}});
  for (const fs::path& stub : stub_files(plan.stubs))
    if (const Result<std::string> text = read_file(stub, 4u << 20)) stubs.push_back(*text);
  std::vector<std::string> tests;
  for (const fs::path& test : plan.tests) tests.push_back(test.string());
  const json all{{"schema", 1},
                 {"modules", plan.modules},
                 {"packages", plan.packages},
                 {"entries", entries},
                 {"targets", targets},
                 {"types", types},
                 {"stub_texts", stubs},
                 {"recorded_calls", recorded_calls(plan.recorded)},
                 {"tests", tests},
                 {"seed", plan.seed},
                 {"threads", plan.threads},
                 {"seconds_per_finding", plan.seconds_per_finding},
                 {"seconds_for_pairs", plan.seconds_for_pairs},
                 {"survey_seconds", plan.seconds_for_survey}};
  return write_file(path, dumped(all));
}

Result<Survey> read_survey(const fs::path& path) {
  const Result<std::string> text = read_file(path, most_bytes);
  if (!text) return text.error();
  const json read = json::parse(*text, nullptr, false);
  if (!read.is_object() || !member(read, "scenarios").is_array())
    return Error{path.string() + " is no survey of the stress driver"};
  Survey survey;
  for (const json& each : member(read, "scenarios")) {
    Scenario scenario{.id = text_of(each, "id"),
                      .title = text_of(each, "title"),
                      .kind = text_of(each, "kind"),
                      .findings = texts_of(each, "findings")};
    if (const json& seconds = member(each, "seconds"); seconds.is_number())
      scenario.seconds = std::clamp(seconds.get<double>(), 0.05, 3600.0);
    if (!scenario.id.empty()) survey.scenarios.push_back(std::move(scenario));
  }
  survey.types = share_of(read, "types");
  survey.operations = share_of(read, "operations");
  survey.unmade = texts_of(read, "unmade");
  survey.uncalled = texts_of(read, "uncalled");
  survey.dangerous = texts_of(read, "dangerous");
  survey.notes = texts_of(read, "notes");
  return survey;
}

}  // namespace ftaudit::dynamic
