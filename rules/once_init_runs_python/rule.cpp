#include "finding/rule.h"
#include "capi/capi.h"
#include "capi/python_runs.h"
#include "capi/records.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::EventId;
using analysis::FunctionId;
using analysis::Site;
using model::Event;
using model::Operand;

static bool may_run_python(const Audit& audit, const model::Function& function, const Event& event) {
  return audit.suspension().event(function, event) ||
         (event.callee.find("::") != std::string::npos && capi::needs_attached(event.callee)) ||
         capi::interns(event.callee);
}

// The call inside an initialiser, or inside what it calls, that may run Python; none if there is none.
static Site running(const Audit& audit, FunctionId id, EventId e, int depth) {
  const model::Function& function = audit.program().function(id);
  const Event& event = function.events[e];
  if (!analysis::is_call(event)) return {};
  const FunctionId callee = event.callee_key.text.empty() ? model::none : audit.program().find(event.callee_key);
  if (callee == model::none) {
    if (may_run_python(audit, function, event)) return {id, e};
  } else if (depth < 6 && callee != id) {
    const model::Function& inner = audit.program().function(callee);
    for (EventId n = 0; n < inner.events.size(); ++n)
      if (const Site found = running(audit, callee, n, depth + 1); found.function != model::none) return found;
  }
  Site found;
  const auto look = [&](const Operand& operand) {
    if (found.function == model::none && operand.kind == Operand::Kind::call && operand.event < e)
      found = running(audit, id, operand.event, depth);
  };
  analysis::each_operand(event, look);
  return found;
}

static Site running_in(const Audit& audit, FunctionId id) {
  const model::Function& function = audit.program().function(id);
  for (EventId e = 0; e < function.events.size(); ++e)
    if (const Site found = running(audit, id, e, 0); found.function != model::none) return found;
  return {};
}

// Where nobody sees who calls, an initialiser that uses Python without attaching says that its callers are attached.
static bool is_attached(const Audit& audit, const Site& site, const Site& python) {
  const analysis::Attached::State state = audit.attached().at(site).state;
  if (state != analysis::Attached::State::unknown) return state == analysis::Attached::State::attached;
  for (EventId e = 0; e < python.event; ++e)
    if (audit.attached().changes({python.function, e})) return false;
  return true;
}

// The functions that an operand may be, a lambda in a local included.
static std::vector<FunctionId> functions_of(const Audit& audit, const Site& site, const Operand& operand) {
  std::vector<FunctionId> out;
  const auto add = [&](const Operand& value) {
    if (value.kind != Operand::Kind::function) return;
    if (const FunctionId id = audit.program().find(value.function); id != model::none) out.push_back(id);
  };
  add(operand);
  if (const std::uint32_t local = audit.values(site.function).local_of(operand); local != model::none)
    for (EventId given : audit.values(site.function).definitions(local, site.event))
      if (given != model::none && !audit.function(site).events[given].operands.empty())
        add(audit.function(site).events[given].operands[0]);
  return out;
}

static void add(const Audit& audit, Report& report, const Site& site, const std::string& name, const Site& python) {
  const std::string callee = audit.event(python).callee.empty() ? "a call" : audit.event(python).callee;
  if (!is_attached(audit, site, python)) return;
  Finding& finding =
      add_at(report, audit, site,
             name + " is initialised under a hidden lock, and " + callee + " may run Python code or detach meanwhile");
  finding.place = name;
  if (capi::runs_much(callee)) finding.severity = Severity::high;
  if (capi::interns(callee)) finding.severity = Severity::low;
  finding.instead =
      "make it in the module's Py_mod_exec function, or with pybind11's gil_safe_call_once_and_store; else detach "
      "around the once call";
  if (python != site)
    finding.trace.push_back({audit.location(python), callee + " is called here, in " + audit.function(python).name});
}

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_function([&](FunctionId id) {
    const model::Function& function = audit.program().function(id);
    for (EventId e = 0; e < function.events.size(); ++e) {
      const Event& event = function.events[e];
      const auto is_static = [&](std::uint32_t place) {
        if (place == model::none || function.places[place].root != model::Place::Root::global ||
            !function.places[place].steps.empty())
          return false;
        const model::Global& global = audit.facts().globals[function.places[place].global.n];
        return global.storage == model::Storage::static_local && global.runtime_initialised && !global.is_thread_local;
      };
      if (event.kind == Event::Kind::write && event.op == Event::Operator::initialise && is_static(event.place)) {
        report.site();
        Site found;
        for (const Operand& value : event.operands)
          analysis::each_operand(value, [&](const Operand& part) {
            if (found.function == model::none && part.kind == Operand::Kind::call)
              found = running(audit, id, part.event, 0);
          });
        if (found.function != model::none)
          add(audit, report, {id, e}, audit.facts().globals[function.places[event.place].global.n].name, found);
      } else if (analysis::is_call(event) && !event.operands.empty() &&
                 event.operands[0].kind == Operand::Kind::address && is_static(event.operands[0].place) &&
                 !event.implicit &&
                 audit.facts().globals[function.places[event.operands[0].place].global.n].owner == function.key &&
                 event.callee.find("::") != std::string::npos &&
                 event.callee.substr(0, event.callee.rfind("::"))
                     .ends_with(event.callee.substr(event.callee.rfind("::") + 2))) {
        report.site();
        if (const Site found = running(audit, id, e, 0); found.function != model::none)
          add(audit, report, {id, e}, audit.facts().globals[function.places[event.operands[0].place].global.n].name,
              found);
      } else if (analysis::is_call(event) && capi::runs_once(event.callee) &&
                 event.callee.find("gil_safe") == std::string::npos && !capi::is_api_name(event.callee)) {
        report.site();
        for (const Operand& operand : event.operands)
          for (FunctionId callee : functions_of(audit, {id, e}, operand))
            if (const Site found = running_in(audit, callee); found.function != model::none)
              add(audit, report, {id, e}, "what " + event.callee + " sets up", found);
      }
    }
  });
}

extern const Rule once_init_runs_python{
    {.id = "FT212",
     .name = "once-init-runs-python",
     .category = Category::mutex_deadlock,
     .severity = Severity::medium,
     .confidence = Confidence::likely,
     .summary = "A C++ function static, call_once or pthread_once runs Python code while it holds its hidden lock",
     .why = "the second thread waits for the hidden lock while attached, so the world cannot be stopped; when the "
            "first one needs that, or waits to be attached, both are stuck",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
