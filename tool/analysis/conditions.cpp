#include "analysis/conditions.h"

#include <algorithm>
#include <bit>
#include <set>

#include "analysis/looked_at.h"
#include "analysis/loops.h"
#include "capi/python_runs.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

bool begins_with(const Place& place, const Place& start) {
  return place.root == start.root && place.variable == start.variable && place.global == start.global &&
         place.call == start.call && place.steps.size() >= start.steps.size() &&
         std::equal(start.steps.begin(), start.steps.end(), place.steps.begin());
}

}  // namespace

// A local that holds a number, and is given one, or the result of a call.
bool Conditions::is_number(const Operand& operand) const {
  if (operand.kind != Operand::Kind::place) return false;
  const Place& place = function_.places[operand.place];
  if (place.root != Place::Root::variable || !place.steps.empty() || place.type.kind != model::Type::Kind::scalar)
    return false;
  return std::ranges::any_of(function_.events, [&](const Event& event) {
    return event.kind == Event::Kind::write && event.place == operand.place && !event.operands.empty() &&
           (event.operands[0].kind == Operand::Kind::number || event.operands[0].kind == Operand::Kind::call);
  });
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
  // `int ok = -1; ... return ok;`, `leave(ok);`: what a local came to that is returned, or tells a callee what to do.
  for (const Event& event : function.events)
    if (event.kind == Event::Kind::leave || !event.callee_key.text.empty())
      for (const Operand& operand : event.operands)
        if (is_number(operand)) subject(side(operand), -1, {0, 0});
  // Comparisons whose outcome is one of these.
  for (std::size_t i = 0; i < subjects_.size(); ++i)
    for (const EventId e : std::vector(subjects_[i].events))
      if (function.events[e].kind == Event::Kind::compare)
        if (const Question question = ask(function.events[e]); question.subject != none)
          questions_.emplace(e, question);
  find_arms(flow);
  find_ends(flow);
}

// What is asked at the head of a loop that counts: `i < n`, with i going on in the loop.
std::uint32_t Conditions::rounds_of(const Flow& flow, std::uint32_t head) const {
  const model::Block& block = function_.blocks[head];
  const auto it = questions_.find(block.condition);
  if (it == questions_.end() || block.successors.size() != 2) return none;
  const Event& test = function_.events[block.condition];
  if ((test.op != Event::Operator::less && test.op != Event::Operator::greater) || test.operands.size() != 2)
    return none;
  const std::set<std::uint32_t> loop = loop_of(flow, head);
  if (!loop.contains(block.successors[0]) || loop.contains(block.successors[1])) return none;
  const std::vector<std::uint32_t>& places = subjects_[it->second.subject].places;
  for (const std::uint32_t inside : loop)
    for (const EventId e : function_.blocks[inside].events()) {
      const Event& event = function_.events[e];
      if (event.kind == Event::Kind::write && event.op == Event::Operator::update &&
          std::ranges::find(places, event.place) != places.end())
        return it->second.subject;
    }
  return none;
}

// `for (i = 0; i < n; i++) ...; if (i == n)`, or `if (i >= n)`: who left the loop otherwise does not go that way. Facts
// do not tell < from <=; who counts as far as that and asks for it afterwards has counted up to, not through it.
void Conditions::find_ends(const Flow& flow) {
  for (std::uint32_t head = 0; head < function_.blocks.size(); ++head) {
    const std::uint32_t rounds = rounds_of(flow, head);
    if (rounds == none) continue;
    const Event& going = function_.events[function_.blocks[head].condition];
    const Side left = side(going.operands[0]), right = side(going.operands[1]);
    const std::set<std::uint32_t> loop = loop_of(flow, head);
    for (auto& [e, question] : questions_) {
      if (loop.contains(flow.block_of[e])) continue;
      const Event& test = function_.events[e];
      const bool opposite =
          (test.op == Event::Operator::less || test.op == Event::Operator::greater) && test.op != going.op;
      const bool equal = test.op == Event::Operator::equal || test.op == Event::Operator::unequal;
      if (test.operands.size() == 2 && (opposite || equal) && side(test.operands[0]) == left &&
          side(test.operands[1]) == right)
        question.rounds = rounds;
    }
  }
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
    case Operand::Kind::parts: {
      if (operand.text != "&" || operand.parts.size() != 2) return {0, 0};
      const bool number_first = operand.parts[0].kind == Operand::Kind::number;
      const Operand &number = operand.parts[number_first ? 0 : 1], &of = operand.parts[number_first ? 1 : 0];
      if (number.kind != Operand::Kind::number || of.kind != Operand::Kind::place || std::get<0>(side(of)) != 2)
        return {0, 0};
      const auto bits = static_cast<std::uint64_t>(number.number);
      return bits >> 32 != 0 ? Side{0, 0} : Side{5, static_cast<std::int64_t>(std::uint64_t{of.place} << 32 | bits)};
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
      if (std::get<0>(one) == 5) {
        const auto both = static_cast<std::uint64_t>(std::get<1>(one));
        made.places.push_back(static_cast<std::uint32_t>(both >> 32)), made.bits = static_cast<std::uint32_t>(both);
      }
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
  // One bit is set, or it is 0.
  if (equality && std::get<0>(left) == 5 && std::get<0>(right) == 1 && std::get<1>(right) != 0) {
    const auto bit = static_cast<std::uint32_t>(std::get<1>(left));
    if (std::has_single_bit(bit) && std::get<1>(right) == std::int64_t{bit})
      return {subject(left, -1, {0, 0}), 0, compare.op == Event::Operator::equal};
  }
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

Conditions::Answer Conditions::answer(const World& world, const Question& question) {
  if (const Answer known = ordered(world, question); known != Answer::unknown) return known;
  const auto known = world.known.find(question.subject);
  if (known == world.known.end()) return Answer::unknown;
  const bool same = known->second.number == question.number;
  if (!known->second.equal && !same) return Answer::unknown;
  return (known->second.equal == same) != question.negated ? Answer::yes : Answer::no;
}

void Conditions::note(World& world, EventId compare) const {
  const std::uint32_t outcome = find({3, compare.n});
  const auto it = outcome == none ? questions_.end() : questions_.find(compare);
  if (it == questions_.end()) return;
  const Answer known = answer(world, it->second);
  if (known == Answer::unknown) world.known.erase(outcome);
  else world.known.insert_or_assign(outcome, Known{true, known == Answer::yes});
}

bool Conditions::assume(World& world, EventId compare, bool outcome) const {
  const auto it = questions_.find(compare);
  if (it == questions_.end()) return true;
  const Question& question = it->second;
  const Known answer{outcome != question.negated, question.number};
  if (question.asks_end(outcome))
    if (const auto going = world.known.find(question.rounds);
        going != world.known.end() && going->second == Known{true, 1})
      return false;
  if (const Answer known = ordered(world, question); known != Answer::unknown) {
    if (outcome != (known == Answer::yes)) return false;
    world.known.try_emplace(question.subject, answer);  // which other ways here know as well
    return true;
  }
  const auto [known, is_new] = world.known.try_emplace(question.subject, answer);
  if (!is_new && !agrees(known->second, answer)) return false;
  const Subject& asked = subjects_[question.subject];
  if (asked.events.size() != 1 || !asked.places.empty() || answer.number != 0 ||
      function_.events[asked.events[0]].kind != Event::Kind::compare)
    return true;
  return assume(world, asked.events[0], !answer.equal);  // what a comparison came to
}

Conditions::Said Conditions::says(EventId compare, bool outcome) const {
  const auto it = questions_.find(compare);
  if (it == questions_.end() || it->second.ordered != none) return {};
  const Subject& subject = subjects_[it->second.subject];
  const Known value{outcome != it->second.negated, it->second.number};
  if (subject.places.empty() && subject.events.size() == 1) return {none, value, "", subject.events[0]};
  if (subject.places.size() != 1 || !subject.events.empty()) return {};
  return {subject.places[0], value, subject.bits == 0 ? "" : "[&" + std::to_string(subject.bits) + "]"};
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
    for (std::size_t i = 0; i < event.operands.size(); ++i)
      if (event.operands[i].kind == Operand::Kind::address && !only_looks_at(function_, event, i))
        forget(world, function_.places[event.operands[i].place]);
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
