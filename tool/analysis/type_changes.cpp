#include "analysis/type_changes.h"

#include <algorithm>

#include "capi/changes.h"
#include "capi/fields.h"
#include "capi/records.h"
#include "capi/slots.h"
#include "capi/types.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

bool is_member(const Step& step) {
  if (step.kind != Step::Kind::field || step.field.starts_with(capi::fields::header_prefix)) return false;
  const capi::Record record = capi::record_named(step.record);
  return record == capi::Record::type_object || record == capi::Record::heap_type;
}

// The first step of a path that is a member of a type object; its size when none is.
std::size_t member(const std::vector<Step>& steps) {
  return static_cast<std::size_t>(std::find_if(steps.begin(), steps.end(), is_member) - steps.begin());
}

// What is merely unchangeable for its users can still get another type.
bool is_own(const Origin& origin) {
  return origin.kind == Origin::Kind::fresh || origin.kind == Origin::Kind::exclusive ||
         origin.kind == Origin::Kind::none;
}

class Search {
 public:
  Search(const Audit& audit, const Site& site)
      : audit_(audit), site_(site), function_(audit.function(site)), event_(audit.event(site)) {}

  std::optional<TypeChange> look() const {
    using How = TypeChange::How;
    if (event_.kind == Event::Kind::write && event_.place != none) return member_write(function_.places[event_.place]);
    if (!is_call(event_)) return std::nullopt;
    if (capi::changes_watchers(event_.callee)) return TypeChange{How::watchers, "", true};
    if (event_.operands.empty()) return std::nullopt;
    if (capi::sets_type(event_.callee))
      return TypeChange{How::type_of_object, "",
                        !is_own(audit_.ownership().of(site_.function, site_.event, event_.operands[0]))};
    return capi::writes_dict(event_.callee) ? dict_write(audit_.values(site_.function)) : std::nullopt;
  }

 private:
  std::optional<TypeChange> member_write(const Place& place) const {
    const std::size_t at = member(place.steps);
    if (at == place.steps.size()) return std::nullopt;
    Place type = place;
    type.steps.resize(at);
    const bool on_stack = type.steps.empty() && place.root != Place::Root::global;
    const Path path = path_of(function_, audit_.values(site_.function), type, site_.event);
    return TypeChange{TypeChange::How::member, place.steps[at].field, !on_stack && others_have(site_, path),
                      is_handed_in(site_, path)};
  }

  std::optional<TypeChange> dict_write(const Values& values) const {
    Path dict = path_of(function_, values, event_.operands[0], site_.event);
    if (dict.root == Path::Root::call && dict.steps.empty()) {
      const Event& made = function_.events[dict.call()];
      if (!capi::gives_type_dict(made.callee) || made.operands.empty()) return std::nullopt;
      dict = path_of(function_, values, made.operands[0], dict.call());
    } else {
      const std::size_t at = member(dict.steps);
      if (at == dict.steps.size() || dict.steps[at].field != capi::fields::dict) return std::nullopt;
      dict.steps.resize(at);
    }
    return TypeChange{TypeChange::How::dict, std::string(capi::fields::dict), others_have(site_, dict)};
  }

  // False: the type at the end of the path is nobody's yet, made here or made ready afterwards; a helper's, in all of
  // its callers.
  bool others_have(const Site& site, const Path& type, unsigned depth = 0) const {
    const model::Function& function = audit_.function(site);
    for (const EventId e : function.events.ids(site.event + 1)) {
      const Event& later = function.events[e];
      if (!is_call(later) || capi::readies_type(later.callee) != capi::Readies::under_lock || later.operands.empty())
        continue;
      if (bare(path_of(function, audit_.values(site.function), later.operands[0], e)) == bare(type)) return false;
    }
    const bool direct = std::all_of(type.steps.begin(), type.steps.end(), leads_nowhere);
    if (type.root == Path::Root::unknown) return false;
    if (type.root == Path::Root::global || !direct) return true;
    if (type.root == Path::Root::call) {
      const std::string& callee = function.events[type.call()].callee;
      if (capi::looks_at_type(callee)) return true;
      if (capi::makes_type(callee) || is_made_by_slot(function.events[type.call()], function)) return false;
    }
    const Origin origin = type.root == Path::Root::call
                              ? audit_.ownership().of_call(site.function, type.at, type.call())
                              : audit_.ownership().of_local(site.function, type.at, type.number);
    return !is_own(origin) && (type.root != Path::Root::parameter || callers_others_have(site, type.number, depth));
  }

  bool callers_others_have(const Site& site, std::uint32_t parameter, unsigned depth) const {
    const std::vector<Edge>& calls = audit_.program().calls_to(site.function);
    const EntryPoint* entry = audit_.contexts().entry(site.function);
    // A class whose metaclass initialises it is in the hands of who makes it.
    const bool own = entry != nullptr && parameter == 0 && entry->role == capi::Role::init_slot && !entry->exported;
    if (depth == 4 || (entry != nullptr ? !own : calls.empty())) return true;
    return std::any_of(calls.begin(), calls.end(), [&](const Edge& call) {
      const std::vector<model::Operand>& given = audit_.program().function(call.from).events[call.event].operands;
      if (call.mention || call.indirect || parameter >= given.size()) return true;
      const Path type =
          path_of(audit_.program().function(call.from), audit_.values(call.from), given[parameter], call.event);
      return others_have({call.from, call.event}, type, depth + 1);
    });
  }

  // The caller in Python says which type it is: an argument, not the object or module whose function it is; a helper's,
  // in all of its callers.
  bool is_handed_in(const Site& site, const Path& type, unsigned depth = 0) const {
    const bool direct = std::ranges::all_of(
        type.steps, [](const Step& step) { return leads_nowhere(step) || step.kind == Step::Kind::index; });
    if (!direct || depth == 4) return false;
    if (type.root == Path::Root::local)
      return audit_.ownership().of_local(site.function, type.at, type.number).from_python;
    if (type.root != Path::Root::parameter) return false;
    if (const EntryPoint* entry = audit_.contexts().entry(site.function); entry != nullptr)
      return type.number > 0 && capi::slot_use(entry->slot) == capi::SlotUse::method;
    const std::vector<Edge>& calls = audit_.program().calls_to(site.function);
    return !calls.empty() && std::ranges::all_of(calls, [&](const Edge& call) {
      const model::Function& caller = audit_.program().function(call.from);
      const std::vector<model::Operand>& given = caller.events[call.event].operands;
      return !call.mention && !call.indirect && type.number < given.size() &&
             is_handed_in({call.from, call.event},
                          path_of(caller, audit_.values(call.from), given[type.number], call.event), depth + 1);
    });
  }

  // `PyType_Type.tp_new(...)`, and the tp_new of a base: what is given back is new.
  static bool is_made_by_slot(const Event& call, const model::Function& function) {
    if (!call.callee.empty() || call.target.kind != Operand::Kind::place) return false;
    const std::vector<Step>& steps = function.places[call.target.place].steps;
    return !steps.empty() && is_member(steps.back()) && capi::role_of_slot(steps.back().field) == capi::Role::new_slot;
  }

  // A heap type begins with its type object.
  static bool leads_nowhere(const Step& step) {
    return step.kind == Step::Kind::deref || (step.kind == Step::Kind::field && step.field == capi::fields::heap_type &&
                                              capi::record_named(step.record) == capi::Record::heap_type);
  }
  static std::string bare(Path path) {
    std::erase_if(path.steps, leads_nowhere);
    path.is_address = false;
    return path.text();
  }

  const Audit& audit_;
  const Site site_;
  const model::Function& function_;
  const Event& event_;
};

}  // namespace

std::optional<TypeChange> type_change(const Audit& audit, const Site& site) { return Search(audit, site).look(); }

}  // namespace ftaudit::analysis
