#include "analysis/lent_flags.h"

#include <algorithm>

namespace ftaudit::analysis {

using model::Event;
using model::Order;

namespace {

// The value that was tested is one number, if the test comes out like that; and which.
std::optional<std::int64_t> equals(const Event& test, bool outcome) {
  if (test.op == Event::Operator::truth) return outcome ? std::nullopt : std::optional<std::int64_t>(0);
  const bool equal = test.op == Event::Operator::equal, unequal = test.op == Event::Operator::unequal;
  if ((!equal && !unequal) || test.operands.size() != 2 || equal != outcome) return std::nullopt;
  return constant(test.operands[1]);
}

bool is_not_zero(const Event& test, bool outcome) {
  if (test.op == Event::Operator::truth) return outcome;
  const bool equal = test.op == Event::Operator::equal, unequal = test.op == Event::Operator::unequal;
  if ((!equal && !unequal) || test.operands.size() != 2) return false;
  const auto number = constant(test.operands[1]);
  return number && (*number == 0) == (equal != outcome);
}

// What is tested is what the atomic gave, or a local that holds that.
bool tests(const model::Function& function, const Event& test, EventId atomic) {
  if (test.operands.empty()) return false;
  const model::Operand& tested = test.operands[0];
  if (tested.kind == model::Operand::Kind::call)
    return tested.event.n + 1 >= atomic.n && tested.event.n <= atomic.n + 1;
  return tested.kind == model::Operand::Kind::place &&
         function.places[tested.place].root == model::Place::Root::variable;
}

bool compares_and_sets(const Event& event) { return event.op == Event::Operator::compare_exchange; }

void add(std::vector<std::string>& names, std::string name) {
  const auto at = std::lower_bound(names.begin(), names.end(), name);
  if (at == names.end() || *at != name) names.insert(at, std::move(name));
}

}  // namespace

bool comes_first(const LentOrder& first, const LentOrder& second) {
  return std::ranges::any_of(second.seen, [&](const std::string& seen) {
    const auto told = [&](char how) { return std::ranges::binary_search(first.told, how + seen.substr(1)); };
    return told('#') || (seen[0] == '=' && told('='));
  });
}

bool LentFlags::is_won(FunctionId in, EventId at) const {
  const model::Function& function = program_.function(in);
  const Flow& flow = program_.flow(in);
  bool won = false;
  held_.values(in).each_condition(at, [&](EventId compare, bool outcome) {
    const Event& test = function.events[compare];
    for (EventId e = function.blocks[flow.block_of[compare]].first; e < compare && !won; ++e) {
      const Event& event = function.events[e];
      if (!event.atomic || event.kind != Event::Kind::write || !tests(function, test, e)) continue;
      won = compares_and_sets(event) ? is_not_zero(test, outcome) : equals(test, outcome).has_value();
    }
  });
  return won;
}

void LentFlags::note(FunctionId in, EventId at, const Named& named, LentOrder& out) const {
  const model::Function& function = program_.function(in);
  const Flow& flow = program_.flow(in);
  const Values& values = held_.values(in);
  values.each_condition(at, [&](EventId compare, bool outcome) {
    const Event& test = function.events[compare];
    for (EventId e = function.blocks[flow.block_of[compare]].first; e < compare; ++e) {
      const Event& event = function.events[e];
      if (!event.atomic || event.kind != Event::Kind::read || event.place == none || event.order <= Order::relaxed)
        continue;
      std::string name = named(function.places[event.place], e);
      if (name.empty()) continue;
      // Of a number that was not compared with 0, or found to be 0, nobody who stores it says that this is the end.
      add(out.seen, (is_not_zero(test, outcome) ? "=" : "#") + name);
    }
  });
  for (EventId e = at + 1; e < function.events.next_id(); ++e) {
    const Event& event = function.events[e];
    if (!event.atomic || event.kind != Event::Kind::write || event.place == none || event.order < Order::release)
      continue;
    const bool stores = event.op == Event::Operator::assign;
    if (stores && (event.operands.empty() || constant(event.operands[0]).value_or(0) == 0)) continue;
    if (!values.reaches(at, e, none) || values.reaches(e, at, none)) continue;
    if (std::string name = named(function.places[event.place], e); !name.empty())
      add(out.told, (stores ? "=" : "#") + name);
  }
}

}  // namespace ftaudit::analysis
