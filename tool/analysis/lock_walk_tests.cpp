// LockWalk, the part about tests: what the outcome of a comparison says about locks and flags.
#include <algorithm>

#include "analysis/field_writes.h"
#include "analysis/lock_walk.h"
#include "analysis/tested.h"
#include "capi/lock_results.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

void LockWalk::pass(World& world, std::string flag) {
  if (flag.empty()) return;
  const auto at = std::lower_bound(world.passed.begin(), world.passed.end(), flag);
  if (at == world.passed.end() || *at != flag) world.passed.insert(at, std::move(flag));
}

// Numbers other than 0 that somebody stores there without letting others see by them what was done before: that the
// work has begun, say.
const std::set<std::int64_t>& LockWalk::unpublished(const std::string& key) const {
  const auto [known, is_new] = unpublished_.try_emplace(key);
  if (is_new)
    for (const auto& [id, e] : terms_.writes().events(key)) {
      const Event& write = program_.function(id).events[e];
      if (write.operands.empty() || publishes(write) || write.op == Event::Operator::initialise) continue;
      if (const Operand& value = write.operands[0]; value.kind == Operand::Kind::number && value.number != 0)
        known->second.insert(value.number);
    }
  return known->second;
}

EventId LockWalk::load_of_set(EventId compare, bool outcome) const {
  const Event& test = function_.events[compare];
  if (test.operands.empty()) return none;
  bool set = outcome;
  std::int64_t number = 0;  // that it is, when it is set
  if (test.op == Event::Operator::equal || test.op == Event::Operator::unequal) {
    if (test.operands.size() > 1 && test.operands[1].kind != Operand::Kind::number &&
        test.operands[1].kind != Operand::Kind::null)
      return none;
    const bool zero = test.operands.size() < 2 || test.operands[1].number == 0;
    set = outcome == ((test.op == Event::Operator::equal) != zero);
    if (!zero) number = test.operands[1].number;
  } else if (test.op != Event::Operator::truth) {
    return none;
  }
  if (!set) return none;
  const std::optional<Operand> value = tested(function_, terms_.values(id_), compare);
  if (!value) return none;
  EventId found = none;
  if (value->kind == Operand::Kind::place && function_.places[value->place].type.is_atomic) {
    for (found = compare; found-- > EventId(0);)
      if (const Event& load = function_.events[found]; load.kind == Event::Kind::read && load.place == value->place)
        break;
  } else if (value->kind == Operand::Kind::call) {
    found = read_by(function_, value->event);
  }
  if (!function_.events.has(found)) return none;
  const Event& load = function_.events[found];
  if (load.kind != Event::Kind::read || !load.atomic || load.place == none) return none;
  // 1 while somebody is at it, 2 when it is done: not every number says that.
  const std::set<std::int64_t>& others = unpublished(FieldWrites::key(function_.places[load.place]));
  return others.empty() || (number != 0 && !others.contains(number)) ? found : EventId(none);
}

// The first thing compared is not 0, if the event comes out like that.
static bool says_set(const Event& test, bool outcome) {
  if (test.op == Event::Operator::truth) return outcome;
  if (test.op != Event::Operator::equal && test.op != Event::Operator::unequal) return false;
  const auto number = test.operands.size() < 2 ? std::optional<std::int64_t>(0) : constant(test.operands[1]);
  return number && outcome == ((test.op == Event::Operator::equal) == (*number != 0));
}

bool LockWalk::assume(World& world, EventId compare, bool outcome) const {
  if (!conditions_.assume(world, compare, outcome)) return false;
  if (const EventId load = load_of_set(compare, outcome); load != none) {
    const model::Order order = function_.events[load].order;
    // Who holds the lock under which it is set needs no order of its own.
    if ((order != model::Order::relaxed && order != model::Order::none) || !world.open.empty()) {
      const std::string flag = terms_.values(id_).identity(function_.places[function_.events[load].place], load);
      if (!flag.empty()) pass(world, "&" + flag);
    }
  }
  if (locks_second(compare, outcome)) return false;
  if (const HandmadeStep* step = terms_.handmade().at(id_, compare); step != nullptr && step->outcome == outcome)
    follow(world, *step);
  if (!world.open.empty() && says_set(function_.events[compare], outcome))
    if (const std::string& flag = plain_flag(compare); !flag.empty() && holds_alone(world)) pass(world, flag);
  const auto [null, said, bits, answered] = conditions_.says(compare, outcome);
  if (null == none || !bits.empty() || !(said == Known{true, 0})) return names_.assume(world, compare, outcome);
  const model::Place& place = function_.places[null];
  if (locks_unless(place, compare, !outcome) || !names_.assume(world, compare, outcome)) return false;
  if (world.open.empty()) return true;
  const std::string handle = terms_.values(id_).identity(place, compare);
  return std::none_of(world.open.begin(), world.open.end(), [&](const Lock& lock) { return lock.what == handle; });
}

void LockWalk::go_round(World& world, std::uint32_t from, std::uint32_t to) const {
  conditions_.forget_memory(world);
  names_.go_round(world, function_.blocks[to].first, function_.blocks[from].last);
}

// Whoever sets the flag makes the mutex beside it as well, and nobody takes it back: both are settled before a second
// thread has the object. `if (shared->threaded) lock(&shared->mutex);` asks whether there will ever be one.
static bool is_settled_with(const Program& program, const FieldWrites& writes, const model::Place& flag,
                            const model::Place& mutex) {
  const model::Step &own = flag.steps.back(), &beside = mutex.steps.back();
  if (own.kind != model::Step::Kind::field || beside.kind != own.kind || own.record != beside.record) return false;
  const auto is_last = [](const model::Place& place, const model::Step& step) {
    return !place.steps.empty() && place.steps.back() == step;
  };
  const auto makes = [&](const model::Function& function, const Event& event) {
    if (event.kind == Event::Kind::write && event.place != none && !event.operands.empty())
      return event.operands[0].kind == Operand::Kind::call && is_last(function.places[event.place], beside);
    return is_call(event) && capi::makes_mutex(event.callee) && !event.operands.empty() &&
           event.operands[0].kind == Operand::Kind::address &&
           is_last(function.places[event.operands[0].place], beside);
  };
  bool is_set = false;
  for (const auto& [id, e] : writes.events(own.field)) {
    const model::Function& function = program.function(id);
    const Event& event = function.events[e];
    if (!is_last(function.places[event.place], own)) continue;
    const auto number = event.operands.empty() ? std::nullopt : constant(event.operands[0]);
    if (event.is_update() || number == 0 ||
        std::ranges::none_of(function.events, [&](const Event& one) { return makes(function, one); }))
      return false;
    is_set = true;
  }
  return is_set;
}

// `if (mutex) lock(mutex);` without an else: a global mutex that is not there yet has no second thread to wait for, and
// an object's, where somebody makes one, is there when others have the object. The way around it is not taken where
// locks matter.
bool LockWalk::locks_unless(const model::Place& mutex, EventId compare, bool outcome) const {
  const std::string handle = terms_.values(id_).identity(mutex, compare);
  const bool is_global = mutex.root == model::Place::Root::global && mutex.steps.empty();
  if (handle.empty() || (!is_global && mutex.steps.empty())) return false;
  const Flow& flow = program_.flow(id_);
  const model::Block& decider = function_.blocks[flow.block_of[compare]];
  if (decider.condition != compare || decider.successors.size() != 2) return false;
  const std::uint32_t lock = decider.successors[outcome ? 0 : 1], around = decider.successors[outcome ? 1 : 0];
  if (lock == none || around == none || flow.predecessors[around].size() < 2) return false;
  for (const EventId e : function_.blocks[lock].events()) {
    const Event& event = function_.events[e];
    if (!is_call(event) || event.operands.empty()) continue;
    if (event.kind == Event::Kind::acquire && mutex.type.kind == model::Type::Kind::scalar &&
        (event.operands[0].kind == Operand::Kind::address || event.operands[0].kind == Operand::Kind::place)) {
      const model::Place& taken = function_.places[event.operands[0].place];
      const std::string what = terms_.values(id_).identity(event.operands[0], e);
      const auto object = [](const std::string& name) { return name.substr(0, name.rfind('.')); };
      if (!taken.steps.empty() && !what.empty() && object("&" + handle) == object((what[0] == '&' ? "" : "&") + what) &&
          is_settled_with(program_, terms_.writes(), mutex, taken))
        return true;
    }
    if (event.operands[0].kind != Operand::Kind::place) continue;
    if (terms_.values(id_).identity(event.operands[0], e) != handle) continue;
    const FunctionId callee = event.callee_key.text.empty() ? none : program_.find(event.callee_key);
    if (event.kind == Event::Kind::acquire || (callee != none && terms_.is_busy(callee)))
      return is_global || terms_.writes().is_made(FieldWrites::key(mutex));
  }
  return false;
}

// `if (b != a) lock(b);` behind `lock(a)`, and the same for unlock: where both are one object its lock is held by
// either name, which the way through the branch says as well. Only the way around it, that does nothing else, is left
// out.
bool LockWalk::locks_second(EventId compare, bool outcome) const {
  const Event& test = function_.events[compare];
  if ((test.op != Event::Operator::equal && test.op != Event::Operator::unequal) || test.operands.size() != 2 ||
      outcome != (test.op == Event::Operator::equal))
    return false;
  for (const Operand& operand : test.operands)
    if (operand.kind != Operand::Kind::place || function_.places[operand.place].type.kind != model::Type::Kind::pointer)
      return false;
  const Flow& flow = program_.flow(id_);
  const model::Block& decider = function_.blocks[flow.block_of[compare]];
  if (decider.condition != compare || decider.successors.size() != 2) return false;
  const std::uint32_t around = decider.successors[outcome ? 0 : 1], branch = decider.successors[outcome ? 1 : 0];
  if (branch == none || around == none || function_.blocks[branch].successors != std::vector<std::uint32_t>{around})
    return false;
  const model::Block& block = function_.blocks[branch];
  if (block.last.n != block.first.n + 1) return false;
  const Event& call = function_.events[block.first];
  const capi::LockCall* lock = is_call(call) ? program_.lock_call(call.callee) : nullptr;
  if (lock == nullptr || lock->lock < 0 || lock->token >= 0 ||
      static_cast<std::size_t>(lock->lock) >= call.operands.size())
    return false;
  const std::string what =
      terms_.values(id_).identity(call.operands[static_cast<std::size_t>(lock->lock)], block.first);
  return std::ranges::any_of(test.operands, [&](const Operand& operand) {
    return lies_in(what.starts_with('&') ? what.substr(1) : what, terms_.values(id_).identity(operand, compare));
  });
}

void LockWalk::pass_initialised(World& world, const model::Block& block, std::size_t side) const {
  if (block.successors.size() != 2 || block.successors[1 - side] == none) return;
  const model::Block& other = function_.blocks[block.successors[1 - side]];
  for (EventId e = other.first; e < other.last && function_.events[e].once; ++e)
    pass(world, terms_.initialised_by(id_, e));
}

}  // namespace ftaudit::analysis
