// Containers that are read from the inside: the container's own section around the walk, or from the place where its
// items are taken to the last use.
#include <algorithm>
#include <map>

#include "cython/sources.h"
#include "plan/remedy.h"
#include "plan/words.h"

namespace ftaudit::plan {

using analysis::Audit;
using analysis::Path;
using analysis::Site;
using model::Operand;

namespace {

bool reads_inside(const model::Event& event) {
  if (event.callee == "PyDict_Next" || event.callee == "_PyDict_Next" || event.callee == "_PySet_NextEntry")
    return true;
  if (event.callee.starts_with("PySequence_Fast_") || event.callee.starts_with("PySequence_ITEM")) return true;
  if (capi::internal_call(event.callee) != nullptr) return true;
  const capi::Borrowed* api = capi::borrowed_return(event.callee);
  return api != nullptr && api->is_macro;
}

// The object that PySequence_Fast was given, or the operand itself.
const Operand& container_of(const Audit& audit, const Site& site, const Operand& operand) {
  const analysis::EventId fast = audit.made_by(site, operand, "PySequence_Fast");
  return fast == none ? operand : audit.function(site).events[fast].operands[0];
}

}  // namespace

void container_remedies(const Audit& audit, const Refused& refused, Remedies& out) {
  std::map<std::string, Remedy> by_container;
  audit.each_concurrent_call(reads_inside, [&](const Site& site) {
    const model::Event& event = audit.event(site);
    if (event.operands.empty()) return;
    const Operand& container = container_of(audit, site, event.operands[0]);
    const analysis::Origin origin = audit.ownership().of(site.function, site.event, container);
    if (origin.is_private() || audit.unchanging(site, container, origin) || audit.guarded(site, container)) return;
    const model::Function& function = audit.function(site);
    if (audit.held().is_busy(site.function)) return;
    // Of something that is there from the beginning to the end of the function.
    const Path path = path_of(function, audit.values(site.function), container, site.event);
    if ((path.root != Path::Root::parameter && path.root != Path::Root::global) || path.is_address) return;
    Edit edit{.function = site.function};
    model::Place place{.root =
                           path.root == Path::Root::global ? model::Place::Root::global : model::Place::Root::variable};
    if (path.root == Path::Root::global) place.global = {path.number};
    else place.variable = path.number;
    place.steps = path.steps;
    place.type = {.kind = model::Type::Kind::pointer,
                  .spelling = "PyObject *",
                  .record = "PyObject",
                  .indirections = 1,
                  .to_object = true};
    edit.objects.push_back(std::move(place));
    const std::string name = audit.text(site, container), key = function.name + " " + name;
    Remedy& remedy = by_container[key];
    remedy.speaks_of.insert(audit.location(site));
    if (!remedy.edits.empty()) return;
    remedy.kind = StepKind::container_section;
    remedy.key = "container-section " + key;
    remedy.functions.insert(site.function);
    const std::string file = audit.location(site).file;
    const bool walk = event.callee.find("Next") != std::string::npos;
    remedy.places.push_back(place_at(audit, site.function, site.event,
                                     cython::is_source_name(file)
                                         ? "with cython.critical_section(" + name + "):"
                                         : "Py_BEGIN_CRITICAL_SECTION(" + name + ") around " +
                                               (walk ? "the whole walk" : "all that goes by its items")));
    remedy.edits.push_back(std::move(edit));
    remedy.what = "hold the critical section of " + name + " in " + function.name + " while it is " +
                  (walk ? "walked" : "read from the inside");
    remedy.because = "macros and PyDict_Next take no lock themselves";
    remedy.otherwise = walk ? "walk over a copy: PyDict_Copy, PyDict_Items" : "";
  });
  for (auto& [key, remedy] : by_container)
    if (!refused.contains(remedy.key)) out.push_back(std::move(remedy));
}

}  // namespace ftaudit::plan
