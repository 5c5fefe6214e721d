#include "analysis/reached.h"

#include <algorithm>
#include <deque>
#include <map>
#include <unordered_set>

#include "model/rewriting.h"

namespace ftaudit::analysis {

using model::Block;
using model::Event;
using model::Function;
using model::Operand;
using model::Place;

namespace {

constexpr std::size_t most_blocks = 4000;  // of a function that is looked through

// What is sure of a local: the number it is, or no more than that it is not 0.
using Known = std::optional<std::int64_t>;      // none: not 0
using Locals = std::map<std::uint32_t, Known>;  // those of which anything is

// `local == number` in any spelling: which, and which number. That it holds is the outcome `equal`.
struct Question {
  std::uint32_t local = none;
  std::int64_t number = 0;
  bool equal = true;
};

Question question_of(const Function& function, const Event& compare) {
  if (compare.operands.empty()) return {};
  if (compare.op == Event::Operator::truth) return {local_of(function, compare.operands[0]), 0, false};
  const bool equal = compare.op == Event::Operator::equal;
  if ((!equal && compare.op != Event::Operator::unequal) || compare.operands.size() < 2) return {};
  for (const std::size_t side : {0, 1})
    if (const auto number = constant(compare.operands[1 - side]))
      if (const std::uint32_t local = local_of(function, compare.operands[side]); local != none)
        return {local, *number, equal};
  return {};
}

// A function's locals while it is gone through: along all ways to a block together, and only those that are gone.
class Decisions {
 public:
  explicit Decisions(const Function& function) : function_(function), own_(function.variables.size(), true) {
    for (std::uint32_t v = 0; v < own_.size(); ++v) {
      const model::Variable& variable = function.variables[v];
      own_[v] = variable.storage <= model::Storage::local && !variable.by_reference && !variable.type.is_volatile &&
                !variable.type.is_atomic;
    }
    const auto seen_elsewhere = [&](const Operand& operand) {
      if (operand.kind == Operand::Kind::address && operand.place != none) forget(function.places[operand.place]);
      if (operand.kind == Operand::Kind::function)  // a lambda may have them by reference
        for (const Operand& captured : operand.parts)
          if (captured.place != none) forget(function.places[captured.place]);
    };
    for (const Event& event : function.events) each_operand(event, seen_elsewhere);
  }

  // Something may be decided at all: a local is asked twice, or is a number to begin with.
  bool any() const {
    std::map<std::uint32_t, int> asked;
    for (const Block& block : function_.blocks)
      if (const Question question = asked_by(block); question.local != none && own_[question.local])
        ++asked[question.local];
    for (const Event& event : function_.events)
      if (event.kind == Event::Kind::write && written_by(event) != none && !event.is_update() &&
          !event.operands.empty() && constant(event.operands[0]))
        if (const auto at = asked.find(written_by(event)); at != asked.end()) ++at->second;
    return std::ranges::any_of(asked, [](const auto& one) { return one.second > 1; });
  }

  std::vector<std::optional<bool>> run() {
    at_.resize(function_.blocks.size());
    at_[0] = Locals{};
    std::deque<std::uint32_t> next{0};
    std::vector<std::optional<bool>> decided(function_.blocks.size());
    while (!next.empty()) {
      const std::uint32_t b = next.front();
      next.pop_front();
      const Block& block = function_.blocks[b];
      const Locals after = passed(block, *at_[b]);
      const Question question = asked_by(block);
      const bool splits = question.local != none && own_[question.local] && block.successors.size() == 2;
      decided[b] = splits ? answer(question, after) : std::nullopt;
      for (std::size_t way = 0; way < block.successors.size(); ++way) {
        if (decided[b] && (way == 0) != *decided[b]) continue;
        Locals there = after;
        if (splits) learn(there, question, way == 0);
        if (block.successors[way] != none && reach(block.successors[way], there)) next.push_back(block.successors[way]);
      }
    }
    return decided;
  }

 private:
  void forget(const Place& place) {
    if (place.root == Place::Root::variable && place.variable < own_.size()) own_[place.variable] = false;
  }

  std::uint32_t written_by(const Event& event) const {
    if (event.place == none) return none;
    const Place& place = function_.places[event.place];
    return place.root == Place::Root::variable ? place.variable : none;
  }

  Question asked_by(const Block& block) const {
    return block.condition == none ? Question{} : question_of(function_, function_.events[block.condition]);
  }

  Locals passed(const Block& block, Locals locals) const {
    for (const EventId e : block.events()) {
      const Event& event = function_.events[e];
      if (event.kind != Event::Kind::write || written_by(event) == none) continue;
      const std::uint32_t local = written_by(event);
      locals.erase(local);
      if (!own_[local] || event.is_update() || event.operands.empty() || !function_.places[event.place].steps.empty())
        continue;
      if (const auto number = constant(event.operands[0])) locals[local] = number;
    }
    return locals;
  }

  static std::optional<bool> answer(const Question& question, const Locals& locals) {
    const auto known = locals.find(question.local);
    if (known == locals.end()) return std::nullopt;
    if (known->second) return (*known->second == question.number) == question.equal;
    return question.number == 0 ? std::optional(!question.equal) : std::nullopt;
  }

  static void learn(Locals& locals, const Question& question, bool outcome) {
    if (outcome == question.equal) locals[question.local] = question.number;
    else if (question.number == 0 && !locals.contains(question.local)) locals[question.local] = std::nullopt;
  }

  // What is known there is what is known on every way. True where that is news.
  bool reach(std::uint32_t block, const Locals& locals) {
    std::optional<Locals>& there = at_[block];
    if (!there) return there = locals, true;
    bool less = false;
    for (auto one = there->begin(); one != there->end();) {
      const auto other = locals.find(one->first);
      if (other != locals.end() && other->second == one->second) {
        ++one;
        continue;
      }
      const bool not_zero = other != locals.end() && one->second != 0 && other->second != 0;
      less |= !not_zero || one->second.has_value();
      if (!not_zero) one = there->erase(one);
      else one->second = std::nullopt, ++one;
    }
    return less;
  }

  const Function& function_;
  std::vector<bool> own_;  // per variable: nobody else gives it a value
  std::vector<std::optional<Locals>> at_;
};

void forget_dead(Operand& operand, const Per<EventId, bool>& dead) {
  for (Operand& part : operand.parts) forget_dead(part, dead);
  if (operand.kind == Operand::Kind::call && dead[operand.event]) operand = {};
}

}  // namespace

std::uint32_t local_of(const Function& function, const Operand& operand) {
  if (operand.kind != Operand::Kind::place || operand.place == none) return none;
  const Place& place = function.places[operand.place];
  return place.root == Place::Root::variable && place.steps.empty() ? place.variable : none;
}

std::vector<bool> reached_from(const Function& function, std::uint32_t start) {
  std::vector<bool> seen(function.blocks.size(), false);
  std::vector<std::uint32_t> next{start};
  while (!next.empty()) {
    const std::uint32_t block = next.back();
    next.pop_back();
    if (block == none || seen[block]) continue;
    seen[block] = true;
    next.insert(next.end(), function.blocks[block].successors.begin(), function.blocks[block].successors.end());
  }
  return seen;
}

std::optional<bool> outcome(const Event& compare) {
  if (compare.operands.empty()) return std::nullopt;
  const auto left = constant(compare.operands[0]);
  if (compare.op == Event::Operator::truth) return left ? std::optional(*left != 0) : std::nullopt;
  const auto right = compare.operands.size() > 1 ? constant(compare.operands[1]) : std::nullopt;
  if (!left || !right) return std::nullopt;
  if (compare.op == Event::Operator::equal) return *left == *right;
  return compare.op == Event::Operator::unequal ? std::optional(*left != *right) : std::nullopt;
}

void keep_reached(Function& function, const std::vector<std::optional<bool>>& decided) {
  for (std::uint32_t b = 0; b < function.blocks.size(); ++b) {
    Block& block = function.blocks[b];
    if (decided[b] && block.successors.size() == 2)
      block.condition = none, block.successors = {block.successors[*decided[b] ? 0 : 1]};
  }
  const std::vector<bool> alive = reached_from(function, 0);
  Per<EventId, bool> dead(function.events.size(), false);
  std::vector<std::uint32_t> now(function.blocks.size(), none);
  model::Rewriting rewriting(function);
  for (std::uint32_t b = 0, kept = 0; b < function.blocks.size(); ++b) {
    if (alive[b]) {
      now[b] = kept++;
      continue;
    }
    for (const EventId e : function.blocks[b].events()) dead[e] = true, rewriting.take_out(e);
  }
  for (Event& event : function.events) {
    forget_dead(event.target, dead);
    for (Operand& operand : event.operands) forget_dead(operand, dead);
  }
  for (Place& place : function.places)
    if (place.root == Place::Root::call && dead[place.call]) place.root = Place::Root::unknown, place.call = none;
  rewriting.make();
  std::vector<Block> blocks;
  for (std::uint32_t b = 0; b < function.blocks.size(); ++b) {
    if (now[b] == none) continue;
    Block& block = blocks.emplace_back(std::move(function.blocks[b]));
    for (std::uint32_t& next : block.successors)
      if (next != none) next = now[next];
  }
  function.blocks = std::move(blocks);
}

void keep_reached(model::Facts& facts) {
  // Where Clang did not understand everything, a local may be given values that nobody saw.
  std::unordered_set<std::string> in_doubt;
  for (const model::Unit& unit : facts.units)
    if (unit.errors > 0 || !unit.missing_headers.empty())
      for (const model::FunctionKey& key : unit.functions) in_doubt.insert(key.text);
  for (Function& function : facts.functions) {
    if (in_doubt.contains(function.key.text)) continue;
    if (!function.body_known || function.blocks.empty() || function.blocks.size() > most_blocks) continue;
    Decisions decisions(function);
    if (!decisions.any()) continue;
    const auto decided = decisions.run();
    if (std::ranges::any_of(decided, [](const auto& one) { return one.has_value(); })) keep_reached(function, decided);
  }
}

}  // namespace ftaudit::analysis
