#include "finding/rule.h"
#include "capi/module_calls.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Site;
using analysis::Use;
using model::Event;
using model::Operand;
using model::Place;

// The global that the table of the import goes to; "" if it stays in the function.
static std::string table_of(const Audit& audit, const Site& site) {
  if (capi::imports_array(audit.event(site).callee)) return "NumPy's table of functions";
  const model::Function& function = audit.function(site);
  for (const Use& use : audit.values(site.function).uses(site.event)) {
    const Event& event = function.events[use.event];
    if (event.kind != Event::Kind::write || event.place == model::none ||
        function.places[event.place].root != Place::Root::global)
      continue;
    const model::Global& global = audit.facts().globals[function.places[event.place].global];
    if (global.is_thread_local || global.type.is_atomic) continue;
    Operand place;
    place.kind = Operand::Kind::place, place.place = event.place;
    return audit.text(site, place);
  }
  return "";
}

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_call(
      [](const Event& event) { return capi::imports_capsule(event.callee) || capi::imports_array(event.callee); },
      [&](const Site& site) {
        report.site();
        const std::string table = table_of(audit, site);
        if (table.empty() || !audit.held().at(site.function, site.event).empty() || audit.runs_once(site.function))
          return;
        const Event& event = audit.event(site);
        const std::string how =
            event.macro == model::none ? event.callee : audit.function(site).macros[event.macro].name;
        Finding& finding =
            add_at(report, audit, site,
                   how + " fetches " + table + " on first use, where several threads can arrive together");
        finding.place = table;
        // Perhaps called by nobody but the import of a module that is written in Cython.
        if (audit.contexts().only_exported(site.function)) finding.confidence = Confidence::possible;
        finding.instead = how + " in the module's Py_mod_exec function";
      });
}

extern const Rule c_api_table_unguarded{
    {.id = "FT213",
     .name = "c-api-table-unguarded",
     .category = Category::lazy_init,
     .severity = Severity::medium,
     .confidence = Confidence::likely,
     .summary = "The table of another module's C API is fetched into a global on first use, without a lock",
     .why = "the global is tested and written by several threads at once, which is a data race, and nothing orders the "
            "pointer before what it points to",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
