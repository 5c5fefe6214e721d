#include "finding/rule.h"
#include "analysis/allocation.h"
#include "capi/capi.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Allocation;
using analysis::Audit;
using analysis::Site;
using capi::Domain;
using model::Event;
using model::Operand;
using model::Place;

// The address of a variable, or of a part of one: memory that no allocator of Python's gave.
static std::string variable_of(const model::Facts& facts, const model::Function& function, const Operand& operand) {
  if (operand.kind != Operand::Kind::address) return "";
  const Place& place = function.places[operand.place];
  for (const model::Step& step : place.steps)
    if (step.kind != model::Step::Kind::field) return "";
  if (place.root == Place::Root::global) return "the global " + facts.globals[place.global].name;
  if (place.root != Place::Root::variable || function.variables[place.variable].by_reference) return "";
  return "the local variable " + function.variables[place.variable].name;
}

static void check(const Audit& audit, Report& report) {
  const Allocation allocation(audit.program(), audit.held(), audit.contexts());
  audit.each_function([&](analysis::FunctionId id) {
    const model::Function& function = audit.program().function(id);
    for (const analysis::EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      if (!analysis::is_call(event) || event.operands.empty() || !capi::initialises_object(event.callee)) continue;
      report.site();
      const Site site{id, e};
      const std::string variable = variable_of(audit.facts(), function, event.operands[0]);
      const Allocation::Sources sources =
          variable.empty() ? allocation.of(id, e, event.operands[0]) : Allocation::Sources{};
      const bool foreign = sources.domain == Domain::libc || sources.domain == Domain::cxx ||
                           sources.domain == Domain::mem || sources.domain == Domain::raw;
      if (variable.empty() && !foreign) continue;
      const std::string from = foreign ? "memory from " + audit.event(sources.calls[0]).callee : variable;
      Finding& finding = add_at(report, audit, site, event.callee + " makes a Python object in " + from);
      finding.place = audit.text(site, event.operands[0]);
      finding.instead =
          "PyObject_New, PyObject_GC_New or the type's tp_alloc, which take the object from Python's own heap";
      if (foreign) finding.trace.push_back({audit.location(sources.calls[0]), "allocated here"});
    }
  });
}

extern const Rule object_from_foreign_memory{
    {.id = "FT605",
     .name = "object-from-foreign-memory",
     .category = Category::allocator,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A Python object is made in memory that is not the object allocator's",
     .why = "lock-free reads and the garbage collector of free-threaded builds count on every object lying in Python's "
            "own heaps, whose pages keep their kind for as long as another thread may still look at them",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
