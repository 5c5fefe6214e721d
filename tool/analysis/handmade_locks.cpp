#include "analysis/handmade_locks.h"

#include <algorithm>

#include "analysis/field_writes.h"
#include "analysis/lies_in.h"
#include "analysis/tested.h"
#include "capi/capi.h"

namespace ftaudit::analysis {

using capi::LockCall;
using model::Event;
using model::Operand;
using model::Order;

namespace {

bool acquires(Order order) { return order == Order::acquire || order == Order::acq_rel || order == Order::seq_cst; }
bool releases(Order order) { return order == Order::release || order == Order::acq_rel || order == Order::seq_cst; }

bool is_equality(const Event& event) {
  return event.kind == Event::Kind::compare && event.operands.size() == 2 &&
         (event.op == Event::Operator::equal || event.op == Event::Operator::unequal);
}

bool stores_constant(const Event& write) {
  return !write.is_update() && !write.operands.empty() && constant(write.operands[0]).has_value();
}

// `++x`, or one added by a function.
bool adds_one(const Event& write) {
  if (write.op != Event::Operator::update || !write.atomic || write.operands.empty()) return false;
  return write.operands[0].kind == Operand::Kind::unknown || constant(write.operands[0]) == 1;
}

// No such lock without one of these.
bool begins_one(const Event& event) {
  return is_call(event) ? capi::identifies_thread(event.callee) : event.kind == Event::Kind::write && adds_one(event);
}

// The object that a field is of, as its identity begins: "p0*" of "p0*.owner".
std::string object_of(const std::string& field) {
  const std::size_t point = field.rfind('.');
  return point == std::string::npos ? std::string() : field.substr(0, point);
}

// The variable that a mutex is, whatever the object: "Box.mutex", "g3"; "" for what cannot be named.
std::string mutex_name(const model::Function& function, const Operand& mutex) {
  if (mutex.place == none) return {};
  const model::Place& place = function.places[mutex.place];
  for (auto step = place.steps.rbegin(); step != place.steps.rend(); ++step)
    if (step->kind == model::Step::Kind::field) return step->record + "." + step->field;
  return place.root == model::Place::Root::global ? "g" + std::to_string(place.global.n) : std::string();
}

std::string plain(const std::string& identity) { return identity.starts_with('&') ? identity.substr(1) : identity; }

}  // namespace

HandmadeLocks::HandmadeLocks(const Program& program, const FieldWrites& writes, ValuesOf values, TakenBy taken_by)
    : program_(program),
      writes_(writes),
      values_(std::move(values)),
      taken_by_(std::move(taken_by)),
      steps_(program.facts.functions.size()) {
  for (const FunctionId id : steps_.ids()) {
    const model::Function& function = program.function(id);
    if (function.is_support || !std::ranges::any_of(function.events, begins_one)) continue;
    for (const model::Block& block : function.blocks)
      if (block.condition != none && block.successors.size() == 2 && is_equality(function.events[block.condition]))
        ticket(id, block.condition), owner(id, block.condition);
  }
}

const HandmadeStep* HandmadeLocks::at(FunctionId id, EventId event) const {
  const auto found = steps_[id].find(event);
  return found == steps_[id].end() ? nullptr : &found->second;
}

bool HandmadeLocks::is_taken_again(FunctionId id, const Operand& mutex) const {
  return !taken_again_.empty() && taken_again_.contains(mutex_name(program_.function(id), mutex));
}

// The read of memory that a compared value is, perhaps kept in a local first; none.
EventId HandmadeLocks::read_of(FunctionId id, const Operand& operand, EventId at) const {
  const model::Function& function = program_.function(id);
  if (operand.kind == Operand::Kind::call) {
    const EventId read = read_by(function, operand.event);
    return function.events.has(read) && function.events[read].kind == Event::Kind::read ? read : EventId(none);
  }
  if (operand.kind != Operand::Kind::place) return none;
  if (FieldWrites::key(function.places[operand.place]).empty()) return none;
  for (EventId e = at; e-- > EventId(0);)
    if (function.events[e].kind == Event::Kind::read && function.events[e].place == operand.place) return e;
  return none;
}

// `mine = next++; while (serving != mine) {}`, and `serving = mine + 1` to give it back.
void HandmadeLocks::ticket(FunctionId id, EventId compare) {
  const model::Function& function = program_.function(id);
  const Event& test = function.events[compare];
  for (const std::size_t side : {0, 1}) {
    const EventId read = read_of(id, test.operands[side], compare);
    if (read == none || !function.events[read].atomic || !acquires(function.events[read].order)) continue;
    const Operand& mine = test.operands[1 - side];
    const std::uint32_t local = mine.kind == Operand::Kind::place ? values_(id).local_of(mine) : none;
    if (local == none) continue;
    const std::vector<EventId>& given = values_(id).definitions(local, compare);
    if (given.size() != 1 || given[0] == none || function.events[given[0]].operands.empty()) continue;
    const Operand& value = function.events[given[0]].operands[0];
    const EventId drawn = value.kind == Operand::Kind::call ? read_by(function, value.event) : EventId(none);
    if (drawn == none || !function.events.has(drawn) || !adds_one(function.events[drawn])) continue;
    const std::string called = FieldWrites::key(function.places[function.events[read].place]);
    const std::string numbers = FieldWrites::key(function.places[function.events[drawn].place]);
    if (called.empty() || numbers.empty() || called == numbers) continue;
    if (!draws(numbers, called) || !calls(called, numbers)) continue;
    const auto named = [&](FunctionId in, EventId e) {
      const model::Function& there = program_.function(in);
      return Lock{
          .what = "&" + values_(in).identity(there.places[there.events[e].place], e), .token = "", .acquired = e};
    };
    steps_[id]
        .try_emplace(compare, HandmadeStep{true, test.op == Event::Operator::equal, named(id, read)})
        .first->second.lock.acquired = compare;
    for (const auto& [in, e] : writes_.events(called))
      if (!stores_constant(program_.function(in).events[e]))
        steps_[in].try_emplace(e, HandmadeStep{.lock = named(in, e)});
  }
}

// Every thread draws a number of its own.
bool HandmadeLocks::draws(const std::string& numbers, const std::string& called) const {
  return std::ranges::all_of(writes_.events(numbers), [&](const auto& at) {
    const Event& write = program_.function(at.first).events[at.second];
    return adds_one(write) || (stores_constant(write) && sets_up(at.first, called));
  });
}

// The numbers are called one after the other, with all that was done before.
bool HandmadeLocks::calls(const std::string& called, const std::string& numbers) const {
  return std::ranges::all_of(writes_.events(called), [&](const auto& at) {
    const Event& write = program_.function(at.first).events[at.second];
    if (stores_constant(write)) return sets_up(at.first, numbers);
    if (!write.atomic || !releases(write.order)) return false;
    if (adds_one(write)) return true;
    return write.op == Event::Operator::assign && !write.operands.empty() &&
           write.operands[0].kind == Operand::Kind::parts && write.operands[0].parts.size() == 2 &&
           std::ranges::any_of(write.operands[0].parts, [](const Operand& part) { return constant(part) == 1; });
  });
}

// Both counters get their first values in one function.
bool HandmadeLocks::sets_up(FunctionId id, const std::string& key) const {
  return std::ranges::any_of(writes_.events(key), [&](const auto& at) {
    return at.first == id && stores_constant(program_.function(id).events[at.second]);
  });
}

// What tells the running thread from all others, as it is, or by way of locals.
bool HandmadeLocks::is_own_number(FunctionId id, const Operand& operand, EventId at, int copies) const {
  const model::Function& function = program_.function(id);
  if (operand.kind == Operand::Kind::call) return capi::identifies_thread(function.events[operand.event].callee);
  const std::uint32_t local = operand.kind == Operand::Kind::place ? values_(id).local_of(operand) : none;
  if (local == none || copies > 3) return false;
  const std::vector<EventId>& given = values_(id).definitions(local, at);
  return !given.empty() && std::ranges::all_of(given, [&](EventId e) {
    if (e == none || function.events[e].kind != Event::Kind::write || function.events[e].operands.empty()) return false;
    return !function.events[e].is_update() && is_own_number(id, function.events[e].operands[0], e, copies + 1);
  });
}

// `if (lock->owner == me) ++lock->depth; else { wait(&lock->mutex); lock->owner = me; lock->depth = 1; }`
void HandmadeLocks::owner(FunctionId id, EventId compare) {
  const model::Function& function = program_.function(id);
  const Event& test = function.events[compare];
  for (const std::size_t side : {0, 1}) {
    if (!is_own_number(id, test.operands[1 - side], compare)) continue;
    const EventId read = read_of(id, test.operands[side], compare);
    if (read == none) continue;
    const model::Place& place = function.places[function.events[read].place];
    const std::optional<Owned>& owned = owned_by(FieldWrites::key(place));
    const std::string name = values_(id).identity(place, read);
    if (!owned || name.empty()) continue;
    asks_.emplace(id, read);
    Lock lock = owned->lock;
    if (owned->beside) lock.what.insert(lock.what.starts_with('&'), object_of(name));
    lock.acquired = compare;
    const bool equal = test.op == Event::Operator::equal;
    if (!counts_level(id, compare, equal, owned->mutex)) lock.token = held_before;
    steps_[id].try_emplace(compare, HandmadeStep{true, equal, std::move(lock)});
  }
}

// Who finds itself there counts that it is there once more, which somebody counts back. Who is about to let the mutex
// go counts nothing of that kind.
bool HandmadeLocks::counts_level(FunctionId id, EventId compare, bool outcome, const std::string& mutex) const {
  const model::Function& function = program_.function(id);
  const auto behind = [&](EventId e) {
    bool found = false;
    values_(id).each_condition(e, [&](EventId test, bool came) { found |= test == compare && came == outcome; });
    return found;
  };
  if (std::ranges::any_of(releases_of(mutex), [&](const auto& at) { return at.first == id && behind(at.second); }))
    return false;
  for (const EventId e : function.events.ids())
    if (function.events[e].op == Event::Operator::update && behind(e)) return true;
  return false;
}

const std::optional<HandmadeLocks::Owned>& HandmadeLocks::owned_by(const std::string& field) {
  const auto [known, is_new] = owned_.try_emplace(field);
  if (!is_new) return known->second;
  known->second = find_owned(field);
  if (!known->second) return known->second;
  taken_again_.insert(known->second->mutex);
  give_back_levels(known->second->mutex);
  return known->second;
}

// The one lock under which threads write themselves down as owners; nothing where somebody does without.
std::optional<HandmadeLocks::Owned> HandmadeLocks::find_owned(const std::string& field) const {
  std::optional<Owned> found;
  for (const auto& [id, e] : writes_.events(field)) {
    const model::Function& function = program_.function(id);
    const Event& write = function.events[e];
    if (stores_constant(write)) continue;
    if (write.is_update() || write.operands.empty() || !is_own_number(id, write.operands[0], e)) return std::nullopt;
    Owned here;
    here.lock = held_at(id, e, here.mutex);
    std::string& what = here.lock.what;
    const std::string object = object_of(values_(id).identity(function.places[write.place], e));
    if (what.empty() || here.mutex.empty()) return std::nullopt;
    here.beside = !object.empty() && lies_in(plain(what), object);
    if (here.beside) what.erase(what.starts_with('&'), object.size());
    else if (plain(what)[0] != 'g') return std::nullopt;
    if (found && (found->beside != here.beside || found->lock.what != what)) return std::nullopt;
    here.lock.recursive = true;
    found = std::move(here);
  }
  if (found && forgets_owner(found->mutex, field)) found.reset();
  return found;
}

// The mutex that was taken on every way to the write, and not given back since; without a name where none was.
Lock HandmadeLocks::held_at(FunctionId id, EventId write, std::string& mutex) const {
  const model::Function& function = program_.function(id);
  const Flow& flow = program_.flow(id);
  for (EventId e = write; e-- > EventId(0);) {
    const LockCall* call = is_call(function.events[e]) ? program_.lock_call(function.events[e].callee) : nullptr;
    if (call == nullptr || call->kind == LockCall::Kind::critical_section) continue;
    if (call->does == LockCall::Does::release) break;
    if (call->does != LockCall::Does::acquire || call->shared || call->token >= 0) continue;
    if (!flow.dominates(flow.block_of[e], flow.block_of[write])) continue;
    const Locks taken = taken_by_(id, e);
    if (taken.size() != 1 || taken[0].what == "?" || call->lock < 0) continue;
    mutex = mutex_name(function, function.events[e].operands[static_cast<std::size_t>(call->lock)]);
    return taken[0];
  }
  return {};
}

std::vector<std::pair<FunctionId, EventId>> HandmadeLocks::releases_of(const std::string& mutex) const {
  std::vector<std::pair<FunctionId, EventId>> out;
  for (const FunctionId id : program_.facts.functions.ids()) {
    const model::Function& function = program_.function(id);
    for (const EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      const LockCall* call = is_call(event) ? program_.lock_call(event.callee) : nullptr;
      if (call != nullptr && call->does == LockCall::Does::release && call->lock >= 0 &&
          static_cast<std::size_t>(call->lock) < event.operands.size() &&
          mutex_name(function, event.operands[static_cast<std::size_t>(call->lock)]) == mutex)
        out.emplace_back(id, e);
    }
  }
  return out;
}

// On the way to the event the thread has found that the field does not name it, as it goes with what is not its own.
bool HandmadeLocks::is_not_owner(FunctionId id, EventId at, const std::string& field) const {
  const model::Function& function = program_.function(id);
  bool found = false;
  values_(id).each_condition(at, [&](EventId compare, bool outcome) {
    const Event& test = function.events[compare];
    if (!is_equality(test) || outcome == (test.op == Event::Operator::equal)) return;
    for (const std::size_t side : {0, 1}) {
      if (!is_own_number(id, test.operands[1 - side], compare)) continue;
      const EventId read = read_of(id, test.operands[side], compare);
      found |= read != none && FieldWrites::key(function.places[function.events[read].place]) == field;
    }
  });
  return found;
}

// Somebody lets the mutex go and leaves its thread written down as the owner.
bool HandmadeLocks::forgets_owner(const std::string& mutex, const std::string& field) const {
  const auto& written = writes_.events(field);
  return std::ranges::any_of(releases_of(mutex), [&](const auto& release) {
    const Flow& flow = program_.flow(release.first);
    if (is_not_owner(release.first, release.second, field)) return false;
    return std::ranges::none_of(written, [&](const auto& at) {
      return at.first == release.first && at.second < release.second &&
             stores_constant(program_.function(at.first).events[at.second]) &&
             flow.dominates(flow.block_of[at.second], flow.block_of[release.second]);
    });
  });
}

// `if (--lock->depth == 0) release(&lock->mutex);`, or `if (lock->depth > 1) { lock->depth--; return; }` before it: who
// comes out of an inner level gives back what that one took.
void HandmadeLocks::give_back_levels(const std::string& mutex) {
  for (const auto& [id, e] : releases_of(mutex)) {
    const model::Function& function = program_.function(id);
    const Event& release = function.events[e];
    const int lock = program_.lock_call(release.callee)->lock;
    const std::string what = values_(id).identity(release.operands[static_cast<std::size_t>(lock)], e);
    EventId level = none, counted = none;
    bool last = false;
    values_(id).each_condition(e, [&](EventId compare, bool outcome) {
      const Event& test = function.events[compare];
      if (level != none || test.operands.empty() || test.operands[0].kind != Operand::Kind::place) return;
      for (const EventId one : function.events.ids())
        if (function.events[one].op == Event::Operator::update &&
            function.events[one].place == test.operands[0].place && (counted == none || one < compare))
          level = compare, last = outcome, counted = one;
    });
    if (level == none || what.empty()) continue;
    HandmadeStep step{false, !last, {.what = what, .token = "", .acquired = e}};
    // Counted down before it is asked, or on the way out of an inner level alone.
    if (counted < level) steps_[id].try_emplace(level, std::move(step));
    else if (!values_(id).reaches(counted, e, none)) steps_[id].try_emplace(counted, std::move(step));
  }
}

}  // namespace ftaudit::analysis
