#include "plan/plan.h"

#include <algorithm>
#include <map>

#include "plan/measuring.h"
#include "plan/writing.h"

namespace ftaudit::plan {
namespace {

// What a scan does not notice.
constexpr std::uint64_t negligible = 5'000;

// The edits in the text. A step whose findings have edits of their own comes to those. One that ends what an earlier
// one that is left to hands ends part of waits for it.
void write_edits(Document& document, const std::vector<std::size_t>& steps, const Planning& planning,
                 Spelling spelling) {
  std::vector<const Remedy*> made;
  for (const std::size_t step : steps) made.push_back(&planning.remedies()[step]);
  Writing writing(planning.audit(), document.root, spelling, made);
  Plan& plan = *document.plan;
  std::set<std::string> open;
  std::size_t left = 0;
  for (std::size_t n = 0; n < plan.steps.size(); ++n) {
    PlanStep& step = plan.steps[n];
    bool own = !step.ends.empty();
    for (const PlanFinding& ended : step.ends) {
      const auto finding = std::ranges::find(document.findings, ended.fingerprint, &Finding::fingerprint);
      own &= finding != document.findings.end() && !finding->fixes.empty();
      if (own) step.fixes.insert(step.fixes.end(), finding->fixes.begin(), finding->fixes.end());
    }
    if (!own) {
      step.fixes.clear();
      Result<std::vector<Fix>> written = writing.of(planning.remedies()[steps[n]]);
      if (written.ok()) step.fixes = std::move(*written);
      else step.by_hand = written.message();
    }
    if (step.kind == StepKind::declaration && left > 0)
      step.fixes.clear(), step.by_hand = "it is made when no other step is left to be made by hand";
    if (std::ranges::any_of(step.ends, [&](const PlanFinding& ended) { return open.contains(ended.fingerprint); }))
      step.fixes.clear(), step.by_hand = "it ends what a step before it leaves, which is to be made first";
    if (step.by_hand.empty()) continue;
    ++left;
    for (const PlanFinding& lessened : step.lessens) open.insert(lessened.fingerprint);
  }
}

void compare_types(Plan& plan, const std::vector<TypeReport>& before, const std::vector<TypeReport>& after) {
  for (const TypeReport& was : before)
    for (const TypeReport& is : after)
      if (is.record == was.record && is.rows != was.rows) plan.before.push_back(was), plan.after.push_back(is);
}

}  // namespace

Document with_edits(const Document& planned, const std::function<bool(const PlanStep&)>& wanted) {
  Document out = planned;
  std::map<std::string, const PlanStep*> ended;
  for (const PlanStep& step : planned.plan->steps)
    for (const PlanFinding& finding : step.ends)
      if (!wanted || wanted(step)) ended[finding.fingerprint] = &step;
  for (Finding& finding : out.findings) {
    const auto step = ended.find(finding.fingerprint);
    // Whether a module says too much is seen when all are mended.
    const bool by_others = finding.name == "premature-claim";
    finding.fixes = step == ended.end() || by_others ? std::vector<Fix>() : step->second->fixes;
  }
  return out;
}

Result<Document> plan_project(const audit::JoinedProject& joined, const Selection& selection, const std::string& python,
                              const std::set<std::uint32_t>& accepted, std::optional<Spelling> edits) {
  const analysis::Audit audit(joined.facts, audit::build_of(joined.parsed, selection));
  Document out = audit::judge_project(joined, audit, selection, python, edits.value_or(Spelling::guarded));
  Planning planning(joined, selection, audit, out);
  planning.choose();
  Measuring measuring(planning, joined.retold);
  std::vector<std::size_t> steps = planning.all();
  Plan made = measuring.plan(steps);
  // What brings something new is replaced by the next best.
  std::vector<std::size_t> harmful;
  for (std::size_t n = 0; n < made.steps.size(); ++n)
    if (!made.steps[n].brings.empty()) harmful.push_back(n);
  if (!harmful.empty()) planning.refuse(harmful), made = measuring.plan(planning.all());
  made = measuring.without_needless(std::move(made));
  // Without a step that went, something may stand against a module again.
  std::vector<std::size_t> refuted;
  for (std::size_t n = 0; n < made.steps.size(); ++n)
    if (made.steps[n].kind == StepKind::declaration && !made.steps[n].brings.empty()) refuted.push_back(n);
  if (!refuted.empty()) planning.leave_out(refuted), made = measuring.plan(planning.all());
  steps = planning.all();
  if (!accepted.empty()) {
    if (*accepted.begin() == 0 || *accepted.rbegin() > steps.size())
      return Error{"--accept " + std::to_string(*accepted.begin() == 0 ? 0 : *accepted.rbegin()) + ": the plan has " +
                   (steps.empty() ? "no steps" : "steps 1 to " + std::to_string(steps.size()))};
    std::erase_if(steps, [&](std::size_t i) { return !accepted.contains(static_cast<std::uint32_t>(i + 1)); });
    made = measuring.plan(steps);
  }
  if (!steps.empty()) compare_types(made, out.types, planning.types_after(steps));
  out.plan = std::move(made);
  if (edits) write_edits(out, steps, planning, *edits);
  return out;
}

void outline(const audit::JoinedProject& joined, const analysis::Audit& audit, const Selection& selection,
             Document& document) {
  if (document.findings.empty()) return;
  Planning planning(joined, selection, audit, document);
  const bool measure = planning.cost() <= negligible;
  planning.sketch(measure);
  Measuring measuring(planning, joined.retold);
  Plan made = measure ? measuring.together(planning.all()) : measuring.unmeasured(planning.all());
  made = measuring.without_needless(std::move(made));
  if (measure && !made.steps.empty()) compare_types(made, document.types, planning.types_after(planning.all()));
  document.plan = std::move(made);
}

}  // namespace ftaudit::plan
