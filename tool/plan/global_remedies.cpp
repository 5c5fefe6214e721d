// What belongs to the module: numbers made atomic, one mutex for what is used together, the module state's own lock.
#include <algorithm>
#include <map>

#include "plan/holders.h"
#include "plan/lone.h"
#include "plan/remedy.h"
#include "plan/spans.h"
#include "plan/words.h"

namespace ftaudit::plan {

using analysis::Access;
using analysis::Audit;
using analysis::Conflict;
using analysis::Mistake;
using analysis::Party;
using analysis::State;

namespace {

class Globals {
 public:
  Globals(const Audit& audit, const Refused& refused, Remedies& out) : audit_(audit), refused_(refused), out_(out) {}

  void work_out() {
    std::vector<const Conflict*> left;
    std::set<const Conflict*> taken = import_remedies(audit_, refused_, out_);
    taken.merge(thread_remedies(audit_, refused_, out_));
    for (const Conflict& conflict : audit_.conflicts().all()) {
      const bool global = conflict.state->kind != State::Kind::field;
      if (!global && !conflict.state->module_state) continue;
      if (taken.contains(&conflict)) continue;
      if (global && atomics(conflict)) continue;
      if (global) left.push_back(&conflict);
      else module_mutex(conflict);
    }
    std::vector<Conflict> library;
    for (const State& state : audit_.shared().cxx_containers())
      if (const auto race = audit_.conflicts().pair(state); race && state.kind != State::Kind::field)
        library.push_back({.state = &state, .race = *race, .sides = audit_.conflicts().parties({&state}, "")});
    for (const Conflict& conflict : library) left.push_back(&conflict);
    mutexes(left);
  }

 private:
  std::string name_of_all(const std::vector<const State*>& states) const {
    std::set<std::string> names;
    for (const State* state : states) names.insert(state->name);
    return listed({names.begin(), names.end()});
  }

  bool fresh(const Remedy& remedy) const { return !refused_.contains(remedy.key); }

  bool atomics(const Conflict& conflict) {
    for (const State* state : states_of(conflict))
      if (!is_lone_number(audit_, *state)) return false;
    Remedy remedy{.kind = StepKind::atomic, .key = "atomic " + conflict.state->name};
    if (!fresh(remedy)) return false;
    for (const State* state : states_of(conflict)) {
      Edit edit{.does = Edit::Does::make_atomic};
      edit.global = state->global;
      if (!state->field.empty()) return false;
      remedy.edits.push_back(edit);
      remedy.places.push_back({.location = audit_.location(audit_.facts().globals[state->global].span),
                               .write = "an atomic type, and atomic loads, stores and additions wherever it is used"});
    }
    speak_of(audit_, conflict, remedy);
    remedy.what = "make " + name_of_all(states_of(conflict)) + " atomic";
    remedy.because = "nothing else has to agree with it, so no function needs a lock for it";
    out_.push_back(std::move(remedy));
    return true;
  }

  struct Needed {
    std::set<FunctionId> functions;
    std::vector<const Conflict*> conflicts;
  };

  // One mutex for what the same functions use; the mutex that the others hold, where they hold one.
  void mutexes(const std::vector<const Conflict*>& conflicts) {
    std::vector<Needed> groups;
    for (const Conflict* conflict : conflicts) {
      if (usual(*conflict)) continue;
      if (!conflict->lock.empty()) continue;  // a lock that cannot be named where it is missing
      Needed joined{.conflicts = {conflict}};
      for (const Party& party : conflict->sides) joined.functions.insert(party.access->site.function);
      for (auto it = groups.begin(); it != groups.end();) {
        const bool meets =
            std::ranges::any_of(it->functions, [&](FunctionId id) { return joined.functions.contains(id); });
        if (!meets) {
          ++it;
          continue;
        }
        joined.functions.insert(it->functions.begin(), it->functions.end());
        joined.conflicts.insert(joined.conflicts.begin(), it->conflicts.begin(), it->conflicts.end());
        it = groups.erase(it);
      }
      groups.push_back(std::move(joined));
    }
    for (const Needed& group : groups) {
      const std::string name = group.conflicts[0]->state->name;
      Remedy remedy{.kind = StepKind::global_mutex, .key = "global-mutex " + name};
      // Waiting for a PyMutex lets go of the thread state; who comes with another lock held may want a plain one.
      const bool plain = !fresh(remedy);
      if (plain) remedy.key = "plain-mutex " + name;
      if (!fresh(remedy)) continue;
      std::string mutex = name.substr(0, name.find('.')) + "_mutex";
      if (const std::size_t scope = mutex.rfind("::"); scope != std::string::npos) mutex = mutex.substr(scope + 2);
      std::vector<const State*> states;
      for (const Conflict* conflict : group.conflicts) {
        speak_of(audit_, *conflict, remedy);
        for (const State* state : states_of(*conflict)) states.push_back(state);
      }
      Events events = events_of(group.conflicts), all = all_of(group.conflicts);
      lift_into_callers(events, all);
      hold(remedy, events, all, {.lock = plain ? Edit::Lock::native : Edit::Lock::py_mutex, .mutex = mutex}, mutex);
      remedy.what = std::string("hold one ") + (plain ? "plain mutex, " : "PyMutex, ") + mutex + ", around " +
                    name_of_all(states);
      remedy.because = states.size() > 1 ? "the same functions use them, so one lock keeps them together; it is never "
                                           "held while Python runs"
                                         : "every thread gets at it; the mutex is never held while Python runs";
      out_.push_back(std::move(remedy));
    }
  }

  using Events = std::map<FunctionId, std::set<EventId>>;

  static Events events_of(const std::vector<const Conflict*>& conflicts) {
    Events out;
    for (const Conflict* conflict : conflicts)
      for (const Party& party : conflict->sides) out[party.access->site.function].insert(party.access->site.event);
    return out;
  }

  // What functions do to the state besides.
  static Events all_of(const std::vector<const Conflict*>& conflicts) {
    Events out;
    for (const Conflict* conflict : conflicts)
      for (const State* state : states_of(*conflict))
        for (const Access& access : state->accesses) out[access.site.function].insert(access.site.event);
    return out;
  }

  // A function that only those call who hold the lock already must not take it again: it is part of what they do.
  void lift_into_callers(Events& events, Events& all) const {
    for (bool changed = true; changed;) {
      changed = false;
      for (const auto& [id, own] : events) {
        const std::vector<analysis::Edge>& callers = audit_.program().calls_to(id);
        const bool is_part = !callers.empty() && std::ranges::all_of(callers, [&](const analysis::Edge& edge) {
          return !edge.mention && edge.from != id && events.contains(edge.from);
        });
        if (!is_part) continue;
        for (const analysis::Edge& edge : callers)
          events[edge.from].insert(edge.event), all[edge.from].insert(edge.event);
        all.erase(id), events.erase(id);
        changed = true;
        break;
      }
    }
  }

  void hold(Remedy& remedy, const Events& events, const Events& all, const Edit& how, const std::string& shown) {
    for (const auto& [id, own] : events) {
      const auto others = all.find(id);
      const std::string file = audit_.location(audit_.program().function(id).name_span).file;
      for (Edit& edit : spans_without_python(audit_, id, own, others == all.end() ? own : others->second)) {
        edit.lock = how.lock, edit.objects = how.objects, edit.by_address = how.by_address, edit.mutex = how.mutex;
        const bool whole = edit.first == none && !edit.stretch;
        const EventId from = edit.first != none || whole   ? edit.first
                             : edit.stretch->first != none ? edit.stretch->first
                                                           : *own.begin();
        std::string write = write_lock(file, shown, how.lock == Edit::Lock::native, whole);
        if (edit.stretch) write += " and what it decides";
        if (edit.apart) write += ", after what is read and written has come together";
        remedy.places.push_back(place_at(audit_, id, from, std::move(write)));
        remedy.edits.push_back(std::move(edit));
      }
    }
  }

  // A function that some callers call with the lock held counts on it: the lock goes around the call of who forgets it.
  void forgetting(const analysis::Site& site, const std::string& lock, Events& out, std::set<FunctionId>& seen) const {
    const auto holds = [&](const analysis::Edge& edge) {
      return std::ranges::any_of(audit_.held().at(edge.from, edge.event),
                                 [&](const analysis::Lock& held) { return held.what == lock; });
    };
    const std::vector<analysis::Edge>& callers = audit_.program().calls_to(site.function);
    const bool counts_on_it = std::ranges::any_of(callers, holds);
    bool passed_on = false;
    if (seen.insert(site.function).second)
      for (const analysis::Edge& edge : callers) {
        if (edge.mention || holds(edge)) continue;
        if (!counts_on_it && !is_called_with(edge.from, lock)) continue;
        passed_on = true, forgetting({edge.from, edge.event}, lock, out, seen);
      }
    if (!passed_on && !counts_on_it) out[site.function].insert(site.event);
  }
  bool is_called_with(FunctionId id, const std::string& lock) const {
    return std::ranges::any_of(audit_.program().calls_to(id), [&](const analysis::Edge& edge) {
      return std::ranges::any_of(audit_.held().at(edge.from, edge.event),
                                 [&](const analysis::Lock& held) { return held.what == lock; });
    });
  }

  // "&g3.lock": the lock as a place, and its type.
  std::optional<model::Place> place_of_lock(std::string_view lock) const {
    if (!lock.starts_with("&g")) return std::nullopt;
    const std::size_t end = lock.find_first_not_of("0123456789", 2);
    const std::string digits(lock.substr(2, end == lock.npos ? end : end - 2));
    const model::GlobalId global = digits.empty() ? none : model::GlobalId(std::stoul(digits));
    if (!audit_.facts().globals.has(global)) return std::nullopt;
    model::Place out{.root = model::Place::Root::global, .global = global};
    out.type = audit_.facts().globals[out.global].type;
    for (std::string_view rest = end == lock.npos ? "" : lock.substr(end); !rest.empty();) {
      if (rest[0] != '.') return std::nullopt;
      const std::size_t next = rest.find_first_of(".*[", 1);
      const std::string name(rest.substr(1, next == rest.npos ? next : next - 1));
      const model::Record* record = audit_.program().record(out.type.record);
      if (record == nullptr) return std::nullopt;
      const auto known =
          std::ranges::find_if(record->fields, [&](const model::Field& one) { return one.name == name; });
      if (known == record->fields.end()) return std::nullopt;
      out.steps.push_back({.kind = model::Step::Kind::field, .field = name, .record = record->name});
      out.type = known->type;
      rest = next == rest.npos ? "" : rest.substr(next);
    }
    return out;
  }

  bool usual(const Conflict& conflict) {
    const std::optional<model::Place> mutex = place_of_lock(conflict.lock);
    if (!mutex) return false;
    const std::string name = audit_.facts().globals[mutex->global].name +
                             conflict.lock.substr(std::min(conflict.lock.find('.'), conflict.lock.size()));
    Remedy remedy{.kind = StepKind::usual_lock, .key = "usual-lock " + name + " " + conflict.state->name};
    if (!fresh(remedy)) return false;
    Edit how{.lock = mutex->type.record == "PyMutex" ? Edit::Lock::py_mutex : Edit::Lock::native};
    how.objects.push_back(*mutex);
    how.by_address = mutex->type.kind == model::Type::Kind::record;
    Events events;
    for (const Party& party : conflict.sides) {
      std::set<FunctionId> seen;
      forgetting(party.access->site, conflict.lock, events, seen);
    }
    if (events.empty()) return false;
    hold(remedy, events, {}, how, name);
    for (const auto& [id, own] : events) remedy.functions.insert(id);
    speak_of(audit_, conflict, remedy);
    remedy.what = "take " + name + " where " + name_of_all(states_of(conflict)) + " is used without it";
    remedy.because = "that is the lock that the other functions hold for it";
    out_.push_back(std::move(remedy));
    return true;
  }

  void module_mutex(const Conflict& conflict) {
    const std::string& record = conflict.state->record;
    Remedy remedy{.kind = StepKind::record_mutex, .key = "record-mutex " + record + " " + conflict.state->field};
    if (!fresh(remedy)) return;
    for (const Party& party : conflict.sides) {
      const analysis::Site site = party.access->site;
      std::optional<model::Place> owner = Holders::owner_at(audit_.function(site), site.event, record);
      if (!owner) return;
      owner->steps.push_back({.kind = model::Step::Kind::field, .field = "mutex", .record = record});
      Edit edit{.function = site.function, .first = site.event, .last = site.event, .lock = Edit::Lock::py_mutex};
      edit.by_address = true, edit.new_field_of = record;
      edit.objects.push_back(std::move(*owner));
      if (std::ranges::any_of(remedy.edits, [&](const Edit& known) {
            return known.function == site.function && known.first == site.event;
          }))
        continue;
      remedy.places.push_back(
          place_at(audit_, site.function, site.event,
                   write_lock(audit_.location(site).file, "the module state's mutex", false, false)));
      remedy.edits.push_back(std::move(edit));
    }
    speak_of(audit_, conflict, remedy);
    remedy.what = "give the module state a PyMutex and hold it around " + name_of_all(states_of(conflict));
    remedy.because = "all threads share the module state; the mutex is never held while Python runs";
    out_.push_back(std::move(remedy));
  }

  const Audit& audit_;
  const Refused& refused_;
  Remedies& out_;
};

}  // namespace

void global_remedies(const Audit& audit, const Refused& refused, Remedies& out) {
  Globals(audit, refused, out).work_out();
}

}  // namespace ftaudit::plan
