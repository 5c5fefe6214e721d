#include "analysis/claims.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/text.h"
#include "capi/capi.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;

namespace {

// The variable a place is, whatever the object: a field or a global; "" for everything else.
std::string name_of(const Place& place) {
  if (place.steps.empty()) return place.root == Place::Root::global ? "g" + std::to_string(place.global.n) : "";
  const model::Step& last = place.steps.back();
  return last.kind == model::Step::Kind::field ? last.record + "." + last.field : std::string();
}

// Flags by name. A helper that is given the address of one, `spin_lock(&self->busy)`, writes to that one; those that
// the same helper is given are one flag.
class Flags {
 public:
  explicit Flags(const Program& program) : program_(program) {}

  // A number in a variable; "" for everything else.
  std::string at(FunctionId id, const Event& write) {
    if (write.kind != Event::Kind::write || write.place == none) return {};
    const model::Function& function = program_.function(id);
    const Place& place = function.places[write.place];
    const bool given = place.root == Place::Root::variable && place.variable < function.parameters &&
                       place.steps.size() == 1 && place.steps[0].kind == model::Step::Kind::deref;
    const std::size_t steps = place.steps.size();
    if (steps > 1 && place.steps[steps - 1].kind == model::Step::Kind::deref && place.type.is_atomic &&
        place.steps[steps - 2].kind == model::Step::Kind::field)
      return one(kept(place.steps[steps - 2].record + "." + place.steps[steps - 2].field));
    const model::Type& type = given ? function.variables[place.variable].type : place.type;
    const bool number = given ? type.indirections == 1 && (type.record.empty() || capi::is_atomic_type(type.record))
                              : type.kind == model::Type::Kind::scalar || type.is_atomic;
    if (!number) return {};
    return one(given ? behind(id, place.variable) : name_of(place));
  }

 private:
  // A guard that keeps a reference to a flag, or its address, writes to the one that it was made with.
  std::string kept(const std::string& field) {
    const auto [known, is_new] = kept_.try_emplace(field);
    if (!is_new) return known->second;
    std::string found;
    for (const FunctionId id : program_.facts.functions.ids()) {
      const model::Function& function = program_.function(id);
      for (const Event& event : function.events) {
        if (event.kind != Event::Kind::write || event.place == none || event.operands.empty()) continue;
        if (name_of(function.places[event.place]) != field) continue;
        const Operand& value = event.operands[0];
        const Place* given = value.kind == Operand::Kind::place ? &function.places[value.place] : nullptr;
        if (given == nullptr || given->root != Place::Root::variable || given->variable >= function.parameters ||
            !given->steps.empty())
          return {};
        const std::string name = behind(id, given->variable);
        if (name.empty()) return {};
        if (found.empty()) found = name;
        else if (found != name) same_[name] = found;
      }
    }
    return kept_[field] = found;
  }
  std::string behind(FunctionId id, std::uint32_t parameter) {
    const auto [known, is_new] = behind_.try_emplace({id, parameter});
    if (!is_new) return known->second;
    std::string found;
    for (const Edge& edge : program_.calls_to(id)) {
      const model::Function& caller = program_.function(edge.from);
      const Event& call = caller.events[edge.event];
      if (edge.mention || program_.find(call.callee_key) != id || parameter >= call.operands.size() ||
          call.operands[parameter].kind != Operand::Kind::address)
        return {};
      const std::string name = one(name_of(caller.places[call.operands[parameter].place]));
      if (name.empty()) return {};
      if (found.empty()) found = name;
      else if (found != name) same_[name] = found;
    }
    return behind_[{id, parameter}] = found;
  }
  std::string one(std::string name) const {
    for (auto other = same_.find(name); other != same_.end(); other = same_.find(name)) name = other->second;
    return name;
  }

  const Program& program_;
  std::map<std::pair<FunctionId, std::uint32_t>, std::string> behind_;
  std::map<std::string, std::string> kept_;
  std::map<std::string, std::string> same_;
};

std::optional<std::int64_t> number(const Event& event, std::size_t operand) {
  if (operand >= event.operands.size() || event.operands[operand].kind != Operand::Kind::number) return std::nullopt;
  return event.operands[operand].number;
}

bool sets(const Event& write) { return number(write, 0).value_or(0) != 0; }

bool acquires(model::Order order) {
  return order == model::Order::acquire || order == model::Order::acq_rel || order == model::Order::seq_cst;
}
bool releases(model::Order order) {
  return order == model::Order::release || order == model::Order::acq_rel || order == model::Order::seq_cst;
}

// Writes of one function, looked at in turn.
class Writes {
 public:
  Writes(const Program& program, const Suspension& suspension, FunctionId id, const Values& values)
      : function_(program.function(id)), suspension_(suspension), values_(values) {}

  std::optional<ClaimStep> taking(EventId at) const {
    const Event& write = function_.events[at];
    if (!sets(write)) return std::nullopt;
    if (write.op == Event::Operator::compare_exchange || write.op == Event::Operator::exchange) return exchanging(at);
    if (write.op != Event::Operator::assign) return std::nullopt;
    const EventId tested = test_of(at);
    if (tested == none) return std::nullopt;
    for (EventId e = tested + 1; e < at; ++e)
      if (suspension_.event(function_, function_.events[e])) return std::nullopt;
    return ClaimStep{.does = ClaimStep::Does::takes, .tested = tested};
  }

 private:
  std::optional<ClaimStep> exchanging(EventId at) const {
    const Event& write = function_.events[at];
    const bool compares = write.op == Event::Operator::compare_exchange;
    // Of a function the call's result tells, of a builtin the access is the call.
    const bool called =
        at.n > 0 && is_call(function_.events[at - 1]) && capi::is_atomic_operation(function_.events[at - 1].callee);
    const EventId result = write.callee.empty() && called ? at - 1 : at;
    if (!acquires(write.order) || (compares && !expects_zero(at, result))) return std::nullopt;
    const std::string name = to_lower(function_.events[result].callee);
    const bool old = name.find("val_compare") != std::string::npos || name.find("interlocked") != std::string::npos;
    return ClaimStep{.does = ClaimStep::Does::exchanges, .result = result, .taken_when_zero = !compares || old};
  }

  // A function is given the address of what it expects: before its call that was 0.
  bool expects_zero(EventId at, EventId call) const {
    const Event& write = function_.events[at];
    if (number(write, 1)) return *number(write, 1) == 0;
    const std::uint32_t local = write.operands.size() > 1 ? values_.local_of(write.operands[1]) : none;
    if (local == none) return false;
    const std::vector<EventId> given = values_.definitions(local, call);
    return !given.empty() && std::all_of(given.begin(), given.end(), [&](EventId one) {
      return one != none && function_.events[one].kind == Event::Kind::write && !function_.events[one].is_update() &&
             number(function_.events[one], 0) == 0;
    });
  }

  // The store is made only where the flag was found 0: the event that read it; none.
  EventId test_of(EventId at) const {
    const std::string flag = values_.identity(function_.places[function_.events[at].place], at);
    EventId found = none;
    if (flag.empty()) return none;
    values_.each_condition(at, [&](EventId compare, bool outcome) {
      EventId where = compare;
      for (int copies = 0; copies < 3 && where != none; ++copies) {
        const Event& test = function_.events[where];
        if (test.operands.empty() || (test.operands.size() > 1 && number(test, 1) != 0)) return;
        const bool zero = test.op == Event::Operator::equal ? outcome : !outcome;
        if (test.op != Event::Operator::equal && test.op != Event::Operator::unequal &&
            test.op != Event::Operator::truth)
          return;
        Operand tested = test.operands[0];
        EventId read = where;
        if (const std::uint32_t local = values_.local_of(tested);
            local != none && tested.kind == Operand::Kind::place) {
          const std::vector<EventId> given = values_.definitions(local, where);
          if (given.size() != 1 || given[0] == none || function_.events[given[0]].operands.empty()) return;
          read = given[0], tested = function_.events[read].operands[0];
        }
        if (tested.kind == Operand::Kind::place && values_.identity(function_.places[tested.place], read) == flag) {
          if (zero) found = read;
          return;
        }
        // ok = !flag; if (ok) ...: what was compared before is asked for the outcome of now.
        if (tested.kind != Operand::Kind::call || function_.events[tested.event].kind != Event::Kind::compare) return;
        outcome = !zero, where = tested.event;
      }
    });
    return found;
  }

  const model::Function& function_;
  const Suspension& suspension_;
  const Values& values_;
};

}  // namespace

Claims::Claims(const Program& program, const Suspension& suspension,
               const std::function<const Values&(FunctionId)>& values)
    : steps_(program.facts.functions.size()) {
  Flags flags(program);
  for (const FunctionId id : steps_.ids()) {
    const model::Function& function = program.function(id);
    if (function.is_support) continue;
    for (const EventId e : function.events.ids()) {
      if (function.events[e].kind != Event::Kind::write || !sets(function.events[e])) continue;
      const std::string flag = flags.at(id, function.events[e]);
      if (flag.empty()) continue;
      std::optional<ClaimStep> step = Writes(program, suspension, id, values(id)).taking(e);
      if (!step) continue;
      step->flag = flags_.try_emplace(flag, static_cast<std::uint32_t>(flags_.size())).first->second;
      steps_[id].emplace(e, std::move(*step));
    }
  }
  if (flags_.empty()) return;
  std::set<std::uint32_t> free_again;
  for (const FunctionId id : steps_.ids()) {
    const model::Function& function = program.function(id);
    for (const EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      if (event.kind != Event::Kind::write) continue;
      const auto flag = flags_.find(flags.at(id, event));
      if (flag == flags_.end()) continue;
      ClaimStep& step = steps_[id].try_emplace(e, ClaimStep{.flag = flag->second}).first->second;
      // Whatever who has it puts there: others find it 0, or go on being turned away.
      if (step.does == ClaimStep::Does::breaks && event.op == Event::Operator::assign &&
          (!event.atomic || releases(event.order))) {
        step.does = ClaimStep::Does::gives_back;
        if (number(event, 0).value_or(0) == 0) free_again.insert(flag->second);
      }
      if (std::string place = values(id).identity(function.places[event.place], e); !place.empty())
        step.what = place.ends_with('*') ? place.substr(0, place.size() - 1) : "&" + place;  // &*p is p
    }
  }
  // One that nobody ever sets back to 0 says that something has been done, once (ReadyFlags).
  for (std::map<EventId, ClaimStep>& steps : steps_)
    for (auto& [event, step] : steps)
      if (step.does == ClaimStep::Does::gives_back && !free_again.contains(step.flag))
        step.does = ClaimStep::Does::breaks;
}

const ClaimStep* Claims::at(FunctionId id, EventId event) const {
  const auto found = steps_[id].find(event);
  return found == steps_[id].end() ? nullptr : &found->second;
}

}  // namespace ftaudit::analysis
