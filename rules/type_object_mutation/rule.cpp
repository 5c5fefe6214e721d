#include "finding/rule.h"
#include "analysis/type_changes.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Site;
using analysis::TypeChange;

static Finding& tell(Report& report, const Audit& audit, const Site& site, std::string what, const std::string& place,
                     std::string instead) {
  Finding& finding = add_at(report, audit, site, std::move(what));
  finding.place = place;
  finding.instead = std::move(instead);
  return finding;
}

static void look(const Audit& audit, Report& report, const Site& site) {
  const std::optional<TypeChange> change = analysis::type_change(audit, site);
  if (!change) return;
  report.site();
  if (!change->others_have) return;
  const model::Event& event = audit.event(site);
  switch (change->how) {
    case TypeChange::How::watchers:
      tell(report, audit, site, event.callee + " changes the table of watchers, which has no lock", event.callee,
           "call it from Py_mod_exec");
      return;
    case TypeChange::How::type_of_object: {
      const std::string object = audit.text(site, event.operands[0]);
      tell(report, audit, site, "the type of " + object + " is changed while other threads may be using the object",
           object,
           "change __class__ with PyObject_SetAttrString, which checks the layouts and stops other threads; or set "
           "the type before anybody else gets the object");
      return;
    }
    case TypeChange::How::member: {
      Finding& finding = tell(
          report, audit, site, change->member + " of a type is written after other threads could get at the type",
          change->member,
          "set it in the PyType_Spec, or before PyType_Ready in Py_mod_exec; what has to change later goes through "
          "PyObject_SetAttr on the type");
      // Most who hand in a type are making it.
      if (change->handed_in) finding.severity = Severity::low;
      return;
    }
    case TypeChange::How::dict:
      tell(report, audit, site,
           "the dict of a type is changed behind the type's back: who looks an attribute up in the method cache, "
           "without a lock, may get one that is gone",
           change->member,
           "PyObject_SetAttrString((PyObject *)type, name, value); in the metatype's own tp_setattro "
           "PyType_Type.tp_setattro");
  }
}

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_function([&](analysis::FunctionId id) {
    // __init__ of a metatype finishes a type that it is making.
    if (audit.shared().only_initialises(id)) return;
    for (const analysis::EventId e : audit.program().function(id).events.ids()) look(audit, report, {id, e});
  });
}

extern const Rule type_object_mutation{{.id = "FT209",
                                        .name = "type-object-mutation",
                                        .category = Category::global_state,
                                        .severity = Severity::high,
                                        .confidence = Confidence::likely,
                                        .summary = "A type is changed directly after other threads can use it",
                                        .why = "method caches and other threads read a type's members without a lock; "
                                               "a change behind the interpreter's back is seen half, or never",
                                        .since = "0.1"},
                                       check};

}  // namespace ftaudit::rules
