#include "analysis/lapsed.h"

#include <algorithm>
#include <set>

#include "analysis/stretches.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

namespace {

// One number, kept in a local of one function.
class Number {
 public:
  Number(const Audit& audit, FunctionId id, EventId read)
      : audit_(audit), id_(id), function_(audit.program().function(id)), values_(audit.values(id)), read_(read) {
    const std::uint32_t place = function_.events[read].place;
    for (EventId e = read + 1; e < function_.events.next_id() && e < read + 5; ++e) {
      const Event& event = function_.events[e];
      if (event.kind != Event::Kind::write || event.is_update() || event.operands.empty() || event.place == none)
        continue;
      bool flows = false;
      each_operand(event.operands[0],
                   [&](const Operand& part) { flows |= part.kind == Operand::Kind::place && part.place == place; });
      const Place& written = function_.places[event.place];
      if (!flows || written.root != Place::Root::variable || !written.steps.empty()) continue;
      local_ = written.variable, kept_ = e;
      const std::string name = values_.identity(function_.places[place], read);
      object_ = name.substr(0, name.rfind('.') + 1);
      return;
    }
  }

  // The first event that relies on the number in a later stretch.
  EventId relied_on(bool& amount) const {
    if (kept_ == none || object_.empty()) return none;
    for (EventId e = kept_ + 1; e < function_.events.next_id(); ++e) {
      amount = copies_so_much(function_.events[e], e);
      if (!amount && !looks_there(function_.events[e], e)) continue;
      if (const EventId again = begins_again(e); again != none && !made_sure(e, again)) return e;
    }
    return none;
  }

 private:
  bool is_it(const Operand& operand, EventId at) const {
    return operand.kind == Operand::Kind::place && values_.local_of(operand) == local_ && is_old(at);
  }
  bool is_old(EventId at) const { return values_.definitions(local_, at) == std::vector<EventId>{kept_}; }

  // An element of something that hangs off the object, by the number or by one that it bounds.
  bool looks_there(const Event& event, EventId at) const {
    const auto by_it = [&](std::uint32_t id) {
      if (id == none) return false;
      const Place& place = function_.places[id];
      return std::ranges::any_of(place.steps, [&](const Step& step) {
        if (step.kind != Step::Kind::index || !step.field.starts_with('v')) return false;
        const auto variable = static_cast<std::uint32_t>(std::stoul(step.field.substr(1)));
        return (variable == local_ ? is_old(at) : is_bounded(variable, at)) &&
               values_.identity(place, at).starts_with(object_);
      });
    };
    return (event.kind == Event::Kind::read || event.kind == Event::Kind::write) && by_it(event.place);
  }

  bool is_bounded(std::uint32_t variable, EventId at) const {
    bool found = false;
    values_.each_condition(at, [&](EventId compare, bool) {
      const Event& test = function_.events[compare];
      if ((test.op != Event::Operator::less && test.op != Event::Operator::greater) || test.operands.size() < 2) return;
      for (const std::size_t side : {0, 1})
        found |= values_.local_of(test.operands[side]) == variable && is_it(test.operands[1 - side], compare);
    });
    return found;
  }

  bool copies_so_much(const Event& event, EventId at) const {
    if (!is_call(event) || !(capi::writes_through(event.callee, 0) || capi::reads_through(event.callee, 0) ||
                             capi::reads_through(event.callee, 1)))
      return false;
    const auto is_there = [&](const Operand& operand) {
      return (operand.kind == Operand::Kind::place || operand.kind == Operand::Kind::address) &&
             values_.identity(function_.places[operand.place], at).starts_with(object_);
    };
    bool so_much = false;
    for (const Operand& operand : event.operands)
      each_operand(operand, [&](const Operand& part) { so_much |= is_it(part, at); });
    return so_much && std::ranges::any_of(event.operands, is_there);
  }

  // Where the lock that is held was taken, if it was given back after the read; none where it was kept all the time.
  EventId begins_again(EventId at) const {
    EventId found = none;
    for (const Lock& before : audit_.held().at(id_, read_))
      for (const Lock& now : audit_.held().at(id_, at)) {
        if (now.what != before.what) continue;
        if (!analysis::taken_again(before, now, read_, values_)) return none;
        found = now.acquired;
      }
    return found;
  }

  // Under the second lock the number is compared, or the field looked at once more.
  bool made_sure(EventId at, EventId again) const {
    const std::uint32_t field = function_.events[read_].place;
    bool found = false;
    for (EventId e = again + 1; e < at && !found; ++e) {
      const Event& event = function_.events[e];
      found = event.kind == Event::Kind::read && event.place == field;
    }
    values_.each_condition(at, [&](EventId compare, bool) {
      if (compare <= again) return;
      const Event& test = function_.events[compare];
      const bool is_local = std::ranges::any_of(test.operands, [&](const Operand& one) { return is_it(one, compare); });
      const bool of_memory = std::ranges::any_of(test.operands, [&](const Operand& one) {
        return one.kind == Operand::Kind::place && !function_.places[one.place].steps.empty();
      });
      found |= is_local && of_memory;
    });
    return found;
  }

  const Audit& audit_;
  FunctionId id_;
  const model::Function& function_;
  const Values& values_;
  EventId read_, kept_ = none;
  std::uint32_t local_ = none;
  std::string object_;  // names of what lies in the object begin so
};

// Somebody may make it smaller: sets it to something else, or changes it where another function changes it, too.
const Access* replaced_by(const Audit& audit, const State& state, const Access& read) {
  std::set<FunctionId> changing;
  const Access* change = nullptr;
  for (const Access& access : state.accesses) {
    if (!access.write || audit.shared().only_initialises(access) || audit.shared().conflict(access, read)) continue;
    if (!audit.event(access.site).is_update()) return &access;
    changing.insert(access.site.function), change = &access;
  }
  return changing.size() > 1 ? change : nullptr;
}

}  // namespace

std::vector<Lapsed> lapsed_numbers(const Audit& audit) {
  std::vector<Lapsed> out;
  for (const State& state : audit.shared().states()) {
    if (state.kind != State::Kind::field || state.contents || state.is_container() ||
        state.type.kind != model::Type::Kind::scalar)
      continue;
    std::set<std::pair<FunctionId, EventId>> seen;
    for (const Access& read : state.accesses) {
      if (read.write || read.atomic || read.locks.empty() || read.unknown_lock ||
          audit.event(read.site).kind != Event::Kind::read || !seen.emplace(read.site.function, read.site.event).second)
        continue;
      Lapsed found{.state = &state, .read = &read};
      found.use = Number(audit, read.site.function, read.site.event).relied_on(found.amount);
      if (found.use == none || !(found.writer = replaced_by(audit, state, read))) continue;
      out.push_back(found);
    }
  }
  return out;
}

}  // namespace ftaudit::analysis
