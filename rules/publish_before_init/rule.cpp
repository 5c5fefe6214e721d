#include "finding/rule.h"
#include "analysis/atomic_pointers.h"
#include "analysis/publishing.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::EventId;
using analysis::FunctionId;
using analysis::Site;

static void object(const Audit& audit, Report& report, FunctionId id, EventId made) {
  report.site();
  const std::optional<analysis::Unfinished> found = analysis::seen_unfinished(audit, id, made);
  if (!found) return;
  Finding& finding =
      add_at(report, audit, Site{id, found->seen},
             found->tracked ? "the garbage collector is given an object whose field " + found->field + " is not set yet"
                            : "an object is put where others find it before its field " + found->field + " is set");
  finding.place = found->field;
  finding.instead = found->tracked ? "set every field first, PyObject_GC_Track last"
                                   : "set every field first, and make the object known last";
  finding.trace.push_back({audit.location(Site{id, found->made}), "the object is made here"});
  finding.trace.push_back({audit.location(Site{id, found->set}), "the field is set here"});
}

static void in_no_order(const Audit& audit, Report& report, const analysis::Unordered& found) {
  Finding& finding = add_at(report, audit, found.store,
                            "what was just made is stored in " + found.name +
                                " in no order: others may follow the pointer before they see what was put there");
  finding.place = found.name;
  finding.instead = "store it with release order (memory_order_release), and load it with acquire order";
  finding.trace.push_back({audit.location(found.load), "it is loaded here"});
  finding.trace.push_back({audit.location(found.use), "and followed here"});
}

static void check(const Audit& audit, Report& report) {
  for (const analysis::Unordered& found : analysis::unordered_stores(audit))
    if (!found.locked) in_no_order(audit, report, found);
  audit.each_concurrent_function([&](FunctionId id) {
    const model::Function& function = audit.program().function(id);
    for (const EventId e : function.events.ids())
      if (analysis::makes_object(function, function.events[e])) object(audit, report, id, e);
  });
}

extern const Rule publish_before_init{
    {.id = "FT312",
     .name = "publish-before-init",
     .category = Category::object_field,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "An object can be reached by others before all its fields are set",
     .why = "another thread, or the garbage collector, may take the object up the moment it can be found, and then "
            "works with fields that hold nothing yet, or whatever was in the memory before",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
