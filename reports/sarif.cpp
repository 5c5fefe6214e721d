#include "reports/sarif.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <vector>

#include "base/text.h"
#include "finding/verdict.h"
#include "reports/characters.h"
#include "reports/concise.h"
#include "reports/left_out.h"
#include "reports/line_hash.h"
#include "reports/markup.h"
#include "reports/repository.h"
#include "reports/sides.h"
#include "reports/witness.h"

namespace ftaudit::reports {

namespace {

using Json = nlohmann::ordered_json;

// GitHub's limits: results a run, locations a result. Notifications have none; nobody reads more.
constexpr std::size_t most_results = 25'000, most_locations = 1'000, most_notifications = 1'000;
// Of what takes part in a finding so many are places to click on; the JSON report has all.
constexpr std::size_t most_sides = 30, most_entries = 20;
constexpr std::size_t longest_message = 4'000, longest_witness = 16'000;

std::string_view level(Severity severity) {
  return severity == Severity::high ? "error" : severity == Severity::medium ? "warning" : "note";
}

// CVSS-like, in GitHub's bands: 7.0 and up is high, 4.0 and up medium.
std::string_view security_severity(Severity severity) {
  switch (severity) {
    case Severity::high: return "7.5";
    case Severity::medium: return "5.0";
    case Severity::low: return "2.5";
    case Severity::info: break;
  }
  return "0.0";
}

std::string_view precision(Confidence confidence) {
  return confidence == Confidence::certain ? "very-high" : confidence == Confidence::likely ? "high" : "medium";
}

// "](" would make a link of what the project's names are made of.
std::string message(std::string_view text) {
  std::string out = shortened(printable_lines(text), longest_message);
  for (std::size_t at; (at = out.find("](")) != std::string::npos;) out.insert(at + 1, " ");
  return out;
}

std::string sentence(std::string text) {
  if (!text.empty() && text.back() != '.' && text.back() != '!' && text.back() != '?') text += '.';
  return text;
}

class Sarif {
 public:
  Sarif(const Document& document, const Surroundings& around)
      : document_(document), around_(around), sources_(around.source) {
    for (const ListedRule& listed : around.rules) listed_.emplace(listed.rule->info.id, &listed);
    for (const RuleTally& tally : document.rules) add_rule(tally.rule);
    for (const Finding& finding : document.findings) add_rule(finding.rule);
  }

  Json log() {
    Json run{{"tool", {{"driver", driver()}}},
             {"automationDetails", {{"id", category()}}},
             {"columnKind", "utf16CodeUnits"},
             {"originalUriBaseIds", {{"%SRCROOT%", {{"description", {{"text", "The top of the repository."}}}}}}}};
    Json results = Json::array();
    for (const Finding* finding : chosen()) results.push_back(result(*finding));
    run["invocations"] = Json::array({invocation()});
    run["results"] = std::move(results);
    if (const auto& against = document_.against)
      run["properties"] = {
          {"against", against->revision}, {"fixed", against->fixed.size()}, {"unchanged", against->unchanged}};
    return {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
            {"version", "2.1.0"},
            {"runs", Json::array({std::move(run)})}};
  }

 private:
  void add_rule(const std::string& id) {
    if (index_.emplace(id, rules_.size()).second) rules_.push_back(id);
  }

  // A run a module can be told apart from that of another module by its category.
  std::string category() const {
    return document_.modules.size() == 1 ? "ftaudit/" + document_.modules[0].name + "/" : "ftaudit/";
  }

  Json driver() const {
    Json rules = Json::array();
    for (const std::string& id : rules_) rules.push_back(rule(id));
    Json out{{"name", "ftaudit"}, {"semanticVersion", document_.tool_version}, {"rules", std::move(rules)}};
    if (document_.tool_version.empty()) out.erase("semanticVersion");
    if (!around_.site.empty()) out["informationUri"] = around_.site;
    if (const auto& sandbox = document_.sandbox)
      out["properties"] = {{"sandbox", sandbox->layers()}, {"sandboxLacks", sandbox->lacks}};
    return out;
  }

  // The page goes with the rules that found something: all of them are half a megabyte.
  Json rule(const std::string& id) const {
    const auto known = listed_.find(id);
    if (known == listed_.end()) return {{"id", id}};
    const RuleInfo& info = known->second->rule->info;
    Json tags = Json::array({"free-threading", name_of(info.category)});
    Json properties{{"precision", precision(info.confidence)},
                    {"problem.severity", info.severity == Severity::high     ? "error"
                                         : info.severity == Severity::medium ? "warning"
                                                                             : "recommendation"}};
    // Memory that other threads free or tear is a matter of security; a GIL that comes back is not.
    if (info.severity != Severity::info && info.category != Category::missing_gil_slot) {
      tags.push_back("security");
      properties["security-severity"] = security_severity(info.severity);
    }
    properties["tags"] = std::move(tags);
    const std::string why = sentence(std::string(info.why));
    Json help{{"text", sentence(std::string(info.summary)) + " " + why + " `ftaudit explain " + id + "` says more."}};
    if (std::any_of(document_.findings.begin(), document_.findings.end(),
                    [&](const Finding& finding) { return finding.rule == id; }))
      help["markdown"] = known->second->page;
    Json out{{"id", id},
             {"name", info.name},
             {"shortDescription", {{"text", info.summary}}},
             {"fullDescription", {{"text", why}}},
             {"help", std::move(help)},
             {"defaultConfiguration", {{"level", level(info.severity)}}},
             {"properties", std::move(properties)}};
    if (!around_.site.empty()) out["helpUri"] = std::string(around_.site) + "rules/" + id + "/";
    return out;
  }

  std::vector<const Finding*> chosen() {
    std::vector<const Finding*> out;
    for (const Finding& finding : document_.findings) out.push_back(&finding);
    if (out.size() <= most_results) return out;
    std::sort(out.begin(), out.end(), [](auto* a, auto* b) { return mend_before(*a, *b); });
    say("warning", counted(out.size() - most_results, "finding") + " of lower rank left out: code scanning takes " +
                       std::to_string(most_results));
    out.resize(most_results);
    std::sort(out.begin(), out.end(), [](auto* a, auto* b) { return before(*a, *b); });
    return out;
  }

  Json region(const Location& at) {
    if (at.line == 0) return nullptr;
    const auto column = [&](std::uint32_t line, std::uint32_t byte) {
      const auto text = sources_.line(at.file, line);
      return text ? utf16_units(*text, byte - 1) + 1 : byte;
    };
    Json out{{"startLine", at.line}};
    if (at.column > 0) out["startColumn"] = column(at.line, at.column);
    // A range that ends before it starts is no range; so little is known of it, then.
    const bool ends = at.end_line > at.line || (at.end_line == at.line && at.end_column > at.column);
    if (ends) out["endLine"] = at.end_line;
    if (ends && at.column > 0 && at.end_column > 0) out["endColumn"] = column(at.end_line, at.end_column);
    return out;
  }

  Json artifact(const std::string& file) const {
    Json out{{"uri", uri(repository_path(file, around_))}};
    if (!file.starts_with("/")) out["uriBaseId"] = "%SRCROOT%";
    return out;
  }

  Json physical(const Location& at) {
    Json out{{"artifactLocation", artifact(at.file)}};
    if (Json where = region(at); !where.is_null()) out["region"] = std::move(where);
    return out;
  }

  // GitHub refuses a result without a place.
  Location placed(const Finding& finding) const {
    if (!finding.location.file.empty()) return finding.location;
    return {.file = document_.analysed.empty() ? "." : document_.analysed[0].file, .line = 1};
  }

  Json step(const Location& at, const std::string& what) {
    Json where{{"message", {{"text", message(what)}}}};
    if (!at.file.empty()) where["physicalLocation"] = physical(at);
    return {{"location", std::move(where)}};
  }

  // One thread's story for a hazard of one thread, two where two meet.
  Json code_flow(const Finding& finding) {
    const bool two =
        std::any_of(finding.trace.begin(), finding.trace.end(), [](const Step& s) { return s.thread == 2; });
    Json flows = Json::array();
    for (const std::uint8_t thread : two ? std::vector<std::uint8_t>{1, 2} : std::vector<std::uint8_t>{1}) {
      Json steps = Json::array();
      bool at_place = false;
      for (const Step& each : finding.trace) {
        if ((each.thread == 2) != (thread == 2) || steps.size() == most_locations) continue;
        at_place |= each.location.file == finding.location.file && each.location.line == finding.location.line;
        steps.push_back(step(each.location, each.what));
      }
      if (thread == 1 && !at_place) steps.push_back(step(placed(finding), finding.what));
      Json flow{{"locations", std::move(steps)}};
      if (two) flow["id"] = "thread " + std::to_string(thread);
      if (!flow["locations"].empty()) flows.push_back(std::move(flow));
    }
    return {{"threadFlows", std::move(flows)}};
  }

  Json related(const Finding& finding) {
    Json out = Json::array();
    const auto add = [&](const Location& at, const std::string& what) {
      if (!at.file.empty() && out.size() < most_locations)
        out.push_back(
            {{"id", out.size() + 1}, {"physicalLocation", physical(at)}, {"message", {{"text", message(what)}}}});
    };
    for (const Step& each : finding.trace) add(each.location, each.what);
    for (std::size_t i = 0; i < finding.sides.size() && i < most_sides; ++i)
      add(finding.sides[i].location, in_words(finding.sides[i]));
    return out;
  }

  Json fix(const Finding& finding) {
    std::map<std::string, Json> files;
    for (const Fix& edit : finding.fixes) {
      Location range = edit.range;
      // An insertion is a region of no length.
      Json deleted = region(range);
      if (range.line == range.end_line && range.column == range.end_column)
        deleted["endColumn"] = deleted["startColumn"];
      auto [at, fresh] = files.try_emplace(range.file, Json::array());
      at->second.push_back({{"deletedRegion", std::move(deleted)}, {"insertedContent", {{"text", edit.text}}}});
    }
    Json changes = Json::array();
    for (auto& [file, replacements] : files)
      changes.push_back({{"artifactLocation", artifact(file)}, {"replacements", std::move(replacements)}});
    return {{"description", {{"text", message(finding.instead)}}}, {"artifactChanges", std::move(changes)}};
  }

  std::string line_hash(const Location& at) {
    auto [known, fresh] = hashes_.try_emplace(at.file);
    if (fresh && around_.source)
      if (const auto text = around_.source(at.file)) known->second = line_hashes(*text);
    const std::size_t line = std::max(at.line, 1u);
    return line <= known->second.size() ? known->second[line - 1] : "";
  }

  Json result(const Finding& finding) {
    const Location at = placed(finding);
    std::string text = sentence(finding.what);
    if (!finding.instead.empty()) text += "\nInstead: " + sentence(finding.instead);
    if (!finding.entry_points.empty())
      text += "\nReached from Python through " + first_names(finding.entry_points, most_entries) + ".";
    if (finding.sides.size() > 1) text += "\n" + sides_title(finding) + ".";
    if (finding.witness) text += "\nRun under ThreadSanitizer: " + said_by(*finding.witness) + ".";
    if (finding.trace.size() > most_locations)
      say("note", finding.rule + " " + finding.fingerprint + ": " +
                      std::to_string(finding.trace.size() - most_locations) + " steps of its trace left out");
    Json place{{"physicalLocation", physical(at)}};
    if (!finding.function.empty())
      place["logicalLocations"] = Json::array({{{"name", finding.function}, {"kind", "function"}}});
    Json out{{"ruleId", finding.rule},
             {"ruleIndex", index_.at(finding.rule)},
             {"level", level(finding.severity)},
             {"message", {{"text", message(text)}}},
             {"locations", Json::array({std::move(place)})}};
    if (!finding.trace.empty()) out["codeFlows"] = Json::array({code_flow(finding)});
    if (Json places = related(finding); !places.empty()) out["relatedLocations"] = std::move(places);
    out["partialFingerprints"] = {{"ftaudit/v1", finding.fingerprint}};
    if (const std::string hash = line_hash(at); !hash.empty())
      out["partialFingerprints"]["primaryLocationLineHash"] = hash;
    if (document_.against) out["baselineState"] = "new";
    if (!finding.fixes.empty()) out["fixes"] = Json::array({fix(finding)});
    out["properties"] = {{"confidence", name_of(finding.confidence)},
                         {"severity", name_of(finding.severity)},
                         {"place", finding.place},
                         {"entryPoints", finding.entry_points}};
    if (finding.witness)
      out["properties"]["witness"] = {{"verdict", name_of(finding.witness->verdict)},
                                      {"why", finding.witness->why},
                                      {"workload", finding.witness->workload},
                                      {"reproducer", finding.witness->reproducer},
                                      {"places", finding.witness->places.size()},
                                      {"hits", finding.witness->hits},
                                      {"runs", finding.witness->runs},
                                      {"report", shortened(printable_lines(finding.witness->report), longest_witness)}};
    return out;
  }

  void say(std::string_view level, const std::string& text, const std::string& file = "") {
    if (notifications_.size() > most_notifications) return;
    if (notifications_.size() == most_notifications) {
      notifications_.push_back({{"level", "note"}, {"message", {{"text", "further notifications left out"}}}});
      return;
    }
    Json note{{"level", level}, {"message", {{"text", message(text)}}}};
    if (!file.empty())
      note["locations"] = Json::array({{{"physicalLocation", {{"artifactLocation", artifact(file)}}}}});
    notifications_.push_back(std::move(note));
  }

  Json invocation() {
    for (const LeftOut& part : left_out(document_)) {
      const std::string others = join(std::span(part.files).subspan(1), ", ");
      say(part.asked ? "error" : "note", "skipped: " + part.reason + (others.empty() ? "" : "; so too: " + others),
          part.files[0]);
    }
    for (const AnalysedFile& file : document_.analysed)
      if (file.partial) say("warning", "audited in part: " + file.reason, file.file);
    for (const ModuleReport& module : document_.modules) say("note", module.name + " " + module.verdict);
    for (const std::string& note : document_.notes) say("note", note);
    if (const auto& sandbox = document_.sandbox; sandbox && !sandbox->lacks.empty())
      say("warning", "the project was read without a layer of the sandbox (" + join(sandbox->lacks, "; ") + ")");
    if (document_.against)
      for (const Finding& finding : document_.against->fixed)
        say("note",
            "fixed: " + finding.rule + " " + finding.name + " " + place(finding.location) + ": " + finding.what);
    say("note", closing_line(document_));
    return {{"executionSuccessful", exit_code(document_, std::nullopt) == 0},
            {"toolExecutionNotifications", notifications_}};
  }

  const Document& document_;
  const Surroundings& around_;
  Sources sources_;
  std::map<std::string_view, const ListedRule*> listed_;
  std::vector<std::string> rules_;
  std::map<std::string, std::size_t> index_;
  std::map<std::string, std::vector<std::string>> hashes_;
  Json notifications_ = Json::array();
};

}  // namespace

void write_sarif(std::ostream& out, const Document& document, const Surroundings& around) {
  out << Sarif(document, around).log().dump(1, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace ftaudit::reports
