#include "finding/rule.h"
#include "analysis/reliance.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Site;
using capi::Reliance;

static void check_call(const Audit& audit, Report& report, const Site& check) {
  const model::Event& first = audit.event(check);
  if (first.operands.empty()) return;
  report.site();
  const std::optional<analysis::Reliant> found = analysis::relying_on(audit, check);
  if (!found) return;
  const std::string name = audit.text(check, first.operands[0]);
  Finding& finding = add_at(report, audit, check,
                            audit.event(found->act).callee + " relies on what " + first.callee + " said of " + name +
                                ", which another thread may change in between");
  finding.place = name;
  finding.instead = found->pair->instead;
  if (!found->certain) finding.confidence = Confidence::possible;
  // An attribute that goes away between the two ends in an exception.
  if (found->pair->kind == Reliance::Kind::attribute) finding.confidence = Confidence::possible;
  // Filling in what was not there: most caches bear to be filled twice. A value computed from the old one is lost.
  if (found->pair->kind == Reliance::Kind::fills && !found->computed) {
    finding.confidence = Confidence::possible;
    finding.category = Category::lazy_init;
  }
  finding.trace.push_back({audit.location(found->act), "the second call is here"});
}

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_call(analysis::is_asking, [&](const Site& site) { check_call(audit, report, site); });
}

extern const Rule check_then_act{
    {.id = "FT109",
     .name = "check-then-act",
     .category = Category::other,
     .severity = Severity::low,
     .confidence = Confidence::likely,
     .summary = "A call on a shared container relies on what an earlier call said of it",
     .why = "each call locks the container for itself only: between the two another thread can insert, remove or "
            "replace, and the second call acts on an answer that is no longer true",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
