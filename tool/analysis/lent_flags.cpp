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

bool is_same_place(const model::Function& function, std::uint32_t a, std::uint32_t b) {
  const model::Place &one = function.places[a], &other = function.places[b];
  return one.root == other.root && one.variable == other.variable && one.global == other.global &&
         one.call == other.call && one.steps == other.steps;
}

// "-": it has come down to 0; "#": it has come to a number that is not 0, or is no longer less.
char ended(const Event& test, bool outcome) {
  if (const std::optional<std::int64_t> number = equals(test, outcome)) return *number == 0 ? '-' : '#';
  const bool ordered = test.op == Event::Operator::less || test.op == Event::Operator::greater;
  const std::optional<std::int64_t> bound =
      ordered && !outcome && test.operands.size() == 2 ? constant(test.operands[1]) : std::nullopt;
  if (!bound) return ' ';
  return test.op == Event::Operator::less ? '#' : *bound == 0 ? '-' : ' ';
}

// The atomic update is one of `fetch_sub`, `--` and `-=`.
bool takes_away(const model::Function& function, EventId update) {
  for (EventId e = update.n == 0 ? update : EventId(update.n - 1); e <= update + 1 && function.events.has(e); ++e) {
    const std::string& callee = function.events[e].callee;
    for (const char* name : {"fetch_sub", "operator--", "operator-=", "fetch_sub_explicit"})
      if (callee.ends_with(name)) return true;
  }
  return false;
}

bool is_given_by(const model::Operand& value, EventId atomic) {
  return value.kind == model::Operand::Kind::call && value.event.n + 1 >= atomic.n && value.event.n <= atomic.n + 1;
}

// What is tested is what the atomic gave, or a local that holds that; a plain read of it stands in its own place.
bool tests(const model::Function& function, const Values& values, EventId compare, EventId atomic) {
  const Event &test = function.events[compare], &asked = function.events[atomic];
  if (test.operands.empty()) return false;
  const model::Operand& tested = test.operands[0];
  if (tested.kind != model::Operand::Kind::place) return is_given_by(tested, atomic);
  if (asked.place != none && is_same_place(function, tested.place, asked.place)) return true;
  const std::uint32_t local = values.local_of(tested);
  if (local == none) return false;
  const std::vector<EventId> given = values.definitions(local, compare);
  return !given.empty() && std::ranges::all_of(given, [&](EventId at) {
    if (at == none) return false;
    const Event& write = function.events[at];
    if (write.kind != Event::Kind::write || write.operands.empty()) return false;
    const model::Operand& value = write.operands[0];
    return is_given_by(value, atomic) || (value.kind == model::Operand::Kind::place && asked.place != none &&
                                          is_same_place(function, value.place, asked.place));
  });
}

// Only one thread gets past the test: it found 0 and put something else there, what it compared and set was set, or its
// own change came to this number.
bool wins(const model::Function& function, const Event& test, bool outcome, const Event& atomic) {
  if (atomic.op == Event::Operator::compare_exchange) {
    // __sync_val_compare_and_swap and its like give the old value.
    const model::Operand& tested = test.operands[0];
    const bool value = tested.kind == model::Operand::Kind::call &&
                       function.events[tested.event].callee.find("_val_") != std::string::npos;
    return !value && is_not_zero(test, outcome);
  }
  const std::optional<std::int64_t> number = equals(test, outcome);
  if (atomic.op == Event::Operator::exchange) return number == 0;
  return atomic.op == Event::Operator::update && number.has_value();
}

void add(std::vector<std::string>& names, std::string name) {
  const auto at = std::lower_bound(names.begin(), names.end(), name);
  if (at == names.end() || *at != name) names.insert(at, std::move(name));
}

}  // namespace

bool comes_first(const LentOrder& first, const LentOrder& second) {
  return std::ranges::any_of(second.seen, [&](const std::string& seen) {
    const auto told = [&](char how) { return std::ranges::binary_search(first.told, how + seen.substr(1)); };
    return told(seen[0]) || (seen[0] == '=' && told('#'));
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
      won = event.atomic && event.kind == Event::Kind::write && tests(function, held_.values(in), compare, e) &&
            wins(function, test, outcome, event);
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
      if (!event.atomic || event.kind != Event::Kind::read || event.place == none || event.order <= Order::relaxed ||
          !tests(function, values, compare, e))
        continue;
      std::string name = named(function.places[event.place], e);
      if (name.empty()) continue;
      // That it is not 0 says that somebody set it; that it came to its end, that all who count have done so.
      if (is_not_zero(test, outcome)) add(out.seen, "=" + name);
      if (const char end = ended(test, outcome); end != ' ') add(out.seen, end + name);
    }
  });
  for (EventId e = at + 1; e < function.events.next_id(); ++e) {
    const Event& event = function.events[e];
    if (!event.atomic || event.kind != Event::Kind::write || event.place == none || event.order < Order::release)
      continue;
    const bool stores = event.op == Event::Operator::assign;
    if (stores && (event.operands.empty() || constant(event.operands[0]).value_or(0) == 0)) continue;
    if (!values.reaches(at, e, none) || values.reaches(e, at, none)) continue;
    const std::string name = named(function.places[event.place], e);
    if (name.empty()) continue;
    add(out.told, (stores ? "=" : "#") + name);
    if (!stores && takes_away(function, e)) add(out.told, "-" + name);
  }
}

}  // namespace ftaudit::analysis
