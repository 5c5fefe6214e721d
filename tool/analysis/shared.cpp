#include "analysis/shared.h"

#include <algorithm>
#include <cctype>

#include "analysis/handmade_locks.h"
#include "analysis/lock_keys.h"
#include "analysis/own_locks.h"
#include "analysis/parse_format.h"
#include "analysis/subscripts.h"
#include "analysis/taken.h"
#include "capi/capi.h"
#include "capi/module_calls.h"
#include "capi/references.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

// Writes through a pointer argument, or gives what it leads to back.
bool writes_argument(std::string_view callee, std::size_t argument) {
  return (argument == 0 && capi::frees(callee)) || capi::writes_through(callee, static_cast<int>(argument));
}

// A struct that is passed as it is is the function's own, whatever it was copied from.
bool is_copied_argument(const model::Function& function, const Path& path) {
  return path.root == Path::Root::parameter && function.variables[path.number].type.kind == model::Type::Kind::record &&
         std::ranges::none_of(path.steps, [](const Step& step) { return step.kind == Step::Kind::deref; });
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Shared::Shared(const Program& program, const Held& held, const Views& views, const Contexts& contexts,
               const Ownership& ownership, const std::map<std::string, Contract>& contracts)
    : program_(program),
      held_(held),
      views_(views),
      targets_(program, held),
      library_calls_(program),
      ready_flags_(program, held),
      arrivals_(program.facts.functions.size(), 0) {
  for (const View& view : views.all()) arrivals_[view.function] |= bit(view.arrival);
  find_module_states();
  find_emptied();
  for (const FunctionId id : program.facts.functions.ids()) {
    const model::Function& function = program.function(id);
    if (function.is_support) continue;
    if (views.of(id).empty()) continue;
    for (const Touched& touched : touched_by(id)) {
      if (is_copied_argument(function, touched.path)) continue;
      for (const ViewId view : views.of(id)) enter(touched.container ? containers_ : states_, view, touched);
    }
  }
  find_members();
  find_blocks(contexts, ownership);
  settle_claims();
  find_containers_of_calls();
  find_types();
  drop_stray_locks(program_, held_, states_.states), drop_stray_locks(program_, held_, containers_.states);
  settle_contracts(contracts);
}

std::vector<std::string> Shared::entry_names(const Access& access) const {
  std::set<std::string> out;
  const auto add = [&](ViewId view) {
    for (std::string& name : views_.entry_names(views_.view(view))) out.insert(std::move(name));
  };
  add(access.view);
  for (const ViewId view : access.others) add(view);
  return {out.begin(), out.end()};
}

void Shared::find_module_states() {
  for (const model::Function& function : program_.facts.functions)
    for (const Event& event : function.events) {
      for (const Operand& operand : event.operands) {
        if (operand.kind != Operand::Kind::call || !capi::gives_module_state(function.events[operand.event].callee))
          continue;
        if (event.kind == Event::Kind::write && event.place != none)
          module_states_[function.places[event.place].type.record] = true;
        if (event.kind == Event::Kind::leave) module_states_[function.result.record] = true;
      }
      if (event.place == none) continue;
      const Place& place = function.places[event.place];
      if (place.root != Place::Root::call || !capi::gives_module_state(function.events[place.call].callee)) continue;
      for (const Step& step : place.steps)
        if (step.kind == Step::Kind::field) {
          module_states_[step.record] = true;
          break;
        }
    }
}

// A local that a call filled, or one event with no name of its own, is named with that event where locks are named, so
// that it is told from itself with another value.
static void call_alike(Locks& locks, const Path& path, const Values& values) {
  if (path.root != Path::Root::local) return;
  const std::vector<EventId>& given = values.definitions(path.number, path.at);
  if (given.size() != 1 || given[0] == none) return;
  const std::string plain = path.text(0), exact = plain + "@" + std::to_string(given[0].n);
  for (Lock& lock : locks) {
    const std::size_t start = lock.what.starts_with('&');
    const std::size_t end = start + exact.size();
    if (lock.what.compare(start, exact.size(), exact) == 0 &&
        (end == lock.what.size() || !std::isdigit(lock.what[end])))
      lock.what.replace(start, exact.size(), plain);
  }
}

void Shared::enter(Listing& listing, ViewId number, const Touched& touched, bool known_only) {
  const View& view = views_.view(number);
  // What a bound function returns by reference is read by the binding, when the function's own guards are gone; what it
  // gives an iterator of, by Python.
  const Event& event = program_.function(view.function).events[touched.event];
  const bool returned = touched.container && (event.kind == Event::Kind::leave ||
                                              (is_call(event) && capi::makes_python_iterator(event.callee)));
  if (returned && (view.from != none || std::ranges::none_of(view.entries, [&](std::uint32_t entry) {
                     return views_.entry(entry).slot == capi::bound_slot;
                   })))
    return;
  const Path path = views_.lifted(view, touched.path);
  const std::optional<Target> where = targets_.of(view.function, path, touched.contents);
  if (!where) return;
  Access access{.site = {view.function, touched.event}, .view = number, .write = touched.write};
  access.atomic = touched.atomic;
  const bool field = where->kind == State::Kind::field;
  if (field) {
    access.origin = views_.owner(view, path, where->base_steps, touched.event);
    if (access.origin.is_private()) return;
    if (!access.origin.certain && targets_.only_on_stack(where->record)) return;
    access.base = path.text(where->base_steps), access.holder = Allocation::field_before(path, where->base_steps);
  } else {
    access.origin = {Origin::Kind::shared, true, false};
  }
  const Path found_below = field ? views_.led(view, path, touched.event) : Path{};
  Locks locks = returned ? view.locks : views_.held(view, touched.event);
  std::erase_if(locks, [&](const Lock& lock) { return is_own_lock(program_, view.function, lock.what); });
  call_alike(locks, path, held_.values(view.function));
  LockKeys held = lock_keys(view, locks, path, found_below, *where);
  for (const Lock& lock : locks)
    if (std::string key = key_of_owner(program_.function(view.function), view, lock, *where); !key.empty())
      held.keys.push_back(std::move(key));
  access.locks = std::move(held.keys), access.readers = std::move(held.readers);
  // Where nobody is seen to get, nothing is known of what is held there.
  const bool reached =
      !held_.is_busy(view.function) || held_.way(view.function, views_.entry_locks(view)).moment[touched.event] != 0;
  access.unknown_lock = held.unknown || !reached, access.other_lock = held.other;
  if (field &&
      std::ranges::any_of(access.locks, [](const std::string& key) { return key.find('^') != std::string::npos; }))
    access.tree = Allocation::first_field(found_below.root == Path::Root::unknown ? path : found_below);
  // Who holds a lock as a reader may look, and no more.
  if (access.write) std::erase_if(access.locks, [&](const std::string& lock) { return access.only_reads_under(lock); });
  const auto note = [&](std::vector<std::string>& to, const std::vector<std::string>& flags) {
    if (flags.empty()) return;
    Locks named;
    for (const std::string& flag : flags) named.push_back({.what = flag, .token = ""});
    to = lock_keys(view, named, path, found_below, *where).keys;
  };
  for (const Lock& claim : views_.claims(view, touched.event))
    for (const std::string& key : lock_keys(view, {claim}, path, found_below, *where).keys)
      access.claims.emplace_back(claim.flag, "claim" + key.substr(1));
  note(access.after, views_.passed(view, touched.event));
  std::vector<std::string> once = view.inside;
  for (std::string& flag : ready_flags_.won(views_, view)) once.push_back(std::move(flag));
  for (const std::string& flag : touched.won) once.push_back(views_.absolute(view, flag));
  note(access.once, once);
  std::vector<std::string> before = touched.write ? ready_flags_.set_after(views_, view) : std::vector<std::string>{};
  for (const std::string& flag : touched.before) before.push_back(views_.absolute(view, flag));
  note(access.before, before);
  access.tested = touched.tested && where->type.to_object && !where->contents;
  const std::string key = Targets::key(*where, path);
  if (known_only && !listing.by_key.contains(key)) return;
  const auto [it, made] = listing.by_key.emplace(key, static_cast<std::uint32_t>(listing.states.size()));
  if (made) {
    State state{.kind = where->kind,
                .global = where->global,
                .record = where->record,
                .field = where->field,
                .contents = where->contents,
                .type = where->type};
    state.module_state = field && module_states_.contains(where->record);
    const std::string root = field ? where->record : program_.facts.globals[where->global].name;
    state.name = root + (where->field.empty() ? "" : "." + where->field);
    listing.states.push_back(std::move(state));
  }
  // Views that hold the same there are told by the first of them.
  std::vector<Access>& known = listing.states[it->second].accesses;
  for (auto other = known.rbegin(); other != known.rend() && other->site.function == access.site.function; ++other)
    if (other->site == access.site && other->write == access.write && other->is_locked_as(access) &&
        other->claims == access.claims && other->is_ordered_as(access) && other->other_lock == access.other_lock &&
        other->is_found_as(access) && other->origin.certain == access.origin.certain &&
        arrival(*other) == arrival(access)) {
      if (other->view != number && std::find(other->others.begin(), other->others.end(), number) == other->others.end())
        other->others.push_back(number);
      return;
    }
  known.push_back(std::move(access));
}

std::vector<Shared::Touched> Shared::touched_by(FunctionId id) const {
  std::vector<Touched> out;
  const model::Function& function = program_.function(id);
  const Values& values = held_.values(id);
  for (const EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    if ((event.kind == Event::Kind::read || event.kind == Event::Kind::write) && event.place != none) {
      const Place& place = function.places[event.place];
      if (place.root == Place::Root::unknown || (place.root == Place::Root::variable && place.steps.empty())) continue;
      const bool write = event.kind == Event::Kind::write;
      // A static local's initialiser: C's is constant, C++'s runs once.
      if (write && event.op == Event::Operator::initialise && place.root == Place::Root::global) continue;
      if (taken_out(program_, id, values, place, e)) continue;
      if (!write && held_.handmade().asks_owner(id, e)) continue;
      Touched touched{.event = e, .path = path_of(function, values, place, e), .write = write};
      if (write) touched.before = ready_flags_.set_after(views_, id, e);
      touched.won = ready_flags_.won(views_, id, e);
      touched.atomic = event.atomic || place.type.is_atomic;
      if (!write && place.type.to_object) {
        const std::vector<Use> uses = values.uses_of_read(e);
        touched.tested = !uses.empty() && std::all_of(uses.begin(), uses.end(),
                                                      [](const Use& use) { return use.kind == Use::Kind::tested; });
      }
      out.push_back(std::move(touched));
    } else if (is_call(event)) {
      for (std::size_t i = 0; i < event.operands.size(); ++i) {
        const Operand& operand = event.operands[i];
        const LibraryCalls::Does does = library_calls_.does(function, event, i);
        const bool write = writes_argument(event.callee, i) || does == LibraryCalls::Does::changes;
        if ((!write && does != LibraryCalls::Does::reads) || tells_how_to_parse(event, i)) continue;
        if (operand.kind == Operand::Kind::address) {
          Path path = path_of(function, values, operand, e);
          path.is_address = false;
          out.push_back({.event = e, .path = std::move(path), .write = write});
        } else if (operand.kind == Operand::Kind::place) {
          Path path = path_of(function, values, operand, e);
          if ((!path.steps.empty() || path.root == Path::Root::global) &&
              !taken_out(program_, id, values, function.places[operand.place], e)) {
            const bool contents = !path.is_address;
            out.push_back({.event = e, .path = std::move(path), .write = write, .contents = contents});
          }
        }
      }
    }
  }
  touched_places(id, out);
  touched_containers(id, out);
  touched_elements(id, out);
  return out;
}

const State* Shared::state_of(FunctionId id, const Operand& operand, EventId at) const {
  if (operand.kind != Operand::Kind::place) return nullptr;
  const Path own = path_of(program_.function(id), held_.values(id), operand, at);
  for (const ViewId view : views_.of(id)) {
    const Path path = views_.lifted(views_.view(view), own);
    if (path.is_address) continue;
    const std::optional<Target> where = targets_.of(id, path, false);
    if (!where) continue;
    const auto it = states_.by_key.find(Targets::key(*where, path));
    if (it != states_.by_key.end()) return &states_.states[it->second];
  }
  return nullptr;
}

// A block reached from two objects: by way of the one the lock is a field of something that it points to
// ("&^Cursor.connection*.mutex"), by way of the other its own ("&^Connection.mutex"). Whether it is one lock is
// unknown.
static bool perhaps_the_same(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  const auto owner = [](const std::string& key) { return key.substr(0, key.find_first_of(".*[")); };
  const auto member = [](const std::string& key) { return key.substr(std::min(key.size(), key.rfind('.'))); };
  const auto beyond = [](const std::string& key) { return key.find('*') != std::string::npos; };
  for (const std::string& one : a)
    for (const std::string& other : b)
      if (one.starts_with("&^") && other.starts_with("&^") && owner(one) != owner(other) &&
          member(one) == member(other) && (beyond(one) || beyond(other)))
        return true;
  return false;
}

bool Shared::conflict(const Access& a, const Access& b, bool contracts) const {
  if (!a.write && !b.write) return false;
  if ((a.atomic && b.atomic) || (contracts && a.contract && b.contract)) return false;
  const auto meet = [](const std::vector<std::string>& one, const std::vector<std::string>& two) {
    return std::any_of(one.begin(), one.end(),
                       [&](const std::string& name) { return std::find(two.begin(), two.end(), name) != two.end(); });
  };
  // Before and after the same flag was set; and what runs once does not meet itself.
  if (meet(a.once, b.once) || meet(a.once, b.after) || meet(a.after, b.once)) return false;
  if (meet(a.before, b.after) || meet(a.after, b.before)) return false;
  const auto none_held = [](const Access& access) { return access.locks.empty() && access.readers.empty(); };
  if (a.unknown_lock && (b.unknown_lock || !none_held(b))) return false;
  if (b.unknown_lock && !none_held(a)) return false;
  // Who holds a lock alone keeps all others off that hold it.
  const auto keeps_off = [](const Access& one, const Access& other) {
    return std::ranges::any_of(one.locks, [&](const std::string& lock) {
      return !one.only_reads_under(lock) && (contains(other.locks, lock) || other.only_reads_under(lock));
    });
  };
  return !keeps_off(a, b) && !keeps_off(b, a) && !perhaps_the_same(a.locks, b.locks) && !in_other_blocks(a, b);
}

std::optional<Race> Shared::race(const State& state, const std::function<bool(const Access&)>& wanted) const {
  std::optional<Race> best;
  int best_rank = -1;
  // Accesses of one function that hold the same are alike: one of each is enough to compare.
  std::vector<const Access*> kinds;
  for (const Access& access : state.accesses) {
    const bool known = std::any_of(kinds.begin(), kinds.end(), [&](const Access* other) {
      return other->site.function == access.site.function && other->write == access.write &&
             other->atomic == access.atomic && other->tested == access.tested && other->is_locked_as(access) &&
             other->is_ordered_as(access) && other->origin.certain == access.origin.certain &&
             other->is_found_as(access) && arrival(*other) == arrival(access);
    });
    if (!known) kinds.push_back(&access);
  }
  for (const Access* write : kinds) {
    if (!write->write || (wanted && !wanted(*write))) continue;
    for (const Access* other : kinds) {
      if (other->tested || !conflict(*write, *other)) continue;
      int rank = 0;
      if (write->origin.certain && other->origin.certain) rank += 16;
      if (write->locks.empty() && !write->unknown_lock) rank += 8;
      if (!views_.entry_names(views_.view(write->view)).empty()) rank += 4;
      if (other != write && other->site.function != write->site.function) rank += 2;
      if (!other->write) rank += 1;
      // A lost update says it best.
      if (program_.function(write->site.function).events[write->site.event].is_update()) rank += 3;
      if (rank > best_rank) best = Race{write, other}, best_rank = rank;
    }
  }
  return best;
}

}  // namespace ftaudit::analysis
