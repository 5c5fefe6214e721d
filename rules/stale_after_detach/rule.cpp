#include <map>

#include "analysis/stale.h"
#include "finding/rule.h"
#include "rules/sides.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::StaleUse;

static void check(const Audit& audit, Report& report) {
  std::uint64_t sites = 0;
  std::map<std::string, std::pair<Finding*, std::vector<Part>>>
      by_field;  // who replaces it is to be kept from all users
  for (const StaleUse& stale : analysis::stale_uses(audit, sites)) {
    auto& [told, users] = by_field[stale.record + "." + stale.field];
    users.push_back({stale.use});
    if (told != nullptr) continue;
    const std::string callee = audit.event(stale.use).callee.empty() ? "a call" : audit.event(stale.use).callee;
    Finding& finding = add_at(report, audit, stale.use,
                              stale.field + " is used by " + callee +
                                  (stale.inside ? " while the thread is detached" : " after the thread was detached") +
                                  "; another thread can replace it meanwhile");
    told = &finding;
    finding.place = stale.record + "." + stale.field, finding.owner = stale.record;
    finding.instead =
        "hold a mutex of the object (not a critical section, which the detach suspends) across the use, or count users "
        "in the object and have the other side wait or refuse";
    finding.trace.push_back({audit.location(stale.detached), "the thread detaches here", 1});
    finding.trace.push_back({audit.location(stale.replaced),
                             stale.field + " gets another value here, in " + audit.function(stale.replaced).name, 2});
  }
  for (const auto& [field, one] : by_field)
    if (one.second.size() > 1) tell_sides(*one.first, audit, one.second);
  report.sites(sites);
}

extern const Rule stale_after_detach{{.id = "FT315",
                                      .name = "stale-after-detach",
                                      .category = Category::object_field,
                                      .severity = Severity::high,
                                      .confidence = Confidence::likely,
                                      .summary = "A pointer from a shared object is used while or after the thread was "
                                                 "detached, and others may have replaced it",
                                      .why = "while this thread is detached, another one closes or replaces what the "
                                             "pointer leads to; the native call then works on freed memory",
                                      .since = "0.1"},
                                     check};

}  // namespace ftaudit::rules
