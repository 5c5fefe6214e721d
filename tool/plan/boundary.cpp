#include "plan/boundary.h"

#include <algorithm>
#include <map>

#include "plan/growth.h"
#include "plan/spans.h"
#include "plan/words.h"

namespace ftaudit::plan {

using analysis::Audit;
using model::Place;

namespace {

using ByEvent = std::map<EventId, Boundary>;

void hold_sections(const Audit& audit, Remedy& remedy, FunctionId id, const std::vector<Place>& objects) {
  const model::Function& function = audit.program().function(id);
  const std::string file = audit.location(function.name_span).file;
  std::vector<std::string> names;
  for (const Place& object : objects) names.push_back(written(audit, function, object));
  remedy.edits.push_back({.function = id, .objects = objects});
  remedy.places.push_back(place_at(audit, id, none, write_section(file, names, true, is_first_parameter(objects[0]))));
  remedy.functions.insert(id);
}

// True where one that is there already is held.
bool hold_mutex(const Audit& audit, Remedy& remedy, FunctionId id, const ByEvent& events, const std::string& file) {
  bool has_one = false;
  std::set<EventId> own;
  for (const auto& [event, boundary] : events) own.insert(event);
  for (Edit& edit : spans_without_python(audit, id, own, own)) {
    const bool whole = edit.first == none && !edit.stretch;
    const EventId at = edit.first == none ? *own.begin() : edit.first;
    const auto next = events.lower_bound(at);
    const Boundary& boundary = (next == events.end() ? events.begin() : next)->second;
    const auto [field, is_new] = mutex_in(audit, boundary.record);
    Place mutex = boundary.owner;
    mutex.steps.push_back({.kind = model::Step::Kind::field, .field = field, .record = boundary.record});
    edit.lock = Edit::Lock::py_mutex, edit.by_address = true, has_one |= !is_new;
    if (is_new) edit.new_field_of = boundary.record;
    edit.objects.push_back(std::move(mutex));
    remedy.places.push_back(place_at(audit, id, whole ? none : at, write_lock(file, "its " + field, false, whole)));
    remedy.edits.push_back(std::move(edit));
  }
  return has_one;
}

}  // namespace

std::pair<std::string, bool> mutex_in(const Audit& audit, const std::string& record) {
  const model::Record* known = audit.program().record(record);
  if (known == nullptr) return {"mutex", true};
  for (const model::Field& field : known->fields)
    if (field.type.kind == model::Type::Kind::record && field.type.record == "PyMutex") return {field.name, false};
  const bool taken = std::ranges::any_of(known->fields, [](const auto& field) { return field.name == "mutex"; });
  return {taken ? "own_mutex" : "mutex", true};
}

std::optional<Remedy> boundary_remedy(const Audit& audit, const Holders& holders, const std::string& name,
                                      const std::vector<analysis::Party>& parties, const std::string& fields) {
  const model::Record* record = audit.program().record(name);
  if (record == nullptr || record->is_object) return std::nullopt;
  std::vector<Boundary> all;
  bool detached = false;
  for (const analysis::Party& party : parties) {
    // A way on which nobody knows whose the struct is: what is left of the finding tells.
    const std::vector<Boundary> own = holders.boundaries(*party.access);
    detached |= !own.empty() && audit.attached().surely_detached(party.access->site);
    all.insert(all.end(), own.begin(), own.end());
  }
  if (all.empty()) return std::nullopt;
  holders.add_handed_on(all);
  std::map<FunctionId, ByEvent> by_function;
  std::set<std::string> owners;
  for (const Boundary& one : all) {
    detached |= audit.attached().surely_detached({one.function, one.event}) ||
                one.owner.variable >= audit.program().function(one.function).parameters;
    by_function[one.function].emplace(one.event, one);
    owners.insert(one.record);
  }
  Remedy remedy{.kind = detached ? StepKind::record_mutex : StepKind::section};
  remedy.key = std::string(name_of(remedy.kind)) + " owner of " + name;
  bool has_mutex = false;
  std::map<FunctionId, std::vector<Place>> sections;
  for (const auto& [id, events] : by_function) {
    if (detached) {
      has_mutex |= hold_mutex(audit, remedy, id, events, audit.location(audit.program().function(id).name_span).file);
      remedy.functions.insert(id);
      continue;
    }
    for (const auto& [event, boundary] : events)
      for (const Holder& holder : holders.outermost(id, pointer_to(boundary.owner)))
        add_object(sections[holder.function], holders.pointer(holder));
  }
  for (const auto& [id, objects] : sections) hold_sections(audit, remedy, id, objects);
  if (remedy.edits.empty()) return std::nullopt;
  if (!detached) remedy.owner = only_owner(audit, remedy);
  const std::string names = listed({owners.begin(), owners.end()});
  remedy.what = (!detached   ? "hold the critical section of the " + names
                 : has_mutex ? "hold the mutex of the " + names
                             : "give " + names + " a PyMutex" + (owners.size() > 1 ? " each" : "") + " and hold it") +
                " where " + (owners.size() > 1 ? "they use their " : "it uses its ") + name + " (" + fields + ")";
  remedy.because = detached ? "the struct belongs to the object and is used detached, where no critical section holds; "
                              "the mutex is never held while Python runs"
                            : "the struct belongs to the object, and what uses it does not know whose it is";
  return remedy;
}

}  // namespace ftaudit::plan
