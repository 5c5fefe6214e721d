#include "finding/document.h"

namespace ftaudit {

std::string_view name_of(Gil gil) {
  switch (gil) {
    case Gil::not_used: return "not-used";
    case Gil::used: return "used";
    case Gil::missing: return "missing";
    case Gil::unknown: break;
  }
  return "unknown";
}

void Document::hold_back(Finding finding, HeldBack::Why why) {
  using Why = HeldBack::Why;
  ++(why == Why::allowed          ? hidden.allowed
     : why == Why::baseline       ? hidden.baseline
     : why == Why::ignored        ? hidden.ignored
     : why == Why::below_severity ? hidden.below_severity
                                  : hidden.below_confidence);
  held_back.push_back({std::move(finding), why});
}

std::optional<Gil> gil_named(std::string_view name) {
  for (const Gil gil : {Gil::not_used, Gil::used, Gil::missing, Gil::unknown})
    if (name_of(gil) == name) return gil;
  return std::nullopt;
}

void fit_plan(Document& document) {
  if (!document.plan) return;
  Plan& plan = *document.plan;
  std::set<std::string> shown, ended;
  for (const Finding& finding : document.findings) shown.insert(finding.fingerprint);
  const auto fit = [&](std::vector<PlanFinding>& findings) {
    std::erase_if(findings, [&](const PlanFinding& finding) { return !shown.contains(finding.fingerprint); });
  };
  for (PlanStep& step : plan.steps) {
    fit(step.ends), fit(step.lessens);
    for (const PlanFinding& finding : step.ends) ended.insert(finding.fingerprint);
  }
  for (PlanRest& rest : plan.rest) fit(rest.findings);
  std::erase_if(plan.steps, [](const PlanStep& step) { return step.ends.empty() && step.lessens.empty(); });
  std::erase_if(plan.rest, [](const PlanRest& rest) { return rest.findings.empty(); });
  plan.findings = document.findings.size(), plan.ended = ended.size();
}

}  // namespace ftaudit
