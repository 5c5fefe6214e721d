#include "audit/joining.h"

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>

#include "finding/verdict.h"

namespace ftaudit::audit {
namespace {

template <class T, class Key> void once(std::vector<T>& all, Key key) {
  std::set<std::string> seen;
  std::erase_if(all, [&](const T& one) { return !seen.insert(key(one)).second; });
}

using Moved = std::function<void(std::string& file)>;

void add_plan(Plan plan, const Moved& moved, std::optional<Plan>& out) {
  const auto moved_all = [&](std::vector<PlanFinding>& findings) {
    for (PlanFinding& finding : findings) moved(finding.location.file);
  };
  if (!out) out.emplace();
  for (PlanStep& step : plan.steps) {
    for (PlanPlace& place : step.places) moved(place.location.file);
    for (Fix& fix : step.fixes) moved(fix.range.file);
    moved_all(step.ends), moved_all(step.lessens), moved_all(step.brings);
    out->steps.push_back(std::move(step));
  }
  for (PlanRest& rest : plan.rest) {
    moved_all(rest.findings);
    const auto same = std::ranges::find_if(out->rest, [&](const PlanRest& one) {
      return std::tie(one.rule, one.name, one.why) == std::tie(rest.rule, rest.name, rest.why);
    });
    if (same == out->rest.end()) out->rest.push_back(std::move(rest));
    else same->findings.insert(same->findings.end(), rest.findings.begin(), rest.findings.end());
  }
  out->before.insert(out->before.end(), plan.before.begin(), plan.before.end());
  out->after.insert(out->after.end(), plan.after.begin(), plan.after.end());
  out->measured = std::max(out->measured, plan.measured);
}

// What ends most comes first, declarations last.
void order_plan(Plan& plan) {
  const auto where = [](const PlanStep& step) { return step.places.empty() ? Location() : step.places[0].location; };
  std::ranges::stable_sort(plan.steps, [&](const PlanStep& a, const PlanStep& b) {
    return std::tuple(a.kind == StepKind::declaration, b.ends.size(), where(a), a.what) <
           std::tuple(b.kind == StepKind::declaration, a.ends.size(), where(b), b.what);
  });
  for (std::size_t i = 0; i < plan.steps.size(); ++i) plan.steps[i].number = static_cast<std::uint32_t>(i + 1);
  std::ranges::stable_sort(plan.rest, [](const PlanRest& a, const PlanRest& b) {
    return std::tie(a.rule, a.name, a.why) < std::tie(b.rule, b.name, b.why);
  });
  for (PlanRest& rest : plan.rest) {
    std::ranges::stable_sort(rest.findings, {}, &PlanFinding::location);
    rest.findings.erase(std::unique(rest.findings.begin(), rest.findings.end()), rest.findings.end());
  }
  const auto by_name = [](const TypeReport& a, const TypeReport& b) {
    return std::tie(a.name, a.record) < std::tie(b.name, b.record);
  };
  std::ranges::stable_sort(plan.before, by_name), std::ranges::stable_sort(plan.after, by_name);
}

}  // namespace

Document joined(std::vector<Document> documents, fs::path common) {
  if (documents.empty()) return {};
  if (documents.size() == 1 && common.empty()) return std::move(documents[0]);
  if (common.empty()) common = documents[0].root;
  for (const Document& document : documents)
    while (shown_path(document.root, common).starts_with("/")) common = common.parent_path();
  Document out;
  out.tool_version = documents[0].tool_version, out.python = documents[0].python, out.root = common.string();
  out.sandbox = documents[0].sandbox;
  for (Document& document : documents) {
    if (!document.sandbox) out.sandbox.reset();
    else if (out.sandbox) out.sandbox->join(*document.sandbox);
    if (document.against && !out.against) out.against.emplace();
    const auto moved = [&](std::string& file) {
      if (!file.empty() && !file.starts_with("/")) file = shown_path(fs::path(document.root) / file, common);
    };
    const auto moved_finding = [&](Finding& finding) {
      moved(finding.location.file);
      for (ftaudit::Step& step : finding.trace) moved(step.location.file);
      for (Fix& fix : finding.fixes) moved(fix.range.file);
      for (Location& declared : finding.declared) moved(declared.file);
      for (Side& side : finding.sides) {
        moved(side.location.file);
        for (Side::Point& point : side.points) moved(point.location.file);
      }
    };
    for (Finding& finding : document.findings) moved_finding(finding), out.findings.push_back(std::move(finding));
    for (HeldBack& held : document.held_back)
      if (moved_finding(held.finding); held.part) out.hold_back_sides(std::move(held.finding), held.why);
      else out.hold_back(std::move(held.finding), held.why);
    for (AnalysedFile& file : document.analysed) moved(file.file), out.analysed.push_back(std::move(file));
    for (SkippedFile& file : document.skipped) moved(file.file), out.skipped.push_back(std::move(file));
    for (ModuleReport& module : document.modules) {
      moved(module.location.file);
      for (std::string& file : module.files) moved(file);
      module.hidden_before = module.hidden;
      out.modules.push_back(std::move(module));
    }
    out.types.insert(out.types.end(), document.types.begin(), document.types.end());
    for (const RuleTally& tally : document.rules) {
      const auto known =
          std::find_if(out.rules.begin(), out.rules.end(), [&](const RuleTally& r) { return r.rule == tally.rule; });
      if (known == out.rules.end()) out.rules.push_back(tally);
      else known->sites += tally.sites;
    }
    if (document.plan) add_plan(std::move(*document.plan), moved, out.plan);
    out.notes.insert(out.notes.end(), document.notes.begin(), document.notes.end());
    out.rules_left_out = document.rules_left_out;
    out.functions += document.functions;
  }
  // The same whatever the order of the projects was, and however they were shared out.
  std::stable_sort(out.analysed.begin(), out.analysed.end(),
                   [](const AnalysedFile& a, const AnalysedFile& b) { return a.file < b.file; });
  std::stable_sort(out.skipped.begin(), out.skipped.end(),
                   [](const SkippedFile& a, const SkippedFile& b) { return a.file < b.file; });
  std::stable_sort(out.modules.begin(), out.modules.end(), [](const ModuleReport& a, const ModuleReport& b) {
    return std::tie(a.name, a.location) < std::tie(b.name, b.location);
  });
  std::stable_sort(out.types.begin(), out.types.end(), [](const TypeReport& a, const TypeReport& b) {
    return std::tie(a.name, a.record) < std::tie(b.name, b.record);
  });
  std::stable_sort(out.rules.begin(), out.rules.end(),
                   [](const RuleTally& a, const RuleTally& b) { return a.rule < b.rule; });
  out.held_counted = out.held_back.size();
  if (out.plan) order_plan(*out.plan);
  fit_plan(out);
  judge(out);
  return out;
}

void drop_repeated(Document& document) {
  once(document.findings, [](const Finding& f) {
    return f.fingerprint + f.location.file + ":" + std::to_string(f.location.line) + ":" +
           std::to_string(f.location.column) + f.what;
  });
  once(document.analysed, [](const AnalysedFile& f) { return f.file + '\0' + f.reason; });
  once(document.skipped, [](const SkippedFile& f) { return f.file + '\0' + f.reason; });
  once(document.modules, [](const ModuleReport& m) { return m.name + '\0' + m.location.file; });
  once(document.types, [](const TypeReport& t) { return t.name + '\0' + t.record; });
  if (document.plan) {
    once(document.plan->steps, [](const PlanStep& step) {
      std::string out = step.what;
      for (const PlanPlace& place : step.places)
        out += '\0' + place.location.file + ':' + std::to_string(place.location.line);
      return out;
    });
    for (auto* types : {&document.plan->before, &document.plan->after})
      once(*types, [](const TypeReport& t) { return t.name + '\0' + t.record; });
    order_plan(*document.plan);
  }
  fit_plan(document);
  once(document.notes, [](const std::string& note) { return note; });
}

}  // namespace ftaudit::audit
