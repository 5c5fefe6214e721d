#include <algorithm>

#include "capi/changes.h"
#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::EventId;
using analysis::Site;
using model::Event;

// The section on the dict, if it opens before the walk and not anew for each step of it (dict-next-unlocked says that).
static const analysis::Lock* section_around(const Audit& audit, const Site& site) {
  const analysis::Values& values = audit.values(site.function);
  const std::uint32_t position = values.local_of(audit.event(site).operands[1]);
  for (const analysis::Lock& lock : audit.held().at(site.function, site.event))
    if (lock.kind == capi::LockCall::Kind::critical_section &&
        (lock.acquired == analysis::none || !values.reaches(site.event, lock.acquired, position)))
      return &lock;
  return nullptr;
}

// A call that suspends the section and after which the walk goes on, or its key or value is used.
static EventId suspending_call(const Audit& audit, const Site& site, const analysis::Lock& section) {
  const model::Function& function = audit.function(site);
  const analysis::Values& values = audit.values(site.function);
  const std::vector<model::Operand>& arguments = audit.event(site).operands;
  const std::uint32_t position = values.local_of(arguments[1]);
  std::vector<EventId> late;  // uses of key and value after some suspension
  for (std::size_t i = 2; i < arguments.size(); ++i)
    if (const std::uint32_t item = values.local_of(arguments[i]); item != analysis::none)
      for (const analysis::Use& use : values.uses(site.event, item, true))
        if (use.suspended && use.kind != analysis::Use::Kind::tested) late.push_back(use.event);
  EventId found = analysis::none;
  for (const EventId e : function.events.ids()) {
    if (e == site.event || !audit.suspension().event(function, function.events[e]) ||
        !values.reaches(site.event, e, position))
      continue;
    const analysis::Locks& then = audit.held().at(site.function, e);
    if (std::find(then.begin(), then.end(), section) == then.end()) continue;
    const bool before_use = std::any_of(late.begin(), late.end(),
                                        [&](EventId use) { return e < use && values.reaches(e, use, analysis::none); });
    if (!before_use && !values.reaches(e, site.event, position)) continue;
    if (audit.suspension().commonly(function, function.events[e])) return e;
    if (found == analysis::none) found = e;
  }
  return found;
}

// Key or value is used after the suspension, or given to the very call, without a reference of its own.
static bool lends_items(const Audit& audit, const Site& site) {
  const model::Function& function = audit.function(site);
  const std::vector<model::Operand>& arguments = audit.event(site).operands;
  for (std::size_t i = 2; i < arguments.size(); ++i)
    if (const std::uint32_t item = audit.values(site.function).local_of(arguments[i]); item != analysis::none)
      for (const analysis::Use& use : audit.values(site.function).uses(site.event, item, true))
        if (use.kind != analysis::Use::Kind::tested &&
            (use.suspended || (use.kind == analysis::Use::Kind::passed &&
                               audit.suspension().event(function, function.events[use.event]))))
          return true;
  return false;
}

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_call(
      [](const Event& event) { return capi::walks(event.callee); },
      [&](const Site& site) {
        const Event& event = audit.event(site);
        if (event.operands.size() < 3) return;
        report.site();
        const analysis::Origin dict = audit.ownership().of(site.function, site.event, event.operands[0]);
        if (audit.unchanging(site, event.operands[0], dict) || !audit.in_section_on(site, event.operands[0])) return;
        const analysis::Lock* section = section_around(audit, site);
        if (section == nullptr) return;
        const EventId call = suspending_call(audit, site, *section);
        if (call == analysis::none) return;
        const model::Function& function = audit.function(site);
        const std::string name = audit.text(site, event.operands[0]);
        const std::string callee =
            function.events[call].callee.empty() ? "a call through a pointer" : function.events[call].callee;
        Finding& finding =
            add_at(report, audit, site,
                   "the walk over " + name + " goes on after " + callee + ", which suspends the critical section");
        finding.place = name;
        // Most references that are dropped were not the last ones. A walk that owns what it holds may miss or repeat
        // items, as it would with the GIL, but touches nothing that is gone.
        if (!dict.certain || !lends_items(audit, site) || !audit.suspension().commonly(function, function.events[call]))
          finding.confidence = Confidence::possible;
        finding.instead = "walk PyDict_Items(" + name +
                          ") or a PyDict_Copy, or collect references in the section and work on them after it";
        finding.trace.push_back(
            {audit.location(function.events[call].span), callee + " may run Python code or detach here"});
      });
}

extern const Rule dict_next_suspendable{
    {.id = "FT105",
     .name = "dict-next-suspendable",
     .category = Category::dict_next,
     .severity = Severity::medium,
     .confidence = Confidence::likely,
     .summary = "A dict is walked inside a critical section that calls in the loop suspend",
     .why = "a critical section is suspended while a call runs Python code or waits: others may then change the dict, "
            "and the position and the borrowed key and value mean nothing any more",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
