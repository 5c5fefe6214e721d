#include <map>

#include "capi/changes.h"
#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Attached;
using analysis::Audit;
using analysis::Site;

// Whether control gets here is decided by a parameter: callers may say there whether the thread is attached.
static bool decided_by_parameter(const Audit& audit, const Site& site) {
  const model::Function& function = audit.function(site);
  bool found = false;
  audit.values(site.function).each_condition(site.event, [&](analysis::EventId compare, bool) {
    for (const model::Operand& operand : function.events[compare].operands)
      if (operand.place != model::none && function.places[operand.place].root == model::Place::Root::variable &&
          function.places[operand.place].steps.empty())
        found = found || function.places[operand.place].variable < function.parameters;
  });
  return found;
}

// A macro that only reads memory of a container that nobody else has: no count, no allocation, nothing to wait for.
static bool reads_own_memory(const Audit& audit, const Site& site) {
  const model::Event& event = audit.event(site);
  const capi::Borrowed* api = capi::borrowed_return(event.callee);
  const bool reads = api != nullptr ? api->is_macro : capi::reads_size(event.callee);
  return reads && !event.operands.empty() &&
         audit.ownership().of(site.function, site.event, event.operands[0]).is_private();
}

static std::string instead(const std::string& callee) {
  const capi::Allocator* memory = capi::allocator(callee);
  if (memory != nullptr && (memory->domain == capi::Domain::mem || memory->domain == capi::Domain::object))
    return "PyMem_RawMalloc, PyMem_RawRealloc and PyMem_RawFree, which need no thread state, for memory that is used "
           "while detached";
  return "move the call out of the detached region, or attach around it (Py_BLOCK_THREADS and Py_UNBLOCK_THREADS, "
         "PyGILState_Ensure and PyGILState_Release)";
}

static void check(const Audit& audit, Report& report) {
  const Attached& attached = audit.attached();
  audit.each_function([&](analysis::FunctionId id) {
    const auto& events = audit.program().function(id).events;
    std::map<std::pair<analysis::FunctionId, analysis::EventId>, Finding*> reported;  // one for each detached region
    for (const analysis::EventId e : events.ids()) {
      const Site site{id, e};
      if (!analysis::is_call(events[e])) continue;
      const Attached::Answer now = attached.at(site);
      if (now.detached.function == model::none) continue;
      report.site();
      const bool own = !events[e].callee_key.text.empty() && audit.program().find(events[e].callee_key) != model::none;
      if (own || !capi::needs_attached(events[e].callee) || reads_own_memory(audit, site)) continue;
      const bool by_binding = now.detached.event == model::none;
      const analysis::EntryPoint* entry = by_binding ? audit.contexts().entry(now.detached.function) : nullptr;
      if (by_binding && (entry == nullptr || !entry->called_detached)) continue;  // threads of their own: FT507
      // Detached on some paths only: a helper that is called both ways is wrong on one, a flag inside the function is
      // not seen.
      if (now.state == Attached::State::mixed &&
          (attached.on_entry(id).state != Attached::State::mixed || now.detached.function == id))
        continue;
      Finding*& first = reported[{now.detached.function, now.detached.event}];
      if (first != nullptr) {
        if (first->trace.size() < 6)
          first->trace.push_back({audit.location(site), events[e].callee + " is called here, detached as well"});
        continue;
      }
      Finding& finding = add_at(report, audit, site, events[e].callee + " is called while the thread is detached");
      first = &finding;
      finding.place = events[e].callee;
      if (now.state == Attached::State::mixed && decided_by_parameter(audit, site))
        finding.confidence = Confidence::possible;
      finding.instead = instead(events[e].callee);
      if (by_binding) finding.trace.push_back({audit.location(entry->registered), "registered to be called detached"});
      else
        finding.trace.push_back(
            {audit.location(now.detached),
             "the thread detaches here" +
                 (now.detached.function == id ? std::string() : ", in " + audit.function(now.detached).name)});
    }
  });
}

extern const Rule python_api_while_detached{
    {.id = "FT501",
     .name = "python-api-while-detached",
     .category = Category::thread_state,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "Python objects or Python's allocator are used while the thread is detached",
     .why = "a detached thread is not waited for when the collector stops the world, and has no heap of its own: "
            "reference counts race, and allocation through PyMem or PyObject crashes",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
