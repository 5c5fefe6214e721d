#include <algorithm>

#include "analysis/private_place.h"
#include "capi/fields.h"
#include "capi/records.h"
#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Site;
using model::Event;
using model::Step;

static bool is_header_field(const Step& step) {
  if (step.kind != Step::Kind::field || capi::record_named(step.record) != capi::Record::object) return false;
  return step.field.starts_with(capi::fields::header_prefix);
}

// Fields of the free-threaded header alone, accessed with atomics: written for this layout, and for other threads that
// change it, as where a binding counts up what may be on its way out.
static bool made_for_this_header(const Event& event, const Step& step) {
  return event.atomic && step.field != capi::fields::type && step.field != capi::fields::count &&
         step.field != capi::fields::mutex;
}

static std::string replacement(const std::string& field, bool writes) {
  if (field == capi::fields::type)
    return writes ? "Py_SET_TYPE(object, type), on an object nobody else has"
                  : "Py_TYPE(object), or Py_IS_TYPE(object, type) to compare";
  if (field == capi::fields::count)
    return "Py_REFCNT(object) to look; PyUnstable_Object_IsUniquelyReferenced(object) to decide";
  if (field == capi::fields::mutex) return "Py_BEGIN_CRITICAL_SECTION(object), or a PyMutex field of your own";
  return "the accessor of the C API";
}

// Only the type's name is wanted, for a message: in builds with the full header this is what Py_TYPE reads as well, and
// nothing is decided by it.
static bool only_names_type(const model::Function& function, analysis::EventId read) {
  if (!function.events.has(read + 1)) return false;
  const Event& next = function.events[read + 1];
  if (next.kind != Event::Kind::read || next.place == model::none) return false;
  const model::Place &type = function.places[function.events[read].place], &name = function.places[next.place];
  return name.root == type.root && name.variable == type.variable && name.steps.size() == type.steps.size() + 2 &&
         std::equal(type.steps.begin(), type.steps.end(), name.steps.begin()) &&
         name.steps.back().field == capi::fields::type_name;
}

static bool nobody_else_has(const Audit& audit, const Site& write) {
  const model::Place& place = audit.function(write).places[audit.event(write).place];
  const analysis::Path path = path_of(audit.function(write), audit.values(write.function), place, write.event);
  return is_in_private_object(audit.views(), write.function, path, write.event);
}

static void check(const Audit& audit, Report& report) {
  audit.each_function([&](analysis::FunctionId id) {
    const model::Function& function = audit.program().function(id);
    for (const analysis::EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      if ((event.callee == "sizeof" || event.callee == "offsetof") && event.kind == Event::Kind::call) {
        report.site();
        Finding& finding = add_at(report, audit, {id, e},
                                  event.callee + " of " + event.operands[0].text +
                                      " depends on the header's layout, which differs in free-threaded builds");
        finding.severity = Severity::low;
        finding.instead = "the offset or size of your own struct, or PyObject_GetTypeData";
        continue;
      }
      if (event.place == model::none || (event.kind != Event::Kind::read && event.kind != Event::Kind::write)) continue;
      const std::vector<Step>& steps = function.places[event.place].steps;
      for (std::size_t i = 0; i < steps.size(); ++i) {
        const Step& step = steps[i];
        // What is reached through ob_type was said where ob_type itself was read.
        if (!is_header_field(step) || (event.kind == Event::Kind::read && i + 1 < steps.size())) continue;
        report.site();
        // Py_TYPE and its like know what they do.
        if (event.macro != model::none || made_for_this_header(event, step)) break;
        const bool writes = event.kind == Event::Kind::write;
        const std::string what = (writes ? "writes " : "reads ") + step.field + " of the object header directly";
        Finding& finding = add_at(report, audit, {id, e}, what);
        finding.place = step.field;
        finding.instead = replacement(step.field, writes);
        // Py_TYPE itself is this read in free-threaded builds: what breaks is abi3t, where the header is opaque.
        const bool type = step.field == capi::fields::type;
        const bool own = writes && (type ? !audit.contexts().concurrent(id) : nobody_else_has(audit, {id, e}));
        if (own || (type && !writes)) finding.severity = Severity::low;
        if (own) finding.why = "nobody else has the object yet; builds for abi3t have no such field";
        if (type && !writes)
          finding.why = "it reads what Py_TYPE reads, until the extension is built for abi3t, where objects are opaque";
        if (type && !writes && only_names_type(function, e)) finding.confidence = Confidence::possible;
        break;
      }
    }
  });
  for (const model::Absence& absence : audit.facts().absences) {
    report.site();
    Finding& finding =
        report.add(audit.location(absence.span),
                   absence.name + " does not exist in free-threaded builds: this line does not compile there");
    finding.place = absence.name;
    finding.instead =
        replacement(absence.name, false) + "; PyObject_HEAD_INIT(type) where an object is laid out by hand";
  }
}

extern const Rule object_header_access{
    {.id = "FT008",
     .name = "object-header-access",
     .category = Category::container_internals,
     .severity = Severity::high,
     .confidence = Confidence::certain,
     .summary = "The header of an object is used directly instead of through the C API",
     .why = "free-threaded builds lay the object header out differently (no ob_refcnt; two counts, a mutex and an "
            "owner instead) and other threads change it while you look",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
