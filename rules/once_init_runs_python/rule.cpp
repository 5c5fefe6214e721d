#include "finding/rule.h"
#include "analysis/initialisers.h"
#include "capi/python_runs.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Site;

static void add(const Audit& audit, Report& report, const Site& site, const std::string& name, const Site& python) {
  const std::string callee = audit.event(python).callee.empty() ? "a call" : audit.event(python).callee;
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
  audit.each_concurrent_function([&](analysis::FunctionId id) {
    analysis::each_initialiser(audit, id, [&](const analysis::Initialiser& once) {
      report.site();
      const std::string name = once.name.empty() ? "what " + audit.event(once.at).callee + " sets up" : once.name;
      for (const Site& python : once.python) add(audit, report, once.at, name, python);
    });
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
