#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::EventId;
using analysis::Site;
using capi::Libc;
using model::Event;
using model::Operand;

// Changes something that the whole process goes by: not what only asks for it.
static bool changes_setting(const Event& event) {
  const Libc* function = event.callee_key.text.empty() ? capi::libc(event.callee) : nullptr;
  if (function == nullptr || function->hazard == capi::Hazard::none) return false;
  if (function->category != Libc::Category::environment && function->category != Libc::Category::locale &&
      function->category != Libc::Category::process)
    return false;
  if (function->name == "localeconv" || function->name == "getenv" || function->name == "fork") return false;
  const std::size_t setting = function->name == "setlocale" ? 1 : 0;
  const bool asks = function->name == "setlocale" || function->name == "textdomain";
  return !(asks && event.operands.size() > setting && event.operands[setting].kind == Operand::Kind::null);
}

static std::string_view thing(const Libc& function) {
  switch (function.category) {
    case Libc::Category::environment: return "the environment";
    case Libc::Category::locale: return "the locale";
    default: return "a setting";
  }
}

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_call(changes_setting, [&](const Site& site) {
    report.site();
    const Event& event = audit.event(site);
    const auto& events = audit.function(site).events;
    // A signal handler that takes itself out is on its way down.
    if (const analysis::EntryPoint* entry = audit.contexts().entry(site.function);
        entry != nullptr && entry->role == capi::Role::detached)
      return;
    // Set, work, put back: one finding for the pair.
    for (EventId before; before < site.event; ++before)
      if (analysis::is_call(events[before]) && events[before].callee == event.callee && changes_setting(events[before]))
        return;
    const Libc& function = *capi::libc(event.callee);
    Finding& finding = add_at(report, audit, site,
                              event.callee + " changes " + std::string(thing(function)) + " of the whole process");
    finding.place = event.callee;
    finding.instead = function.instead.empty()
                          ? "a way that concerns this thread or this call only, or do it before threads start"
                          : std::string(function.instead);
    for (const EventId after : events.ids(site.event + 1))
      if (analysis::is_call(events[after]) && events[after].callee == event.callee && changes_setting(events[after])) {
        finding.trace.push_back({audit.location(events[after].span),
                                 "changed again here; what runs meanwhile in other threads sees the setting between"});
        break;
      }
  });
}

extern const Rule process_global_setting{
    {.id = "FT802",
     .name = "process-global-setting",
     .category = Category::non_threadsafe_libc,
     .severity = Severity::medium,
     .confidence = Confidence::likely,
     .summary = "A setting of the whole process is changed while other threads may run",
     .why = "the locale, the environment, the working directory and signal handlers are one for all threads; others "
            "see the change in the middle of their work, and two that set and put back undo each other",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
