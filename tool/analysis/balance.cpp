#include "analysis/balance.h"

#include <algorithm>

#include "analysis/arrival.h"
#include "analysis/element_choice.h"
#include "analysis/lock_order.h"
#include "capi/records.h"

namespace ftaudit::analysis {

using capi::LockCall;
using model::Event;
using model::Operand;
using model::Place;

namespace {

// What two names of one lock have in common: the field, or the global.
std::string ending_of(const std::string& what) {
  const std::size_t dot = what.rfind('.');
  return dot == std::string::npos ? what : what.substr(dot);
}
bool same_ending(const std::vector<std::string>& names, const std::string& what) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return ending_of(name) == ending_of(what); });
}

}  // namespace

std::vector<std::string> given_back(const Audit& audit, FunctionId id, EventId at) {
  const Event& event = audit.program().function(id).events[at];
  if (!is_call(event)) return {};
  if (const LockCall* call = audit.program().lock_call(event.callee)) {
    const int which = call->lock >= 0 ? call->lock : call->token;
    if (call->does != LockCall::Does::release || which < 0 || which >= static_cast<int>(event.operands.size()))
      return {};
    return {audit.values(id).identity(event.operands[static_cast<std::size_t>(which)], at)};
  }
  std::vector<std::string> out;
  const FunctionId callee = event.callee_key.text.empty() ? none : audit.program().find(event.callee_key);
  if (callee != none)
    for (const Ending& ending : audit.held().effects(callee))
      for (const std::string& what : ending.released) out.push_back(audit.held().in_caller(id, at, what));
  return out;
}

bool is_balanced_kind(const Lock& lock) {
  return (lock.kind == LockCall::Kind::py_mutex || lock.kind == LockCall::Kind::native ||
          lock.kind == LockCall::Kind::os_lock) &&
         lock.what != "?" && lock.token.empty();
}

namespace {

// Semaphores are given back by whoever likes; by a function of the project as well that takes no lock but those.
bool is_semaphore(const Audit& audit, FunctionId id, EventId at, int depth = 0) {
  const Event& event = audit.program().function(id).events[at];
  if (event.callee.starts_with("sem_")) return true;
  const FunctionId callee = event.callee_key.text.empty() ? none : audit.program().find(event.callee_key);
  if (callee == none || callee == id || depth > 3) return false;
  const model::Function& function = audit.program().function(callee);
  bool any = false;
  for (const EventId e : function.events.ids()) {
    const bool waits = is_semaphore(audit, callee, e, depth + 1);
    if (!waits && !audit.held().taken_by(callee, e).empty()) return false;
    any |= waits;
  }
  return any;
}

bool failed(const Ending& ending) { return ending.has_result && ending.result.equal && ending.result.number <= 0; }

// Somebody whom Python or a thread calls gives such a lock back without having taken it: who takes it twice waits for
// that one, as at a semaphore.
bool is_handed_over(const Audit& audit, const Lock& lock) {
  const std::string ending = ending_of(lock.what);
  return std::ranges::any_of(audit.entries(), [&](const EntryPoint& entry) {
    return std::ranges::any_of(audit.held().effects(entry.function), [&](const Ending& one) {
      return std::ranges::any_of(one.released, [&](const std::string& what) { return ending_of(what) == ending; });
    });
  });
}

// NULL is failure and 0 is not, unless the function returns pointers or the other ways return 1.
bool succeeded(const model::Function& function, const Ending& ending) {
  if (!ending.has_result) return false;
  return function.result.kind == model::Type::Kind::pointer ? !failed(ending)
         : ending.result.equal                              ? ending.result.number >= 0
                                                            : true;
}

// The lock is kept where it went well, and given back where it did not: the caller is to go on with it. Or a caller
// does give it back.
bool is_kept_on_purpose(const Audit& audit, FunctionId id, const Lock& lock) {
  const model::Function& function = audit.program().function(id);
  bool kept_well = true;
  for (const Ending& ending : audit.held().endings(id)) {
    const bool keeps = std::find(ending.open.begin(), ending.open.end(), lock) != ending.open.end();
    kept_well &= keeps ? succeeded(function, ending) : failed(ending);
  }
  if (kept_well) return true;
  for (const Edge& edge : audit.program().calls_to(id)) {
    if (edge.from == id) continue;
    for (const EventId e : audit.program().function(edge.from).events.ids())
      if (same_ending(given_back(audit, edge.from, e), lock.what)) return true;
  }
  return false;
}

// The callee sometimes keeps a lock and sometimes does not, and what it returns does not say which: what its caller
// holds is not known here (an iterator that is locked between its steps), or is told where the callee goes wrong.
bool is_ambiguous(const Audit& audit, FunctionId id, EventId call) {
  const Event& event = audit.program().function(id).events[call];
  const FunctionId callee = event.callee_key.text.empty() ? none : audit.program().find(event.callee_key);
  if (callee == none) return false;
  const Held::Summary& effects = audit.held().effects(callee);
  const auto same_result = [](const Ending& a, const Ending& b) {
    return !a.has_result || !b.has_result || a.result == b.result ||
           (!a.result.equal && b.result.number != a.result.number) ||
           (!b.result.equal && a.result.number != b.result.number);
  };
  for (const Ending& a : effects)
    for (const Ending& b : effects)
      if (!(a.open == b.open && a.released == b.released) && same_result(a, b)) return true;
  return false;
}

bool is_stable(const std::string& what) {
  const std::string place = what.starts_with("&") ? what.substr(1) : what;
  return (place.starts_with("p") || place.starts_with("g")) && place.find('[') == std::string::npos &&
         std::count(place.begin(), place.end(), '*') <= 1;
}

// Of an array of locks: the same one, chosen by a value that has not changed since.
bool is_same_element(const Audit& audit, FunctionId id, const Misuse& misuse) {
  if (!misuse.twice || misuse.lock.acquired == none || misuse.lock.acquired == misuse.event) return false;
  const auto first = chosen_lock(audit.program(), audit.held(), id, misuse.lock.acquired),
             second = chosen_lock(audit.program(), audit.held(), id, misuse.event);
  return first && second && is_same_choice(first->choice, second->choice) &&
         std::ranges::all_of(first->choice.variables, [&](const Subscript& by) {
           return audit.values(id).reaches(misuse.lock.acquired, misuse.event, by.variable);
         });
}

// What the callers hold is told where they call.
bool told_at_calls(const Audit& audit, FunctionId id, const Misuse& misuse) {
  const std::vector<Again>& again = audit.lock_order().again();
  return misuse.twice && misuse.lock.acquired == none &&
         std::any_of(again.begin(), again.end(), [&](const Again& one) { return one.taken == Site{id, misuse.event}; });
}

}  // namespace

bool may_nest(const Audit& audit, const Lock& lock) {
  if (lock.kind == LockCall::Kind::py_mutex) return false;
  for (const model::Function& function : audit.facts().functions)
    for (const Event& event : function.events)
      if (event.callee == "pthread_mutexattr_settype") return true;
  return false;
}

std::vector<Wrong> wrong_uses(const Audit& audit, FunctionId id) {
  std::vector<Wrong> out;
  const model::Function& function = audit.program().function(id);
  for (const Misuse& misuse : audit.held().misuses(id)) {
    if (is_section(misuse.lock) || misuse.lock.kind == LockCall::Kind::os_lock ||
        (!is_stable(misuse.lock.what) && !is_same_element(audit, id, misuse)) || is_semaphore(audit, id, misuse.event))
      continue;
    if (is_ambiguous(audit, id, misuse.event) ||
        (misuse.twice && misuse.lock.acquired != none && is_ambiguous(audit, id, misuse.lock.acquired)))
      continue;
    if (misuse.twice && is_left_by_slip(audit, id, misuse.lock)) continue;
    // Where one path does not take it, that path's caller may have.
    if (!misuse.twice && !misuse.every_way && !audit.contexts().entry(id)) continue;
    // Of a lock that only this function gives back nothing is known: its caller took it.
    bool taken_here = misuse.twice;
    for (EventId e; e < function.events.next_id() && !taken_here; ++e)
      for (const Lock& lock : audit.held().taken_by(id, e))
        taken_here |= lock.what == misuse.lock.what && audit.values(id).reaches(e, misuse.event, none);
    if (!taken_here || (misuse.twice && is_handed_over(audit, misuse.lock))) continue;
    const bool sure = misuse.every_way && (!misuse.twice || !may_nest(audit, misuse.lock));
    out.push_back({misuse, sure, told_at_calls(audit, id, misuse)});
  }
  return out;
}

namespace {

// A mark of the calls that are under way: whoever sets such a field has set it to 0 again when his function ends.
bool is_mark_of_a_call(const Program& program, const std::string& field) {
  bool is_set = false;
  for (const model::Function& function : program.facts.functions) {
    const auto stored = [&](EventId e) -> std::optional<std::int64_t> {
      const Event& event = function.events[e];
      const bool whole = event.kind == Event::Kind::write && !event.is_update() && !event.operands.empty();
      return whole ? constant(event.operands[0]) : std::nullopt;
    };
    const auto writes = [&](EventId e) {
      const Event& event = function.events[e];
      if (event.kind != Event::Kind::write || event.place == none || function.places[event.place].steps.empty())
        return false;
      const model::Step& last = function.places[event.place].steps.back();
      return last.kind == model::Step::Kind::field && last.field == field;
    };
    for (std::uint32_t b = 0; b < function.blocks.size(); ++b)
      for (const EventId e : function.blocks[b].events()) {
        if (!writes(e) || stored(e) == 0) continue;
        if (!stored(e)) return false;
        is_set = true;
        // No way from there to the end goes around a store of 0.
        std::vector<bool> seen(function.blocks.size(), false);
        std::vector<std::pair<std::uint32_t, EventId>> queue{{b, e + 1}};
        while (!queue.empty()) {
          const auto [block, first] = queue.back();
          queue.pop_back();
          bool cleared = false;
          for (EventId next = first; next < function.blocks[block].last && !cleared; ++next)
            cleared =
                writes(next) && stored(next) == 0 &&
                function.places[function.events[next].place].steps == function.places[function.events[e].place].steps;
          if (cleared) continue;
          if (function.blocks[block].successors.empty()) return false;
          for (const std::uint32_t after : function.blocks[block].successors)
            if (after != none && !seen[after])
              seen[after] = true, queue.emplace_back(after, function.blocks[after].first);
        }
      }
  }
  return is_set;
}

// The way asks for a mark of a call on an object that is on its way out: nobody is in a call on it.
bool needs_a_call(const Audit& audit, FunctionId id, const Ending& ending) {
  const EntryPoint* entry = audit.contexts().entry(id);
  if (entry == nullptr || arrival_of(*entry) != Arrival::takedown) return false;
  constexpr std::string_view own = "p0*.";
  return std::ranges::any_of(ending.needs, [&](const Need& need) {
    return need.place.starts_with(own) && need.place.find_first_of(".*[&", own.size()) == std::string::npos &&
           !need.value.can_be(0) && is_mark_of_a_call(audit.program(), need.place.substr(own.size()));
  });
}

// Locks that are held where a coroutine waits: co_await and co_yield hand its handle to await_suspend.
void suspended(const Audit& audit, FunctionId id, std::vector<Leak>& out) {
  const model::Function& function = audit.program().function(id);
  for (const EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    if (!is_call(event) || !event.callee.ends_with("::await_suspend") ||
        event.callee == "std::suspend_never::await_suspend")
      continue;
    for (const Lock& lock : audit.held().at(id, e))
      if (lock.acquired != none && lock.kind != LockCall::Kind::file && !is_semaphore(audit, id, lock.acquired) &&
          std::ranges::none_of(out, [&](const Leak& known) { return known.suspended && known.lock == lock; }))
        out.push_back({.lock = lock, .leave = e, .given_back = e, .suspended = true});
  }
}

}  // namespace

std::vector<Leak> leaks(const Audit& audit, FunctionId id) {
  std::vector<Leak> out;
  suspended(audit, id, out);
  const model::Function& function = audit.program().function(id);
  // A lock taken twice is kept for that reason: one slip, told once.
  const std::vector<Wrong> uses = wrong_uses(audit, id);
  const auto is_taken_twice = [&](const Lock& lock) {
    return std::ranges::any_of(uses,
                               [&](const Wrong& use) { return use.misuse.twice && use.misuse.lock.what == lock.what; });
  };
  for (const Ending& ending : audit.held().endings(id))
    for (const Lock& lock : ending.open) {
      if (!ending.certain || lock.acquired == none || !is_balanced_kind(lock) ||
          is_semaphore(audit, id, lock.acquired) || is_ambiguous(audit, id, lock.acquired) ||
          same_ending(ending.released, lock.what) || needs_a_call(audit, id, ending))
        continue;
      EventId back = none;
      for (EventId e; e < function.events.next_id() && back == none; ++e) {
        const Locks& open = audit.held().open_at(id, e);
        const std::vector<std::string> gives = given_back(audit, id, e);
        if (std::find(open.begin(), open.end(), lock) != open.end() &&
            std::find(gives.begin(), gives.end(), lock.what) != gives.end())
          back = e;
      }
      if (back != none && !is_kept_on_purpose(audit, id, lock) && !is_taken_twice(lock))
        out.push_back({lock, ending.leave, back});
    }
  std::vector<Leak> thrown = thrown_leaks(audit, id);
  std::move(thrown.begin(), thrown.end(), std::back_inserter(out));
  return out;
}

namespace {

// The first PyMutex inside a record, by value: "Box.lock".
std::string mutex_in(const Program& program, const std::string& name, int depth = 0) {
  const model::Record* record = program.record(name);
  if (record == nullptr || depth > 3) return "";
  for (const model::Field& field : record->fields) {
    if (field.type.kind != model::Type::Kind::record) continue;
    if (capi::record_named(field.type.record) == capi::Record::mutex) return record->name + "." + field.name;
    if (std::string inner = mutex_in(program, field.type.record, depth + 1);
        !inner.empty() && capi::record_named(field.type.record) != capi::Record::object)
      return inner;
  }
  return "";
}

std::string mutex_at(const Audit& audit, const model::Function& function, const Operand& operand) {
  if (operand.kind != Operand::Kind::place && operand.kind != Operand::Kind::address) return "";
  const model::Type& type = function.places[operand.place].type;
  const bool leads_there = operand.kind == Operand::Kind::address
                               ? type.kind == model::Type::Kind::record
                               : type.kind == model::Type::Kind::pointer && type.indirections == 1;
  return leads_there ? mutex_in(audit.program(), type.record) : "";
}

// Something makes the memory zero, or writes the mutex: memset, `*box = (Box){0}`, `box->lock = (PyMutex){0}`, a
// function that is given the object.
bool is_made_zero(const Audit& audit, FunctionId id, std::uint32_t variable, EventId made, const std::string& field) {
  const model::Function& function = audit.program().function(id);
  const std::string name = field.substr(field.rfind('.') + 1);
  for (const EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    if (event.kind == Event::Kind::write && event.place != none) {
      const Place& place = function.places[event.place];
      if (place.root == Place::Root::variable && place.variable == variable && !place.steps.empty() &&
          (place.steps.back().kind != model::Step::Kind::field ||
           std::any_of(place.steps.begin(), place.steps.end(),
                       [&](const model::Step& step) { return step.field == name; })))
        return true;
    }
    if (!is_call(event) || e == made || audit.program().lock_call(event.callee) != nullptr ||
        capi::is_api_name(event.callee) || capi::frees(event.callee))
      continue;
    for (const Operand& operand : event.operands)
      if (operand.place != none && function.places[operand.place].root == Place::Root::variable &&
          function.places[operand.place].variable == variable)
        return true;
  }
  return false;
}

}  // namespace

std::vector<Misplaced> misplaced_mutexes(const Audit& audit, FunctionId id) {
  using How = Misplaced::How;
  std::vector<Misplaced> out;
  const model::Function& function = audit.program().function(id);
  // A local mutex that is zero and that nobody has used, put into an object that nobody else has: it is made zero.
  const auto initialises = [&](EventId at) {
    const Operand& value = function.events[at].operands[0];
    const Place& from = function.places[value.place];
    if (from.root != Place::Root::variable || !from.steps.empty() || from.variable < function.parameters) return false;
    if (function.variables[from.variable].storage != model::Storage::local) return false;
    for (const EventId e : function.events.ids())
      for (const Operand& operand : function.events[e].operands)
        if (operand.kind == Operand::Kind::address && function.places[operand.place].root == Place::Root::variable &&
            function.places[operand.place].variable == from.variable)
          return false;
    const Place& to = function.places[function.events[at].place];
    return to.root == Place::Root::variable && !to.steps.empty() &&
           audit.ownership().of_local({id}, at, to.variable).is_private();
  };
  const auto say = [&](How how, EventId at, std::string field) {
    if (!field.empty()) out.push_back({how, at, std::move(field)});
  };
  for (const EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    if (event.kind == Event::Kind::write && !event.operands.empty() && event.place != none) {
      const Operand& value = event.operands[0];
      const model::Type& type = function.places[event.place].type;
      if (value.kind == Operand::Kind::place && type.kind == model::Type::Kind::record &&
          type.record == function.places[value.place].type.record &&
          function.places[value.place].type.kind == model::Type::Kind::record && !initialises(e))
        say(How::copied, e,
            capi::record_named(type.record) == capi::Record::mutex ? type.record
                                                                   : mutex_in(audit.program(), type.record));
      if (value.kind == Operand::Kind::call && capi::leaves_memory(function.events[value.event].callee) &&
          type.kind == model::Type::Kind::pointer && type.indirections == 1) {
        const Place& place = function.places[event.place];
        const std::string field = mutex_in(audit.program(), type.record);
        if (!field.empty() && place.root == Place::Root::variable && place.steps.empty() &&
            !is_made_zero(audit, id, place.variable, value.event, field))
          say(How::not_zeroed, value.event, field);
      }
    }
    if (!is_call(event) || event.operands.empty()) continue;
    if ((event.callee == "memcpy" || event.callee == "memmove") && event.operands.size() > 1 &&
        !mutex_at(audit, function, event.operands[0]).empty())
      say(How::copied, e, mutex_at(audit, function, event.operands[1]));
    if (capi::resizes(event.callee)) say(How::moved, e, mutex_at(audit, function, event.operands[0]));
  }
  return out;
}

}  // namespace ftaudit::analysis
