#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Site;

// The lock is taken anew for each step of one walk: it protects the step and not the position.
static bool opened_each_step(const Audit& audit, const Site& site) {
  const model::Event& event = audit.event(site);
  if (event.operands.size() < 2) return false;
  const analysis::Values& values = audit.values(site.function);
  const std::uint32_t position = values.local_of(event.operands[1]);
  for (const analysis::Lock& lock : audit.held().at(site.function, site.event))
    if (lock.acquired == analysis::none || !values.reaches(site.event, lock.acquired, position)) return false;
  return true;
}

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_call([](const model::Event& event) { return event.callee == "PyDict_Next" || event.callee == "_PyDict_Next" || event.callee == "_PySet_NextEntry"; },
                             [&](const Site& site) {
    const model::Event& event = audit.event(site);
    if (event.operands.empty()) return;
    report.site();
    const analysis::Origin dict = audit.ownership().of(site.function, site.event, event.operands[0]);
    if (dict.is_private() || audit.unchanging(site, event.operands[0], dict) || (audit.guarded(site, event.operands[0]) && !opened_each_step(audit, site))) return;
    const std::string name = audit.text(site, event.operands[0]);
    Finding& finding = add_at(report, audit, site, event.callee + " walks " + name + " without a lock on it");
    finding.place = name;
    if (!dict.certain) finding.confidence = Confidence::possible;
    finding.instead = "wrap the whole loop in Py_BEGIN_CRITICAL_SECTION(" + name + ") and Py_END_CRITICAL_SECTION(), or walk PyDict_Items(" + name + ") or a PyDict_Copy";
  });
}

extern const Rule dict_next_unlocked{
    {.id = "FT104", .name = "dict-next-unlocked", .category = "dict-next", .severity = Severity::high, .confidence = Confidence::likely,
     .summary = "A dict that others can change is walked with PyDict_Next without its lock",
     .why = "PyDict_Next takes no lock: when another thread inserts or deletes meanwhile, the position means nothing any more and the borrowed key and value may already be freed",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
