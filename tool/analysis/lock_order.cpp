#include "analysis/lock_order.h"

#include <algorithm>
#include <deque>
#include <set>

#include "analysis/lock_names.h"
#include "analysis/subscripts.h"
#include "capi/records.h"

namespace ftaudit::analysis {

using capi::LockCall;
using model::Event;
using model::Operand;

namespace {

constexpr int deepest = 12;         // calls followed
constexpr std::size_t longest = 5;  // locks in a circle

bool is_native(LockCall::Kind kind) { return kind == LockCall::Kind::native || kind == LockCall::Kind::os_lock; }

// One thread can wait for the second while the first stays taken.
bool counts(LockCall::Kind first, LockCall::Kind second) {
  if (first == LockCall::Kind::critical_section) return is_native(second);
  return second != LockCall::Kind::critical_section || is_native(first);
}

// The callee takes the element that it is told to, and is told the one that the caller holds.
bool is_same_element(const Audit& audit, const Site& call, const Lock& held, const Site& taken) {
  const Event& event = audit.event(call);
  if (audit.program().find(event.callee_key) != taken.function) return false;
  const auto of_held = subscript_of_lock(audit.program(), call.function, audit.values(call.function), held.acquired);
  const auto of_taken = subscript_of_lock(audit.program(), taken.function, audit.values(taken.function), taken.event);
  const bool told =
      of_taken && of_taken->given == std::vector<EventId>{none} && of_taken->variable < event.operands.size();
  if (!of_held || !told) return false;
  const Operand& chosen = event.operands[of_taken->variable];
  if (of_held->number) return constant(chosen) == of_held->number;
  const std::uint32_t variable =
      chosen.kind == Operand::Kind::place && audit.function(call).places[chosen.place].steps.empty()
          ? audit.function(call).places[chosen.place].variable
          : none;
  return variable != none && variable == of_held->variable &&
         audit.values(call.function).definitions(variable, call.event) == of_held->given;
}

}  // namespace

bool is_left_by_slip(const Audit& audit, FunctionId id, const Lock& held, int depth) {
  if (held.acquired == none || depth > 4) return false;
  const FunctionId callee = audit.program().find(audit.event({id, held.acquired}).callee_key);
  if (callee == none) return false;
  const auto is_it = [&](const Lock& lock) {
    return lock.kind == held.kind && audit.held().in_caller(id, held.acquired, lock.what) == held.what;
  };
  const std::vector<Misuse>& misuses = audit.held().misuses(callee);
  if (std::ranges::any_of(misuses, [&](const Misuse& one) { return one.twice && is_it(one.lock); })) return true;
  return std::ranges::any_of(audit.held().endings(callee), [&](const Ending& ending) {
    return std::ranges::any_of(
        ending.open, [&](const Lock& lock) { return is_it(lock) && is_left_by_slip(audit, callee, lock, depth + 1); });
  });
}

LockOrder::LockOrder(const Audit& audit) : audit_(audit) {
  audit.each_concurrent_function([&](FunctionId id) {
    if (!audit.held().is_busy(id)) return;
    const model::Function& function = audit.program().function(id);
    for (const EventId e : function.events.ids()) {
      if (!is_call(function.events[e])) continue;
      looked_at_ += function.events[e].kind == Event::Kind::acquire;
      const Locks& held = audit.held().at(id, e);
      if (held.empty()) continue;
      for (const Taken& taken : taken_at(id, e, 0))
        for (const Lock& lock : held)
          if (lock.acquired != none && lock.acquired != e) order(id, e, lock, taken, held);
    }
  });
}

std::string LockOrder::name_of(FunctionId id, const Lock& lock) const {
  if (!is_section(lock)) return is_own(audit_, id, lock) ? "" : lock_name(audit_, id, lock);
  if (lock.acquired == none) return "";
  const model::Function& function = audit_.program().function(id);
  for (const Operand& operand : lock_operands(audit_, id, lock.acquired))
    if (operand.place != none &&
        capi::record_named(function.places[operand.place].type.record) != capi::Record::object &&
        !function.places[operand.place].type.record.empty())
      return "the section of " + function.places[operand.place].type.record;
  return "";
}

std::vector<LockOrder::Taken> LockOrder::taken_at(FunctionId id, EventId at, int depth) {
  std::vector<Taken> out;
  const model::Function& function = audit_.program().function(id);
  const Event& event = function.events[at];
  if (audit_.program().lock_call(event.callee) != nullptr) {
    if (only_tries(function, event, audit_.program())) return out;
    for (const Lock& lock : audit_.held().taken_by(id, at))
      if (std::string name = name_of(id, lock); !name.empty())
        out.push_back({std::move(name), lock.what, {id, at}, lock.kind, lock.shared, lock.recursive});
    return out;
  }
  const FunctionId callee = event.callee_key.text.empty() ? none : audit_.program().find(event.callee_key);
  if (callee == none || callee == id || depth > deepest || !audit_.held().is_busy(callee)) return out;
  for (Taken taken : taken_in(callee, depth + 1)) {
    taken.what = audit_.held().in_caller(id, at, taken.what);
    out.push_back(std::move(taken));
  }
  return out;
}

// Each name once; a function that is being asked (recursion) adds nothing.
const std::vector<LockOrder::Taken>& LockOrder::taken_in(FunctionId id, int depth) {
  const auto [it, is_new] = taken_.try_emplace(id);
  if (!is_new) return it->second;
  std::vector<Taken> found;
  for (const EventId e : audit_.program().function(id).events.ids()) {
    if (!is_call(audit_.program().function(id).events[e])) continue;
    for (Taken& taken : taken_at(id, e, depth))
      if (std::none_of(found.begin(), found.end(),
                       [&](const Taken& known) { return known.name == taken.name && known.what == taken.what; }))
        found.push_back(std::move(taken));
  }
  return taken_[id] = std::move(found);
}

// Somebody sorted them first.
bool LockOrder::compares_addresses(FunctionId id) const {
  const model::Function& function = audit_.program().function(id);
  return std::any_of(function.events.begin(), function.events.end(), [&](const Event& event) {
    return event.kind == Event::Kind::compare &&
           (event.op == Event::Operator::less || event.op == Event::Operator::greater) && event.operands.size() == 2 &&
           std::all_of(event.operands.begin(), event.operands.end(), [&](const Operand& operand) {
             return operand.kind == Operand::Kind::address || operand.kind == Operand::Kind::unknown ||
                    operand.kind == Operand::Kind::parts ||
                    (operand.kind == Operand::Kind::place &&
                     function.places[operand.place].type.kind == model::Type::Kind::pointer);
           });
  });
}

// The function that takes it lets go of what its caller holds before that: unlock, work, lock again.
bool LockOrder::given_back_before(const Taken& taken) const {
  const model::Function& function = audit_.program().function(taken.site.function);
  for (EventId e; e < taken.site.event; ++e) {
    const LockCall* call =
        is_call(function.events[e]) ? audit_.program().lock_call(function.events[e].callee) : nullptr;
    if (call != nullptr && call->does == LockCall::Does::release && call->token < 0) return true;
  }
  return false;
}

void LockOrder::order(FunctionId id, EventId at, const Lock& held, const Taken& taken, const Locks& all) {
  const std::string first = name_of(id, held);
  if (first.empty() || !counts(held.kind, taken.kind)) return;
  Ordered made{first, taken.name, lock_text(audit_, id, held), taken.name, {id, held.acquired}, {id, at}, taken.site,
               {},    true};
  if (first == taken.name) {
    const Event& call = audit_.program().function(id).events[at];
    if (audit_.program().lock_call(call.callee) == nullptr && !is_section(held) && taken.what == held.what &&
        held.what != "?" && !held.recursive && !(taken.recursive && (held.shared || !taken.shared)) &&
        !is_left_by_slip(audit_, id, held) && !given_back_before(taken) &&
        std::none_of(again_.begin(), again_.end(),
                     [&](const Again& known) { return known.call == Site{id, at} && known.held.what == held.what; }))
      again_.push_back(
          {{id, at},
           held,
           taken.site,
           held.what.find("[]") == std::string::npos || is_same_element(audit_, {id, at}, held, taken.site)});
    // Two instances: only where both can be anybody's, so that another thread has them the other way round.
    if (taken.what.empty() || taken.what == "?" || held.what == "?" || taken.what == held.what || held.recursive ||
        compares_addresses(id))
      return;
    const auto is_parameter = [](const std::string& what) {
      return what.starts_with("&p") && what.find_first_not_of("0123456789", 2) == what.find('*') &&
             std::count(what.begin(), what.end(), '*') == 1;
    };
    made.either_way = is_parameter(held.what) && is_parameter(taken.what);
  }
  const Event& event = audit_.program().function(id).events[at];
  for (const Lock& lock : audit_.held().taken_by(id, at))
    if (lock.what == taken.what) made.second_text = lock_text(audit_, id, lock);
  if (audit_.program().lock_call(event.callee) == nullptr) made.second_text = taken.name;
  for (const Lock& lock : all)
    if (std::string name = name_of(id, lock); !name.empty()) made.held.push_back(std::move(name));
  const auto [it, is_new] = orders_.try_emplace({first, taken.name}, made);
  // The way with the fewest other locks around it says most.
  if (!is_new &&
      (made.held.size() < it->second.held.size() || (first == taken.name && made.either_way && !it->second.either_way)))
    it->second = std::move(made);
}

std::vector<std::vector<Ordered>> LockOrder::circles() const {
  std::vector<std::vector<Ordered>> out;
  std::set<std::set<std::string>> known;
  for (const auto& [names, start] : orders_) {
    if (names.first == names.second) {
      out.push_back({start});
      continue;
    }
    // The shortest way back.
    std::map<std::string, const Ordered*> by;
    std::deque<std::string> queue{names.second};
    while (!queue.empty() && !by.contains(names.first)) {
      const std::string at = queue.front();
      queue.pop_front();
      for (auto it = orders_.lower_bound({at, ""}); it != orders_.end() && it->first.first == at; ++it)
        if (it->first.second != names.second && by.try_emplace(it->first.second, &it->second).second)
          queue.push_back(it->first.second);
    }
    if (!by.contains(names.first)) continue;
    std::vector<Ordered> circle;
    std::set<std::string> members;
    for (std::string at = names.first; at != names.second; at = by.at(at)->first)
      circle.insert(circle.begin(), *by.at(at)), members.insert(at);
    circle.insert(circle.begin(), start), members.insert(names.second);
    // One lock around all of them lets only one thread in.
    std::set<std::string> around(start.held.begin(), start.held.end());
    for (const Ordered& one : circle)
      std::erase_if(around, [&](const std::string& name) {
        return members.contains(name) || std::find(one.held.begin(), one.held.end(), name) == one.held.end();
      });
    if (around.empty() && circle.size() <= longest && known.insert(members).second) out.push_back(std::move(circle));
  }
  return out;
}

}  // namespace ftaudit::analysis
