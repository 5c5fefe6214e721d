#include "analysis/internals.h"

#include "analysis/unique.h"
#include "capi/capi.h"
#include "capi/changes.h"
#include "capi/records.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

// Headers of objects, types and weak references are other rules' matter.
bool is_others_matter(capi::Record record) {
  return record == capi::Record::object || record == capi::Record::var_object || record == capi::Record::type_object ||
         record == capi::Record::weak_reference;
}

// The container an access path goes through, up to the field of CPython's; none if there is no such field.
std::size_t internal_step(const Place& place, const capi::Internal*& internal) {
  for (std::size_t i = 0; i < place.steps.size(); ++i) {
    const Step& step = place.steps[i];
    if (step.kind != Step::Kind::field || is_others_matter(capi::record_named(step.record))) continue;
    internal = capi::internal_field(step.record, step.field);
    if (internal != nullptr) return i;
  }
  return place.steps.size();
}

}  // namespace

std::vector<InternalUse> internal_uses(const Audit& audit, FunctionId id, std::uint64_t& looked_at) {
  std::vector<InternalUse> out;
  const model::Function& function = audit.program().function(id);
  for (const EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    if (event.place == none || event.macro != none ||
        (event.kind != Event::Kind::read && event.kind != Event::Kind::write))
      continue;
    const Place& place = function.places[event.place];
    const capi::Internal* internal = nullptr;
    const std::size_t step = internal_step(place, internal);
    if (internal == nullptr || (step + 1 < place.steps.size() && event.kind == Event::Kind::read))
      continue;  // said once, where the field itself is read
    ++looked_at;
    if (internal->writing_only && event.kind == Event::Kind::read) continue;
    if (event.atomic && internal->hazard == capi::Hazard::medium) continue;
    if (internal->hazard < capi::Hazard::medium && !internal->writing_only) continue;
    // Who has the container: what the path starts from.
    Operand container;
    container.kind = place.root == Place::Root::call ? Operand::Kind::call : Operand::Kind::place;
    container.event = place.call;
    container.place = event.place;
    const Origin origin = audit.ownership().of(id, e, container);
    // That the object never changes otherwise does not help.
    const bool late = capi::is_filled_late(internal->field) && origin.kind == Origin::Kind::immutable;
    if ((origin.is_private() && !late) || audit.guarded({id, e}, container) || made_unique(audit, {id, e}, container))
      continue;
    out.push_back({{id, e}, internal, origin.certain});
  }
  return out;
}

}  // namespace ftaudit::analysis
