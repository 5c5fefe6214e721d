#include "analysis/loads.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "analysis/stretches.h"
#include "capi/slots.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;

namespace {

// The same way of reading once more: what is sure, what ordinary methods put in danger, and what is read where Python
// comes in, is shown.
void join(const Views& views, Load& kept, Load found) {
  const auto weight = [&](const Load& load) {
    const bool seen = views.view(load.read->view).arrival != Arrival::exported &&
                      views.view(load.writer->view).arrival != Arrival::exported;
    return (seen ? 8 : 0) + (load.read->origin.certain && load.writer->origin.certain ? 4 : 0) +
           (load.only_init_writes ? 0 : 2) + (views.view(load.read->view).from == none ? 1 : 0);
  };
  if (weight(found) > weight(kept)) std::swap(kept, found);
  kept.sides.insert(kept.sides.end(), found.sides.begin(), found.sides.end());
  for (const State* state : found.also)
    if (std::find(kept.also.begin(), kept.also.end(), state) == kept.also.end()) kept.also.push_back(state);
  if (std::find(kept.also.begin(), kept.also.end(), found.state) == kept.also.end()) kept.also.push_back(found.state);
  std::erase(kept.also, kept.state);
}

// The protocol that a way in belongs to, each mended in its own way. The attribute protocol has slots and, in a
// subclass of its own making, methods. Source: C API reference, typeobj.
capi::Protocol protocol_of(const EntryPoint& entry) {
  const std::string name = entry.python_name.substr(entry.python_name.rfind('.') + 1);
  if (name == "__getattr__" || name == "__getattribute__" || name == "__setattr__" || name == "__delattr__")
    return capi::Protocol::attributes;
  return capi::protocol_of_slot(entry.slot);
}

capi::Protocol protocol_of(const Views& views, const Access& read) {
  const std::vector<std::uint32_t>& entries = views.view(read.view).entries;
  return entries.empty() ? capi::Protocol::none : protocol_of(views.entry(entries[0]));
}

struct Uses {
  FunctionId user;
  std::vector<Use> uses;
  ViewId caller = none;  // as whom a caller has it, from the reader's hands
};

// A reference is taken, or it is counted in the thing itself that it is in use: who frees it knows.
bool keeps(const model::Function& function, const Use& use) {
  return use.kind == Use::Kind::counted || (use.kind == Use::Kind::followed && function.events[use.event].is_update());
}

// In the reader, and in the callers of these views to whom it returns the object or whose local it puts it into.
std::vector<Uses> uses_of(const Program& program, const Held& held, const Views& views, const Access& read) {
  const FunctionId id = read.site.function;
  const model::Function& function = program.function(id);
  std::vector<Uses> out{{id, held.values(id).uses_of_read(read.site.event), none}};
  std::vector<ViewId> ways = read.others;
  ways.insert(ways.begin(), read.view);
  std::set<std::pair<FunctionId, EventId>> seen;
  for (std::size_t i = 0, own = out[0].uses.size(); i < own; ++i) {
    const bool returned = out[0].uses[i].kind == Use::Kind::returned;
    const std::uint32_t parameter = handed_out_by(function, out[0].uses[i]);
    if (parameter == none && !returned) continue;
    // What the caller gets is its own.
    if (returned && std::any_of(out[0].uses.begin(), out[0].uses.begin() + static_cast<std::ptrdiff_t>(own),
                                [&](const Use& use) { return keeps(function, use); }))
      break;
    for (const ViewId way : ways) {
      const View& view = views.view(way);
      if (view.from == none || view.call == none) continue;
      const FunctionId caller = views.view(view.from).function;
      const Event& call = program.function(caller).events[view.call];
      // Called by another way than with its own operands (a thread's start): what is put where is not to be seen.
      if (program.find(call.callee_key) != id || !seen.emplace(caller, view.call).second) continue;
      const Values& values = held.values(caller);
      if (returned) {
        out.push_back({caller, values.uses(view.call, none, true), view.from});
        continue;
      }
      if (parameter >= call.operands.size() || call.operands[parameter].kind != Operand::Kind::address) continue;
      if (const std::uint32_t local = values.local_of(call.operands[parameter]); local != none)
        out.push_back({caller, values.uses(view.call, local, true), view.from});
    }
  }
  return out;
}

// On the way to the use the function has made sure that the field, read once more, holds what it held before, or that
// another number of the object (a version) is what it was.
bool looked_at_again(const model::Function& function, const Values& values, EventId read, EventId use) {
  bool found = false;
  values.each_condition(use, [&](EventId compare, bool outcome) {
    const Event& test = function.events[compare];
    if (compare <= read || test.operands.size() < 2 ||
        !(outcome ? test.op == Event::Operator::equal : test.op == Event::Operator::unequal))
      return;
    const auto is_field = [&](const Operand& operand) {
      return operand.kind == Operand::Kind::place && !function.places[operand.place].steps.empty() &&
             function.places[operand.place].steps.back().kind == model::Step::Kind::field;
    };
    for (const std::size_t side : {0, 1})
      found |= is_field(test.operands[side]) && values.local_of(test.operands[1 - side]) != none;
  });
  return found;
}

// Py_INCREF(cache); mine = cache; -- the reference was taken from the same place just before, with nothing in between
// that could change what is in it under the lock.
bool kept_before(const model::Function& function, EventId read) {
  const std::uint32_t place = function.events[read].place;
  constexpr int near = 6;
  if (place == none) return false;
  for (int back = 0; back < near && read.n > 0; ++back) {
    const Event& event = function.events[--read];
    if (event.kind == Event::Kind::acquire || event.kind == Event::Kind::release || event.kind == Event::Kind::leave ||
        (event.kind == Event::Kind::write && event.place == place))
      return false;
    if (event.kind != Event::Kind::call) continue;
    return kind_of_use(event.callee) == Use::Kind::counted && !event.operands.empty() &&
           event.operands[0].kind == Operand::Kind::place && event.operands[0].place == place;
  }
  return false;
}

// The read holds a lock that the writer holds too, and where the value is used the thread does not hold it any more,
// nor any other that it was read under. Who changes the field itself under the lock has taken the value out of it.
bool lets_go(const Program& program, const Held& held, const Views& views, const State& state, const Access& read,
             const Access& write, const Uses& found, Load& load) {
  if (read.unknown_lock || write.unknown_lock) return false;
  if (std::ranges::none_of(read.locks, [&](const std::string& lock) {
        return std::ranges::find(write.locks, lock) != write.locks.end();
      }))
    return false;
  if (std::ranges::any_of(state.accesses, [&](const Access& other) {
        return other.write && (other.site.function == read.site.function || other.site.function == found.user);
      }))
    return false;
  if (kept_before(program.function(read.site.function), read.site.event)) return false;
  const model::Function& function = program.function(found.user);
  const bool here = found.caller == none;
  // A flag that was taken keeps others out as a lock does.
  const auto kept_out = [&](const View& view, EventId at) {
    Locks out = views.held(view, at);
    const Locks claims = views.claims(view, at);
    out.insert(out.end(), claims.begin(), claims.end());
    return out;
  };
  const Locks before = kept_out(views.view(read.view), read.site.event);
  // What a caller calls the reader's locks is not asked: any of its own may be one of them.
  const auto is_held = [&](const Locks& now) {
    return here ? std::ranges::any_of(before,
                                      [&](const Lock& lock) {
                                        return std::ranges::any_of(now, [&](const Lock& other) {
                                          return other.what == lock.what &&
                                                 !taken_again(lock, other, read.site.event, held.values(found.user));
                                        });
                                      })
                : !now.empty();
  };
  for (const Use& use : found.uses) {
    const bool needs_it =
        use.kind == Use::Kind::counted || use.kind == Use::Kind::passed || use.kind == Use::Kind::followed;
    if (!needs_it || (here && use.event <= read.site.event)) continue;
    if (use.kind == Use::Kind::passed && capi::frees(function.events[use.event].callee)) return false;
    if (is_held(kept_out(views.view(here ? read.view : found.caller), use.event))) {
      if (keeps(function, use)) return false;  // its own from there on
      continue;
    }
    if (here && looked_at_again(function, held.values(found.user), read.site.event, use.event)) return false;
    load.user = found.user, load.use = use, load.let_go = true;
    load.counted = use.kind == Use::Kind::counted;
    return true;
  }
  return false;
}

// The first use that needs the object alive, of those in one function.
bool endangers(const Program& program, const Suspension& suspension, const Uses& found, Load& load) {
  const model::Function& function = program.function(found.user);
  for (const Use& use : found.uses) {
    const bool counted = use.kind == Use::Kind::counted;
    const bool runs = use.kind == Use::Kind::passed && suspension.event(function, function.events[use.event]);
    if (use.kind == Use::Kind::tested || use.kind == Use::Kind::released || (!counted && !runs && !use.suspended))
      continue;
    load.user = found.user, load.use = use;
    load.counted = counted && !use.suspended, load.across = runs || use.suspended;
    return true;
  }
  return false;
}

// The function, or one that it hands the value on to, looks into the object or gives it to somebody who does.
bool needs_alive(const Program& program, const Held& held, FunctionId id, const Use& use, int depth) {
  if (use.kind == Use::Kind::followed || use.kind == Use::Kind::counted) return true;
  if (use.kind != Use::Kind::passed) return false;
  const Event& event = program.function(id).events[use.event];
  const FunctionId callee = event.callee_key.text.empty() ? none : program.find(event.callee_key);
  if (callee == none) return !event.callee.empty();
  const auto parameter = static_cast<std::uint32_t>(use.argument);
  if (depth == 0 || use.argument < 0 || parameter >= program.function(callee).parameters) return false;
  return std::ranges::any_of(held.values(callee).uses_of_parameter(parameter),
                             [&](const Use& there) { return needs_alive(program, held, callee, there, depth - 1); });
}

// Nothing on the way lets another thread in, but none is kept out either.
bool used_bare(const Program& program, const Held& held, const Uses& found, Load& load) {
  for (const Use& use : found.uses) {
    if (!needs_alive(program, held, found.user, use, 3)) continue;
    load.user = found.user, load.use = use, load.bare = true;
    return true;
  }
  return false;
}

}  // namespace

std::vector<Load> endangered_loads(const Program& program, const Held& held, const Suspension& suspension,
                                   const Shared& shared, const Conflicts& conflicts) {
  std::vector<Load> out;
  std::map<std::tuple<std::string, bool, bool, bool, bool, capi::Protocol>, std::size_t> seen;
  std::set<const Access*> told, told_of_init;
  std::set<std::pair<const State*, FunctionId>> blamed;
  for (const Conflict& conflict : conflicts.all())
    for (const Party& side : conflict.sides) {
      // That __init__ may be called again says nothing of those who replace the object in the ordinary course.
      const bool again = conflict.mistake == Mistake::init_again;
      (again ? told_of_init : told).insert(side.access);
      if (side.access->write && (!again || shared.only_initialises(*side.access)))
        blamed.emplace(side.state, side.access->site.function);
    }
  const auto find = [&](const State& state, const Access& read, const Access& write) -> std::optional<Load> {
    Load load{.state = &state, .read = &read, .writer = &write, .only_init_writes = shared.only_initialises(write)};
    const bool conflict = shared.conflict(write, read);
    if (conflict && !state.type.to_object) return std::nullopt;
    for (const Uses& one : uses_of(program, held, shared.views(), read))
      if (conflict ? endangers(program, suspension, one, load) || used_bare(program, held, one, load)
                   : lets_go(program, held, shared.views(), state, read, write, one, load))
        return load;
    return std::nullopt;
  };
  for (const State& state : shared.states()) {
    const bool pointer = state.type.to_object || state.type.kind == model::Type::Kind::pointer;
    if (state.contents || state.is_container() || !pointer) continue;
    std::vector<const Access*> writers;
    for (const Access& access : state.accesses)
      if (access.write && !blamed.contains({&state, access.site.function}) &&
          conflicts.releases_old(state, access.site.function))
        writers.push_back(&access);
    if (writers.empty()) continue;
    // Whoever is surely there before a second __init__, and before what nobody here calls.
    const auto doubt = [&](const Access& write) {
      return std::pair(shared.arrival(write) == Arrival::exported, shared.only_initialises(write));
    };
    std::stable_sort(writers.begin(), writers.end(),
                     [&](const Access* a, const Access* b) { return doubt(*a) < doubt(*b); });
    for (const Access& read : state.accesses) {
      if (read.write || told.contains(&read) || shared.only_initialises(read)) continue;
      std::optional<Load> load;
      for (const Access* write : writers)
        if (write->site.function != read.site.function &&
            !(told_of_init.contains(&read) && shared.only_initialises(*write)) && (load = find(state, read, *write)))
          break;
      if (!load) continue;
      load->sides = {{&state, &read}};
      const std::string owner = state.kind == State::Kind::field ? state.record : state.name;
      const auto [it, made] = seen.emplace(std::tuple(owner, load->counted, load->let_go, load->bare,
                                                      state.type.to_object, protocol_of(shared.views(), read)),
                                           out.size());
      if (made) out.push_back(std::move(*load));
      else join(shared.views(), out[it->second], std::move(*load));
    }
  }
  return out;
}

}  // namespace ftaudit::analysis
