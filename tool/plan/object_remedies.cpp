// What belongs to an object: its critical section in the methods that use it, a mutex in a struct that is no object, an
// atomic for a number that stands alone.
#include <algorithm>
#include <map>

#include "plan/boundary.h"
#include "plan/growth.h"
#include "plan/holders.h"
#include "plan/lent_fields.h"
#include "plan/lone.h"
#include "plan/remedy.h"
#include "plan/spans.h"
#include "plan/words.h"

namespace ftaudit::plan {

using analysis::Access;
using analysis::Audit;
using analysis::Conflict;
using analysis::Party;
using analysis::State;
using model::Place;
using model::Step;

namespace {

struct Group {
  std::string record;
  std::string lock;         // that the others hold; "" for none
  bool in_library = false;  // containers of the C++ library, which any native mutex keeps whole
  std::vector<Party> parties;
  std::set<const State*> states;
};

// "guard" of "&*.guard" and "&.guard": a lock that is a field of the object itself; "" for others.
std::string field_of_lock(std::string_view lock) {
  if (!lock.starts_with("&")) return "";
  lock.remove_prefix(lock.starts_with("&*") ? 2 : 1);
  return lock.starts_with(".") && lock.find_first_of(".*[", 1) == lock.npos ? std::string(lock.substr(1)) : "";
}

template <class T> bool contains(const std::vector<T>& all, const T& one) {
  return std::ranges::find(all, one) != all.end();
}

class Objects {
 public:
  Objects(const Audit& audit, const Refused& refused, Remedies& out)
      : audit_(audit), refused_(refused), out_(out), holders_(audit) {}

  void work_out() {
    std::map<std::pair<std::string, std::string>, Group> groups;
    const auto into = [&](const State& state, const std::string& lock, const std::vector<Party>& sides) {
      const bool section = lock.empty() || lock.starts_with("section");
      Group& group = groups[{state.record, section ? "" : lock}];
      group.record = state.record, group.lock = section ? "" : lock;
      for (const Party& side : sides) group.parties.push_back(side), group.states.insert(side.state);
    };
    const std::set<const Conflict*> atomic = atomic_remedies(audit_, refused_, out_);
    for (const Conflict& conflict : audit_.conflicts().all())
      if (conflict.state->kind == State::Kind::field && !conflict.state->module_state && !atomic.contains(&conflict))
        into(*conflict.state, conflict.lock.empty() ? lock_of_writers(*conflict.state) : conflict.lock, conflict.sides);
    for (const analysis::Load& load : audit_.loads())
      if (load.state->kind == State::Kind::field && !load.state->module_state)
        into(*load.state, lock_of_writers(*load.state), load.sides);
    for (const State& state : audit_.shared().cxx_containers()) {
      if (state.kind != State::Kind::field || !audit_.conflicts().pair(state)) continue;
      Group& group = groups[{state.record, "the library's"}];
      group.record = state.record, group.in_library = true;
      for (const Party& side : audit_.conflicts().parties({&state}, ""))
        group.parties.push_back(side), group.states.insert(side.state);
    }
    for (const auto& [key, group] : groups) {
      if (!group.lock.empty() && usual(group)) continue;
      if (!group.in_library && atomics(group)) continue;
      // No section keeps off who uses the struct detached.
      if (used_detached(group) && at_boundary(group)) continue;
      if (section(group) || at_boundary(group)) continue;
      mutex(group);
    }
  }

 private:
  Remedy begin(StepKind kind, const std::string& of) const {
    return {.kind = kind, .key = std::string(name_of(kind)) + " " + of};
  }

  void describe(Remedy& remedy, const Group& group) const {
    std::set<std::string> states;
    for (const Party& party : group.parties) {
      remedy.speaks_of.insert(audit_.location(party.access->site));
      states.insert(party.state->name);
      remedy.uses[group.record].insert(party.state->field);
    }
    remedy.states.assign(states.begin(), states.end());
  }

  // "size and items of bag.Bag".
  std::string fields(const Group& group) const {
    std::set<std::string> names;
    for (const State* state : group.states) names.insert(state->field);
    return listed({names.begin(), names.end()});
  }

  bool atomics(const Group& group) {
    // A lock costs one edit a method, an atomic one edit: it pays where nothing else has to agree with the number.
    std::map<std::string, const State*> numbers;
    for (const State* state : group.states) {
      if (!is_lone_number(audit_, *state)) return false;
      numbers[state->field] = state;
    }
    if (numbers.empty() || numbers.size() > 3) return false;
    std::set<FunctionId> writers;
    std::size_t sum = 0;
    for (const auto& [field, state] : numbers) {
      const std::set<FunctionId> own = writers_of(*state);
      sum += own.size();
      writers.insert(own.begin(), own.end());
    }
    if (numbers.size() > 1 && writers.size() != sum) return false;  // changed together: they belong together
    Remedy remedy = begin(StepKind::atomic, group.record + "." + numbers.begin()->first);
    if (refused_.contains(remedy.key)) return false;
    describe(remedy, group);
    for (const auto& [field, state] : numbers) make_atomic(audit_, group.record, field, remedy);
    remedy.what = "make " + fields(group) + " of " + audit_.shared().type_of(group.record) + " atomic";
    remedy.because = "nothing else has to agree with it, so no method needs a lock for it";
    for (const Party& party : group.parties) remedy.functions.insert(party.access->site.function);
    out_.push_back(std::move(remedy));
    return true;
  }

  bool used_detached(const Group& group) const {
    const model::Record* record = audit_.program().record(group.record);
    return record != nullptr && !record->is_object && std::ranges::any_of(group.parties, [&](const Party& party) {
             return audit_.attached().surely_detached(party.access->site);
           });
  }

  // The critical section of the object, around or all through what uses it.
  bool section(const Group& group) {
    const model::Record* record = audit_.program().record(group.record);
    const bool object = record != nullptr && record->is_object;
    Remedy remedy = begin(StepKind::section, group.record);
    if (refused_.contains(remedy.key)) return false;
    // Where it cannot be held or the object is not known, the others are still worth it: what is left is told.
    Group reached = group;
    std::erase_if(reached.parties, [&](const Party& party) {
      return audit_.attached().surely_detached(party.access->site) || !holders_.of(*party.access);
    });
    std::map<FunctionId, std::vector<Place>> whole;
    std::map<FunctionId, std::vector<EventId>> around;
    std::set<FunctionId> for_others;  // what they call uses it
    bool lent = false;
    for (const Party& party : reached.parties) {
      const auto own = holders_.of(*party.access);
      for (const Holder& holder : *own) {
        if (holder.function != party.access->site.function) for_others.insert(holder.function);
        const std::optional<Place> object_here = holders_.object(holder);
        if (object_here && add_object(whole[holder.function], *object_here)) continue;
        if (const EventId event = holder.parameter == none ? holder.event : party.access->site.event;
            !contains(around[party.access->site.function], event)) {
          around[party.access->site.function].push_back(event);
        }
      }
    }
    for (auto& [id, events] : around) hold_once(id, events, group.record, object, whole[id]);
    for (auto& [id, objects] : whole) {
      if (objects.empty()) continue;
      std::ranges::sort(objects, [](const Place& a, const Place& b) {
        return std::pair(a.variable, a.steps.size()) < std::pair(b.variable, b.steps.size());
      });
      const model::Function& function = audit_.program().function(id);
      if (!for_others.contains(id))
        if (const std::set<EventId> reads = lent_reads(audit_, id, group.states); !reads.empty()) {
          own_references(audit_, id, reads, objects, fields(group), remedy), lent = true;
          continue;
        }
      std::vector<std::string> names;
      for (const Place& one : objects) names.push_back(written(audit_, function, one));
      remedy.edits.push_back({.function = id, .objects = objects});
      remedy.places.push_back(place_at(
          audit_, id, none,
          write_section(audit_.location(function.name_span).file, names, true, is_first_parameter(objects[0]))));
      remedy.functions.insert(id);
    }
    for (const auto& [id, events] : around)
      for (const EventId event : events) around_event(remedy, id, event, group.record, object);
    remedy.owner = object ? group.record : only_owner(audit_, remedy);
    if (remedy.edits.empty()) return false;
    describe(remedy, reached);
    const std::size_t functions = remedy.functions.size();
    remedy.what =
        "hold the critical section of the " + audit_.shared().type_of(group.record) + (object ? "" : "'s owner") +
        " in " +
        (functions == 1 ? "the function that uses " : "the " + std::to_string(functions) + " functions that use ") +
        fields(group);
    remedy.because = group.states.size() > 1 ? "they change together, and one section an object keeps them so"
                                             : "one section an object keeps every other method off while it is used";
    if (lent) remedy.because += "; what is handed to Python's code outlives it by a reference of its own";
    if (object)
      remedy.otherwise = "say that callers keep threads apart: [tool.ftaudit.types] \"" +
                         audit_.shared().type_of(group.record) + "\" = \"external\", and in the documentation";
    out_.push_back(std::move(remedy));
    return true;
  }

  // Several sections on one parameter are one all through the function.
  void hold_once(FunctionId id, std::vector<EventId>& events, const std::string& record, bool object,
                 std::vector<Place>& objects) const {
    const model::Function& function = audit_.program().function(id);
    std::map<std::uint32_t, std::vector<EventId>> by_parameter;
    for (const EventId event : events)
      if (const std::optional<Place> owner = Holders::owner_at(function, event, record);
          object && owner && owner->root == Place::Root::variable && owner->variable < function.parameters &&
          owner->steps.size() == 1 && owner->steps[0].kind == Step::Kind::deref &&
          holders_.object({.function = id, .parameter = owner->variable}))
        by_parameter[owner->variable].push_back(event);
    for (const auto& [parameter, own] : by_parameter) {
      const Place one = holders_.pointer({.function = id, .parameter = parameter});
      const bool known = std::ranges::any_of(objects, [&](const Place& other) { return is_same_object(one, other); });
      if (!known && (own.size() < 2 || !add_object(objects, one))) continue;
      std::erase_if(events, [&](EventId event) { return contains(own, event); });
    }
  }

  bool around_event(Remedy& remedy, FunctionId id, EventId event, const std::string& record, bool object) const {
    const model::Function& function = audit_.program().function(id);
    std::optional<Place> owner = Holders::owner_at(function, event, record);
    if (!owner) return false;
    Edit edit{.function = id, .first = event, .last = event};
    if (!object) owner->steps.clear();
    else if (!owner->steps.empty() && owner->steps.back().kind == Step::Kind::deref) owner->steps.pop_back();
    else edit.by_address = true;
    const bool variable = owner->root == Place::Root::variable && owner->steps.empty();
    if (!object && !(variable && function.variables[owner->variable].type.to_object)) return false;
    std::string name = written(audit_, function, *owner);
    if (name.empty()) name = "the object";
    edit.objects.push_back(std::move(*owner));
    remedy.edits.push_back(std::move(edit));
    remedy.places.push_back(
        place_at(audit_, id, event, write_section(audit_.location(function.name_span).file, {name}, false, false)));
    remedy.functions.insert(id);
    return true;
  }

  // The object of a method, where the part of it has another name: the range of a loop.
  static std::optional<Place> itself(const model::Function& function, const std::string& record) {
    if (!function.has_this || function.variables.empty() || function.variables[0].type.record != record)
      return std::nullopt;
    return Place{.root = Place::Root::variable,
                 .variable = 0,
                 .steps = {{.kind = Step::Kind::deref}},
                 .type = function.variables[0].type};
  }

  // A mutex in the struct that all who write the state hold already, wherever the one that does not may be.
  static std::string lock_of_writers(const State& state) {
    std::optional<std::vector<std::string>> common;
    for (const Access& access : state.accesses) {
      if (!access.write) continue;
      std::vector<std::string> own;
      for (const std::string& lock : access.locks)
        if (!field_of_lock(lock).empty() && (!common || contains(*common, lock))) own.push_back(lock);
      common = std::move(own);
    }
    return common && !common->empty() ? common->front() : "";
  }

  // Where a struct is used that an object leads to: a lock of the object's.
  bool at_boundary(const Group& group) {
    if (group.in_library) return false;
    std::optional<Remedy> remedy = boundary_remedy(audit_, holders_, group.record, group.parties, fields(group));
    if (!remedy || refused_.contains(remedy->key)) return false;
    describe(*remedy, group);
    out_.push_back(std::move(*remedy));
    return true;
  }

  // A mutex of the struct: a new one, or the one that others hold already.
  bool hold_field(Remedy& remedy, const Group& group, const std::string& field, Edit::Lock lock, bool is_new) const {
    std::map<FunctionId, std::set<EventId>> events, all;
    for (const Party& party : group.parties) events[party.access->site.function].insert(party.access->site.event);
    for (const State* state : group.states)
      for (const Access& access : state->accesses) all[access.site.function].insert(access.site.event);
    for (const auto& [id, own] : events) {
      const model::Function& function = audit_.program().function(id);
      std::vector<Edit> spans = spans_without_python(audit_, id, own, all[id]);
      const bool all_known =
          std::ranges::all_of(own, [&](EventId e) { return Holders::owner_at(function, e, group.record).has_value(); });
      if (!all_known && !audit_.suspension().function(id) && itself(function, group.record)) spans = {{.function = id}};
      for (Edit& edit : spans) {
        const bool whole = edit.first == none && !edit.stretch;
        const EventId at = edit.first == none ? *own.begin() : edit.first;
        std::optional<Place> owner = Holders::owner_at(function, at, group.record);
        if (!owner && whole) owner = itself(function, group.record);
        if (!owner) continue;
        // Farther than the accesses only where the struct is there from the beginning.
        if (edit.first == none && (owner->root != Place::Root::variable || owner->variable >= function.parameters ||
                                   owner->steps.size() > 1 || may_be_null(audit_, id, pointer_to(*owner))))
          edit.first = edit.last = *own.begin(), edit.stretch.reset(), edit.apart = own.size() > 1;
        owner->steps.push_back({.kind = Step::Kind::field, .field = field, .record = group.record});
        edit.lock = lock, edit.by_address = true;
        if (is_new) edit.new_field_of = group.record;
        edit.objects.push_back(std::move(*owner));
        const std::string file = audit_.location(function.name_span).file;
        remedy.places.push_back(place_at(audit_, id, whole ? none : at,
                                         write_lock(file, "its " + field, lock == Edit::Lock::native, whole)));
        remedy.edits.push_back(std::move(edit));
      }
      remedy.functions.insert(id);
    }
    describe(remedy, group);
    return !remedy.edits.empty();
  }

  bool mutex(const Group& group) {
    const bool native = group.in_library;
    Remedy remedy = begin(StepKind::record_mutex, group.record + (native ? " std" : ""));
    if (refused_.contains(remedy.key)) return false;
    const model::Record* record = audit_.program().record(group.record);
    if (record == nullptr) return false;
    const auto [field, is_new] = native ? std::pair(std::string("mutex"), true) : mutex_in(audit_, group.record);
    if (!hold_field(remedy, group, field, native ? Edit::Lock::native : Edit::Lock::py_mutex, is_new)) return false;
    remedy.what = (is_new ? "give " + group.record + (native ? " a std::mutex" : " a PyMutex") + " and hold it around "
                          : "hold the " + field + " of " + group.record + " around ") +
                  fields(group);
    remedy.because = std::string(native              ? "containers of the C++ library have no lock of their own"
                                 : record->is_object ? "no critical section holds all the while"
                                                     : "the struct is no object that has a critical section") +
                     "; the mutex is never held while Python runs";
    out_.push_back(std::move(remedy));
    return true;
  }

  bool usual(const Group& group) {
    const std::string field = field_of_lock(group.lock);
    if (field.empty()) return false;
    Remedy remedy = begin(StepKind::usual_lock, group.record + " " + field);
    if (refused_.contains(remedy.key)) return false;
    Edit::Lock lock = Edit::Lock::py_mutex;
    for (const State* state : group.states)
      for (const Access& access : state->accesses)
        if (std::ranges::find(access.locks, group.lock) != access.locks.end())
          for (const analysis::Lock& held : audit_.views().held(audit_.views().view(access.view), access.site.event))
            if (held.what.ends_with(group.lock.substr(1)))
              lock = held.kind == capi::LockCall::Kind::py_mutex ? Edit::Lock::py_mutex : Edit::Lock::native;
    if (!hold_field(remedy, group, field, lock, false)) return false;
    remedy.what = "take the " + field + " of " + group.record + " where " + fields(group) + " is used without it";
    remedy.because = "that is the lock that the other functions hold for it";
    out_.push_back(std::move(remedy));
    return true;
  }

  const Audit& audit_;
  const Refused& refused_;
  Remedies& out_;
  Holders holders_;
};

}  // namespace

void object_remedies(const Audit& audit, const Refused& refused, Remedies& out) {
  Objects(audit, refused, out).work_out();
}

}  // namespace ftaudit::plan
