#include "plan/inside.h"

#include <algorithm>
#include <map>

#include "capi/changes.h"

namespace ftaudit::plan {

using analysis::Audit;
using analysis::Path;
using analysis::Site;
using model::Event;
using model::Operand;
using model::Place;

namespace {

bool is_walk(const std::string& callee) {
  return callee == "PyDict_Next" || callee == "_PyDict_Next" || callee == "_PySet_NextEntry";
}

bool reads_inside(const Event& event) {
  if (is_walk(event.callee) || event.callee.starts_with("PySequence_Fast_") ||
      event.callee.starts_with("PySequence_ITEM"))
    return true;
  if (event.callee == "Py_TYPE") return false;  // no part of what a container's lock is for
  if (const capi::Internal* internal = capi::internal_call(event.callee); internal != nullptr)
    return internal->hazard != capi::Hazard::none;
  const capi::Borrowed* api = capi::borrowed_return(event.callee);
  return api != nullptr && api->is_macro;
}

bool tells_size(const std::string& callee) {
  return callee.ends_with("_GET_SIZE") || callee == "PyList_Size" || callee == "PyDict_Size";
}

// The container as a place of the function that can be named anywhere in it.
bool place_of(const Audit& audit, const Site& site, const Operand& container, InsideUse& out) {
  const model::Function& function = audit.function(site);
  const analysis::Values& values = audit.values(site.function);
  // The pointer in a binding's handle: of the handle.
  if (container.kind == Operand::Kind::call && capi::unwraps(function.events[container.event].callee) &&
      !function.events[container.event].operands.empty()) {
    Operand handle = function.events[container.event].operands[0];
    if (handle.kind != Operand::Kind::address && handle.kind != Operand::Kind::place) return false;
    handle.kind = Operand::Kind::place;
    return place_of(audit, site, handle, out);
  }
  if (container.kind == Operand::Kind::place && function.places[container.place].root != Place::Root::call) {
    out.place = function.places[container.place];
  } else {
    const Path path = path_of(function, values, container, site.event);
    if ((path.root != Path::Root::parameter && path.root != Path::Root::global && path.root != Path::Root::local) ||
        path.is_address)
      return false;
    out.place = {.root = path.root == Path::Root::global ? Place::Root::global : Place::Root::variable};
    if (path.root == Path::Root::global) out.place.global = path.global();
    else out.place.variable = path.number;
    out.place.steps = path.steps;
  }
  if (out.place.root == Place::Root::unknown) return false;
  out.place.type = {.kind = model::Type::Kind::pointer,
                    .spelling = "PyObject *",
                    .record = "PyObject",
                    .indirections = 1,
                    .to_object = true};
  if (out.place.root != Place::Root::variable) return true;
  std::vector<EventId> given = values.definitions(out.place.variable, site.event);
  std::erase_if(given, [&](EventId e) { return e != none && capi::unwraps(function.events[e].callee); });
  if (given.empty() && out.place.variable < function.parameters) return true;
  if (given.size() != 1) return false;  // one thing on one way, another on another
  out.made = given[0];
  return true;
}

}  // namespace

std::vector<InsideUse> inside_uses(const Audit& audit, const std::function<bool(const Site&)>& besides) {
  std::map<std::pair<FunctionId, std::string>, InsideUse> found;
  audit.each_concurrent_call(
      [](const Event& event) {
        return reads_inside(event) || tells_size(event.callee) || capi::borrowed_return(event.callee) != nullptr;
      },
      [&](const Site& site) {
        const Event& event = audit.event(site);
        if (event.operands.empty()) return;
        if (!reads_inside(event) && !tells_size(event.callee) && !besides(site)) return;
        InsideUse use{.function = site.function};
        use.container = event.operands[0];
        use.fast = audit.made_by(site, use.container, capi::makes_fast_sequence);
        const Site where{site.function, use.fast == none ? site.event : use.fast};
        const Operand& container = use.fast == none ? use.container : audit.event(where).operands[0];
        const analysis::Origin origin = audit.ownership().of(site.function, site.event, use.container);
        if (origin.is_private() || audit.unchanging(site, use.container, origin) ||
            audit.guarded(site, use.container) || !place_of(audit, where, container, use))
          return;
        const analysis::Values& values = audit.values(site.function);
        const auto [known, fresh] =
            found.try_emplace({site.function, values.identity(container, where.event)}, std::move(use));
        InsideUse& into = known->second;
        if (fresh) into.name = audit.text(where, container);
        if (tells_size(event.callee)) {
          into.sizes.insert(site.event);
          return;
        }
        into.reads.insert(site.event);
        into.walk |= is_walk(event.callee);
        into.in_loop |= values.reaches(site.event, site.event, none);
        // Taking a reference of one's own ends what the container has to be locked for.
        std::vector<analysis::Use> lent = values.uses(site.event, none, true);
        for (std::size_t i = 2; is_walk(event.callee) && i < event.operands.size(); ++i)
          if (const std::uint32_t item = values.local_of(event.operands[i]); item != none)
            for (const analysis::Use& one : values.uses(site.event, item, true)) lent.push_back(one);
        for (const analysis::Use& one : lent) into.lent.insert(one.event);
      });
  std::vector<InsideUse> out;
  for (auto& [key, use] : found)
    if (!use.reads.empty()) out.push_back(std::move(use));
  return out;
}

}  // namespace ftaudit::plan
