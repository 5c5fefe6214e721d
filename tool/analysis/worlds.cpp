#include "analysis/worlds.h"

#include <algorithm>
#include <iterator>

#include "capi/python_runs.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

constexpr std::size_t most_worlds = 24;  // a function with more ways than that is seen as one

// True where something is not known any more, or less of it.
bool intersect(std::map<std::uint32_t, Known>& known, const std::map<std::uint32_t, Known>& other) {
  bool less = false;
  for (auto one = known.begin(); one != known.end();) {
    const auto it = other.find(one->first);
    const auto both = it == other.end() ? std::nullopt : either(one->second, it->second);
    less |= both != one->second;
    if (both) one->second = *both, ++one;
    else one = known.erase(one);
  }
  return less;
}

template <class Wanted> void keep(Locks& locks, Wanted wanted) {
  std::erase_if(locks, [&](const Lock& lock) { return !wanted(lock); });
}
bool contains(const Locks& locks, const Lock& lock) {
  return std::find(locks.begin(), locks.end(), lock) != locks.end();
}

// All of them as one, of which only what they agree on is sure.
void blur(std::vector<World>& worlds) {
  World one = worlds[0];
  // A section that is suspended in one of them by a section the others do not have is not sure any more.
  for (const World& world : worlds) {
    const Locks held = held_in(world);
    keep(one.open, [&](const Lock& lock) { return contains(is_section(lock) ? held : world.open, lock); });
  }
  for (std::size_t i = 1; i < worlds.size(); ++i) {
    one.released.insert(one.released.end(), worlds[i].released.begin(), worlds[i].released.end());
    intersect(one.known, worlds[i].known);
    one.passed = common(one.passed, worlds[i].passed);
    one.detached |= worlds[i].detached;
    if (one.leave != worlds[i].leave) one.leave = none;
  }
  std::sort(one.released.begin(), one.released.end());
  one.released.erase(std::unique(one.released.begin(), one.released.end()), one.released.end());
  one.certain = false;
  worlds.assign(1, std::move(one));
}

bool begins_with(const Place& place, const Place& start) {
  return place.root == start.root && place.variable == start.variable && place.global == start.global &&
         place.call == start.call && place.steps.size() >= start.steps.size() &&
         std::equal(start.steps.begin(), start.steps.end(), place.steps.begin());
}

}  // namespace

std::vector<std::string> common(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::string> out;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  return out;
}

Locks held_in(const World& world) {
  const auto innermost = std::find_if(world.open.rbegin(), world.open.rend(), is_section);
  Locks out;
  for (const Lock& lock : world.open)
    if (!is_claim(lock) && (!is_section(lock) || (!world.detached && lock.token == innermost->token &&
                                                  lock.acquired == innermost->acquired)))
      out.push_back(lock);
  return out;
}

std::optional<Known> either(const Known& a, const Known& b) {
  if (a == b) return a;
  const auto can_be = [](const Known& known, std::int64_t number) { return (known.number == number) == known.equal; };
  for (const std::int64_t number : {a.equal ? 0 : a.number, b.equal ? 0 : b.number})
    if (!can_be(a, number) && !can_be(b, number)) return Known{false, number};
  return std::nullopt;
}

bool add(std::vector<World>& worlds, World world) {
  if (worlds.size() == 1 && !worlds[0].certain) {
    const World before = worlds[0];
    worlds.push_back(std::move(world));
    blur(worlds);
    return !before.alike(worlds[0]) || before.known != worlds[0].known || before.passed != worlds[0].passed;
  }
  for (World& known : worlds)
    if (known.alike(world)) {
      const std::size_t passed = known.passed.size();
      const bool less = intersect(known.known, world.known);
      known.passed = common(known.passed, world.passed);
      return less || known.passed.size() != passed;
    }
  worlds.push_back(std::move(world));
  if (worlds.size() > most_worlds) blur(worlds);
  return true;
}

Conditions::Conditions(const model::Function& function, const Flow& flow) : function_(function) {
  for (const model::Block& block : function.blocks)
    if (block.condition != none && block.successors.size() == 2)
      if (const Question question = ask(function.events[block.condition]); question.subject != none)
        questions_.emplace(block.condition, question);
  // Results that are kept in a local, or handed on, before anyone asks.
  for (const Event& event : function.events)
    if (event.kind == Event::Kind::write || event.kind == Event::Kind::leave)
      each_operand(event, [&](const Operand& operand) {
        if (operand.kind == Operand::Kind::call) subject(side(operand), -1, {0, 0});
      });
  find_arms(flow);
}

// `asked ? a : b`, in a block that the two arms of the question come to.
void Conditions::find_arms(const Flow& flow) {
  const std::vector<std::vector<std::uint32_t>>& from = flow.predecessors;
  for (std::uint32_t b = 0; b < function_.blocks.size(); ++b) {
    if (from[b].size() != 2 || from[from[b][0]].size() != 1 || from[from[b][0]] != from[from[b][1]]) continue;
    const model::Block& block = function_.blocks[b];
    const std::vector<std::uint32_t>& arms = function_.blocks[from[from[b][0]][0]].successors;
    if (arms.size() != 2 || arms[0] == arms[1]) continue;
    for (const EventId e : block.events())
      for (const Operand& operand : function_.events[e].operands)
        if (operand.kind == Operand::Kind::choice && operand.parts.size() == 2) {
          choices_.push_back(&operand);
          for (const std::size_t arm : {0, 1})
            arms_[arms[arm]].emplace_back(subject(side(operand), -1, {0, 0}), &operand.parts[arm]);
        }
  }
}

void Conditions::choose(World& world, std::uint32_t block) const {
  const auto chosen = arms_.find(block);
  if (chosen == arms_.end()) return;
  for (const auto& [choice, part] : chosen->second) {
    world.known.erase(choice);
    if (Known now; value(world, *part, now)) world.known.emplace(choice, now);
  }
}

// What an operand is for comparing: a place that has a name, a result, a number; {0, 0} for the rest.
Conditions::Side Conditions::side(const Operand& operand) const {
  switch (operand.kind) {
    case Operand::Kind::number: return {1, operand.number};
    case Operand::Kind::null: return {1, 0};
    case Operand::Kind::place: {
      const Place& place = function_.places[operand.place];
      const bool indexed = std::any_of(place.steps.begin(), place.steps.end(),
                                       [](const Step& step) { return step.kind == Step::Kind::index; });
      return place.root == Place::Root::unknown || indexed ? Side{0, 0} : Side{2, operand.place};
    }
    case Operand::Kind::call: return {3, operand.event.n};
    case Operand::Kind::choice: {  // each by itself
      const auto known = std::find(choices_.begin(), choices_.end(), &operand);
      return known == choices_.end() ? Side{0, 0} : Side{4, known - choices_.begin()};
    }
    default: return {0, 0};
  }
}

std::uint32_t Conditions::subject(const Side& a, int how, const Side& b) {
  const auto [it, is_new] = numbers_.try_emplace({a, how, b}, static_cast<std::uint32_t>(subjects_.size()));
  if (is_new) {
    Subject made;
    for (const Side& one : {a, b}) {
      if (std::get<0>(one) == 2) made.places.push_back(static_cast<std::uint32_t>(std::get<1>(one)));
      if (std::get<0>(one) == 3) made.events.push_back(static_cast<EventId>(std::get<1>(one)));
    }
    subjects_.push_back(std::move(made));
  }
  return it->second;
}

std::uint32_t Conditions::find(const Side& one) const {
  const auto it = numbers_.find({one, -1, Side{0, 0}});
  return it == numbers_.end() ? none : it->second;
}

Conditions::Question Conditions::ask(const Event& compare) {
  if (compare.operands.empty()) return {};
  Side left = side(compare.operands[0]), right = compare.operands.size() > 1 ? side(compare.operands[1]) : Side{1, 0};
  if (compare.op == Event::Operator::truth)
    return std::get<0>(left) < 2 ? Question{} : Question{subject(left, -1, {0, 0}), 0, true};
  int sign = compare.op == Event::Operator::less ? -1 : 1;
  if (std::get<0>(left) == 1) std::swap(left, right), sign = -sign;
  if (std::get<0>(left) < 2 || std::get<0>(right) == 0) return {};
  const bool equality = compare.op == Event::Operator::equal || compare.op == Event::Operator::unequal;
  if (equality && std::get<0>(right) == 1)
    return {subject(left, -1, {0, 0}), std::get<1>(right), compare.op == Event::Operator::unequal};
  if (equality)
    return {subject(left, static_cast<int>(Event::Operator::equal), right), 1, compare.op == Event::Operator::unequal};
  Question question{subject(left, static_cast<int>(compare.op), right), 1, false};
  if (std::get<0>(right) == 1)
    question.ordered = subject(left, -1, {0, 0}), question.sign = sign, question.bound = std::get<1>(right);
  return question;
}

// Facts do not tell < from <=. Of a 0 that is asked about as a result, `< 0` and `> 0` are what people write.
Conditions::Answer Conditions::ordered(const World& world, const Question& question) {
  const auto it = question.ordered == none ? world.known.end() : world.known.find(question.ordered);
  if (it == world.known.end() || !it->second.equal) return Answer::unknown;
  const std::int64_t number = it->second.number;
  if (number == question.bound) return number == 0 ? Answer::no : Answer::unknown;
  return (number < question.bound) == (question.sign < 0) ? Answer::yes : Answer::no;
}

bool Conditions::assume(World& world, EventId compare, bool outcome) const {
  const auto it = questions_.find(compare);
  if (it == questions_.end()) return true;
  const Question& question = it->second;
  if (const Answer known = ordered(world, question); known != Answer::unknown) return outcome == (known == Answer::yes);
  const Known answer{outcome != question.negated, question.number};
  const auto known = world.known.find(question.subject);
  if (known == world.known.end()) {
    world.known.emplace(question.subject, answer);
    return true;
  }
  const Known& before = known->second;
  if (before.equal) return (before.number == answer.number) == answer.equal;
  if (!answer.equal) return true;  // not this and not that: the first is kept
  if (before.number == answer.number) return false;
  known->second = answer;
  return true;
}

std::uint32_t Conditions::null_place(EventId compare, bool outcome) const {
  const auto it = questions_.find(compare);
  if (it == questions_.end() || it->second.number != 0 || it->second.ordered != none || outcome == it->second.negated)
    return none;
  const Subject& subject = subjects_[it->second.subject];
  return subject.places.size() == 1 && subject.events.empty() ? subject.places[0] : none;
}

void Conditions::forget(World& world, const Place& written) const {
  std::erase_if(world.known, [&](const auto& entry) {
    const Subject& subject = subjects_[entry.first];
    return std::any_of(subject.places.begin(), subject.places.end(), [&](std::uint32_t id) {
      const Place& place = function_.places[id];
      if (begins_with(place, written)) return true;
      // The same field of what may be the same object under another name.
      return !written.steps.empty() &&
             std::find(place.steps.begin(), place.steps.end(), written.steps.back()) != place.steps.end() &&
             written.steps.back().kind == Step::Kind::field;
    });
  });
}

void Conditions::forget_memory(World& world) const {
  std::erase_if(world.known, [&](const auto& entry) {
    const std::vector<std::uint32_t>& places = subjects_[entry.first].places;
    return std::any_of(places.begin(), places.end(), [&](std::uint32_t id) {
      return function_.places[id].root != Place::Root::variable || !function_.places[id].steps.empty();
    });
  });
}

void Conditions::change(World& world, EventId at) const {
  if (subjects_.empty()) return;
  const Event& event = function_.events[at];
  if (is_call(event)) {
    std::erase_if(world.known, [&](const auto& entry) {
      const std::vector<EventId>& events = subjects_[entry.first].events;
      return std::find(events.begin(), events.end(), at) != events.end();
    });
    for (const Operand& operand : event.operands)
      if (operand.kind == Operand::Kind::address) forget(world, function_.places[operand.place]);
    return;
  }
  if (event.kind != Event::Kind::write || event.place == none) return;
  Known now;
  const bool sure = (event.op == Event::Operator::assign || event.op == Event::Operator::initialise) &&
                    !event.operands.empty() && value(world, event.operands[0], now);
  forget(world, function_.places[event.place]);
  if (const std::uint32_t number = find({2, event.place}); sure && number != none)
    world.known.insert_or_assign(number, now);
}

void Conditions::learn(World& world, EventId call, Known result) const {
  if (const std::uint32_t number = find({3, call.n}); number != none) world.known.insert_or_assign(number, result);
}

bool Conditions::value(const World& world, const Operand& operand, Known& out) const {
  switch (operand.kind) {
    case Operand::Kind::number: out = {true, operand.number}; return true;
    case Operand::Kind::null: out = {true, 0}; return true;
    case Operand::Kind::address:
    case Operand::Kind::function:
    case Operand::Kind::text: out = {false, 0}; return true;
    case Operand::Kind::call: {
      const std::string& callee = function_.events[operand.event].callee;
      // Functions that set an exception return NULL for their caller to return.
      if (capi::answers_null(callee)) {
        out = {true, 0};
        return true;
      }
      break;
    }
    default: break;
  }
  const std::uint32_t number = find(side(operand));
  const auto it = number == none ? world.known.end() : world.known.find(number);
  if (it == world.known.end()) return false;
  out = it->second;
  return true;
}

}  // namespace ftaudit::analysis
