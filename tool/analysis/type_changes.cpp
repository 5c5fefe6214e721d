#include "analysis/type_changes.h"

#include <algorithm>

#include "capi/changes.h"
#include "capi/fields.h"
#include "capi/records.h"
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
    return TypeChange{TypeChange::How::member, place.steps[at].field,
                      !on_stack && others_have(path_of(function_, audit_.values(site_.function), type, site_.event))};
  }

  std::optional<TypeChange> dict_write(const Values& values) const {
    Path dict = path_of(function_, values, event_.operands[0], site_.event);
    if (dict.root == Path::Root::call && dict.steps.empty()) {
      const Event& made = function_.events[dict.number];
      if (!capi::gives_type_dict(made.callee) || made.operands.empty()) return std::nullopt;
      dict = path_of(function_, values, made.operands[0], dict.number);
    } else {
      const std::size_t at = member(dict.steps);
      if (at == dict.steps.size() || dict.steps[at].field != capi::fields::dict) return std::nullopt;
      dict.steps.resize(at);
    }
    return TypeChange{TypeChange::How::dict, std::string(capi::fields::dict), others_have(dict)};
  }

  // The type at the end of the path is nobody's yet: made here, or made ready afterwards.
  bool others_have(const Path& type) const {
    for (EventId e = site_.event + 1; e < function_.events.size(); ++e) {
      const Event& later = function_.events[e];
      if (!is_call(later) || capi::readies_type(later.callee) != capi::Readies::under_lock || later.operands.empty())
        continue;
      if (bare(path_of(function_, audit_.values(site_.function), later.operands[0], e)) == bare(type)) return false;
    }
    const bool direct = std::all_of(type.steps.begin(), type.steps.end(),
                                    [](const Step& step) { return step.kind == Step::Kind::deref; });
    if (type.root == Path::Root::unknown) return false;
    if (type.root == Path::Root::global || !direct) return true;
    if (type.root == Path::Root::call) {
      const std::string& callee = function_.events[type.number].callee;
      if (capi::looks_at_type(callee)) return true;
      if (capi::makes_type(callee)) return false;
    }
    const Origin origin = type.root == Path::Root::call
                              ? audit_.ownership().of_call(site_.function, type.at, type.number)
                              : audit_.ownership().of_local(site_.function, type.at, type.number);
    return !is_own(origin);
  }
  static std::string bare(const Path& path) {
    std::size_t count = path.steps.size();
    while (count > 0 && path.steps[count - 1].kind == Step::Kind::deref) --count;
    return path.text(count);
  }

  const Audit& audit_;
  const Site site_;
  const model::Function& function_;
  const Event& event_;
};

}  // namespace

std::optional<TypeChange> type_change(const Audit& audit, const Site& site) { return Search(audit, site).look(); }

}  // namespace ftaudit::analysis
