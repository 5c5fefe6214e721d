#include "finding/rule.h"
#include "capi/capi.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Site;
using capi::Libc;
using model::Operand;

static bool concerns(const Audit& audit, const Site& site, const Libc& function) {
  const model::Event& event = audit.event(site);
  switch (function.when) {
    case Libc::When::always: return true;
    case Libc::When::null_argument:
      for (const Operand& operand : event.operands)
        if (operand.kind == Operand::Kind::null) return true;
      return false;
    case Libc::When::shared_stream: {
      // Each stream has its own position: a race only where the stream is not the function's own.
      if (event.operands.empty() || event.operands[0].kind == Operand::Kind::call) return false;
      return audit.values(site.function).local_of(event.operands[0]) == analysis::none;
    }
    case Libc::When::reads_signgam:
      for (const model::Global& global : audit.facts().globals)
        if (global.name == "signgam") return true;
      return false;
  }
  return true;
}

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_call(
      [](const model::Event& event) {
        const Libc* function = event.callee_key.text.empty() ? capi::libc(event.callee) : nullptr;
        return function != nullptr && (function->category == Libc::Category::buffer ||
                                       function->category == Libc::Category::random || function->name == "localeconv");
      },
      [&](const Site& site) {
        report.site();
        const model::Event& event = audit.event(site);
        const Libc& function = *capi::libc(event.callee);
        if (!concerns(audit, site, function) || !audit.held().at(site.function, site.event).empty()) return;
        Finding& finding =
            add_at(report, audit, site,
                   std::string(function.name) +
                       (function.category == Libc::Category::random ? " draws from one generator"
                                                                    : " keeps its result or position in one place") +
                       " for the whole process");
        finding.place = function.name;
        finding.severity = function.hazard == capi::Hazard::none  ? Severity::info
                           : function.hazard == capi::Hazard::low ? Severity::low
                                                                  : Severity::medium;
        finding.instead =
            function.instead.empty() ? "a mutex of your own around every call" : std::string(function.instead);
      });
}

extern const Rule non_threadsafe_libc{
    {.id = "FT801",
     .name = "non-threadsafe-libc",
     .category = Category::non_threadsafe_libc,
     .severity = Severity::medium,
     .confidence = Confidence::likely,
     .summary = "A C library function with hidden shared state is called",
     .why = "these functions return a static buffer or keep a hidden cursor; with the GIL gone another thread "
            "overwrites it between the call and the use of its result",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
