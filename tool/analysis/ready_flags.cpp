#include "analysis/ready_flags.h"

#include <algorithm>
#include <set>

#include "analysis/field_writes.h"
#include "analysis/private_place.h"
#include "analysis/tested.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;

namespace {

constexpr int callers_looked_at = 4;

// `first` and the blocks that control gets to from there without passing `wall`.
std::set<std::uint32_t> blocks_after(const model::Function& function, std::uint32_t first, std::uint32_t wall) {
  std::set<std::uint32_t> seen;
  std::vector<std::uint32_t> queue{first};
  while (!queue.empty()) {
    const std::uint32_t block = queue.back();
    queue.pop_back();
    if (block == none || block == wall || !seen.insert(block).second) continue;
    queue.insert(queue.end(), function.blocks[block].successors.begin(), function.blocks[block].successors.end());
  }
  return seen;
}

// What `ask(caller, call)` names at the only call that leads to the view's function, and at the only one that leads
// there; in terms of views.
template <class Ask>
std::vector<std::string> at_callers(const Program& program, const Views& views, const View& view, Ask ask) {
  std::vector<std::string> out;
  const View* at = &view;
  for (int depth = 0; depth < callers_looked_at && at->from != none && at->call != none; ++depth) {
    if (program.calls_to(at->function).size() != 1) break;
    const View& caller = views.view(at->from);
    for (const std::string& flag : ask(caller.function, at->call)) out.push_back(views.absolute(caller, flag));
    at = &caller;
  }
  return out;
}

}  // namespace

ReadyFlags::ReadyFlags(const Program& program, const Held& held)
    : program_(program), held_(held), stores_(program.facts.functions.size()), plain_(program.facts.functions.size()) {
  for (const FunctionId id : stores_.ids()) {
    const model::Function& function = program.function(id);
    for (const EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      if (event.kind != Event::Kind::write || event.place == none || event.operands.empty()) continue;
      if (publishes(event)) stores_[id].push_back(e);
      if (event.atomic || event.op != Event::Operator::assign || constant(event.operands[0]).value_or(0) == 0) continue;
      if (held.is_busy(id) && held.is_ready_flag(FieldWrites::key(function.places[event.place])))
        plain_[id].push_back(e);
    }
  }
}

// Where the flag was found not to be set, on every way to the write: the first time, or the last; none.
EventId ReadyFlags::unset_test(FunctionId id, EventId write, const std::string& flag, bool nearest) const {
  const model::Function& function = program_.function(id);
  const Values& values = held_.values(id);
  EventId asked = none;
  values.each_condition(write, [&](EventId compare, bool outcome) {
    const Event& test = function.events[compare];
    if (nearest && asked != none) return;
    EventId exchange = none;
    if (const ClaimStep* step = wins(id, compare, outcome, exchange); step != nullptr && step->what == "&" + flag)
      asked = compare;
    if (test.operands.empty()) return;
    const Operand& asked_of = test.operands[0];
    const EventId load = asked_of.kind == Operand::Kind::call ? read_by(function, asked_of.event) : EventId(none);
    const bool loaded = load != none && function.events[load].kind == Event::Kind::read;
    const std::uint32_t place = loaded                                  ? function.events[load].place
                                : asked_of.kind == Operand::Kind::place ? asked_of.place
                                                                        : none;
    if (place == none) return;
    const bool zero = test.operands.size() < 2 || constant(test.operands[1]) == 0;
    const bool unset = test.op == Event::Operator::truth || test.op == Event::Operator::unequal
                           ? !outcome
                           : test.op == Event::Operator::equal && outcome;
    if (unset && zero && values.identity(function.places[place], loaded ? load : compare) == flag) asked = compare;
  });
  return asked;
}

std::vector<std::string> ReadyFlags::set_after(const Views& views, FunctionId id, EventId write) const {
  std::vector<std::string> out;
  const model::Function& function = program_.function(id);
  const auto flag_of = [&](EventId store) {
    return held_.values(id).identity(function.places[function.events[store].place], store);
  };
  for (const EventId store : stores_[id]) {
    if (store <= write) continue;
    const Flow& flow = program_.flow(id);
    const std::uint32_t here = flow.block_of[write];
    const std::uint32_t there = flow.block_of[store];
    const std::string flag = flag_of(store);
    const EventId asked = flag.empty() ? EventId(none) : unset_test(id, write, flag, false);
    if (asked == none) continue;
    // No way from the write to the end goes around the store, and none from the store back to the write past the test.
    const std::set<std::uint32_t> before = blocks_after(function, here, there),
                                  after = blocks_after(function, there, flow.block_of[asked]);
    const bool around = std::any_of(before.begin(), before.end(),
                                    [&](std::uint32_t block) { return function.blocks[block].successors.empty(); });
    if (!around && (here == there || !after.contains(here))) out.push_back("&" + flag);
  }
  for (const EventId store : plain_[id]) {
    const std::string flag = flag_of(store);
    const EventId asked = flag.empty() ? EventId(none) : unset_test(id, write, flag, true);
    if (asked != none && is_one_hold(id, asked, write) &&
        is_kept(views, FieldWrites::key(function.places[function.events[store].place])))
      out.push_back("&" + flag);
  }
  return out;
}

// One lock is held from the one event to the other, and not let go between them.
bool ReadyFlags::is_one_hold(FunctionId id, EventId from, EventId to) const {
  const Locks& before = held_.at(id, from);
  return std::ranges::any_of(held_.at(id, to), [&](const Lock& lock) {
    const bool same = std::ranges::any_of(
        before, [&](const Lock& other) { return other == lock && other.acquired == lock.acquired && !other.shared; });
    return same && !lock.shared && (!is_section(lock) || !held_.interrupted_between(id, lock, from, to));
  });
}

// Nobody asks or sets it but under the one lock, and once it is set nobody takes it back, as long as others have what
// it is a flag of.
bool ReadyFlags::is_kept(const Views& views, const std::string& key) const {
  const auto [known, is_new] = kept_.try_emplace(key, false);
  if (!is_new) return known->second;
  std::optional<std::set<std::string>> common;
  for (const FunctionId id : program_.facts.functions.ids()) {
    const model::Function& function = program_.function(id);
    for (const EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      if ((event.kind != Event::Kind::read && event.kind != Event::Kind::write) || event.place == none ||
          FieldWrites::key(function.places[event.place]) != key)
        continue;
      for (const ViewId number : views.of(id)) {
        std::set<std::string> locks;
        const std::optional<bool> keeps_to_it = keeps(views, views.view(number), e, locks);
        if (!keeps_to_it) continue;
        if (!*keeps_to_it) return false;
        if (common) std::erase_if(*common, [&](const std::string& lock) { return !locks.contains(lock); });
        else common = std::move(locks);
      }
    }
  }
  return known->second = common && !common->empty();
}

// Which locks the event holds that touches a flag, named from where the flag is; false where it takes the flag back;
// nothing where the flag is nobody else's.
std::optional<bool> ReadyFlags::keeps(const Views& views, const View& view, EventId at,
                                      std::set<std::string>& locks) const {
  const model::Function& function = program_.function(view.function);
  const Event& event = function.events[at];
  const Values& values = held_.values(view.function);
  const model::Place& place = function.places[event.place];
  if (view.arrival == Arrival::init || view.arrival == Arrival::make || views.alone(view)) return std::nullopt;
  if (is_in_private_object(views, view, views.lifted(view, path_of(function, values, place, at)), at))
    return std::nullopt;
  if (event.kind == Event::Kind::write && constant(event.operands[0]) == 0) return false;
  const std::string flag = views.absolute(view, "&" + values.identity(place, at));
  const std::size_t point = flag.rfind('.');
  const std::string object = point == std::string::npos ? "" : flag.substr(1, point - 1);
  for (const Lock& lock : views.held(view, at)) {
    const std::string what = lock.what.starts_with('&') ? lock.what.substr(1) : lock.what;
    if (lock.shared || what.empty()) continue;
    if (!object.empty() && what.starts_with(object)) locks.insert("." + what.substr(object.size()));
    else if (is_section(lock) && what + "*" == object) locks.insert(".");
    else if (what[0] == 'g') locks.insert(what);
  }
  return true;
}

// The exchange whose result says, if the compare event comes out like that, that this thread has the flag; null.
const ClaimStep* ReadyFlags::wins(FunctionId id, EventId compare, bool outcome, EventId& exchange) const {
  const auto& steps = held_.claims().in(id);
  if (steps.empty()) return nullptr;
  const model::Function& function = program_.function(id);
  const Event& test = function.events[compare];
  if (test.operands.empty()) return nullptr;
  const auto number = test.operands.size() > 1 ? constant(test.operands[1]) : std::optional<std::int64_t>(0);
  bool is_set = outcome;
  if (test.op == Event::Operator::equal || test.op == Event::Operator::unequal) {
    if (number != 0 && number != 1) return nullptr;
    is_set = outcome == ((test.op == Event::Operator::equal) == (number == 1));
  } else if (test.op != Event::Operator::truth) {
    return nullptr;
  }
  const std::optional<Operand> value = tested(function, held_.values(id), compare);
  if (!value || value->kind != Operand::Kind::call) return nullptr;
  for (const auto& [event, step] : steps)
    if (step.does == ClaimStep::Does::exchanges && step.result == value->event && !step.what.empty() &&
        is_set != step.taken_when_zero)
      return exchange = event, &step;
  return nullptr;
}

// All others who store to the flag have won it, or have its object to themselves.
bool ReadyFlags::left_to_winners(const Views& views, std::uint32_t flag) const {
  const auto [known, is_new] = left_to_winners_.try_emplace(flag, true);
  if (!is_new) return known->second;
  for (const FunctionId id : program_.facts.functions.ids())
    for (const auto& [event, step] : held_.claims().in(id)) {
      if (step.flag != flag || step.does == ClaimStep::Does::exchanges || !known->second) continue;
      bool has_won = false;
      held_.values(id).each_condition(event, [&](EventId compare, bool outcome) {
        EventId exchange = none;
        const ClaimStep* won = wins(id, compare, outcome, exchange);
        has_won |= won != nullptr && won->what == step.what;
      });
      known->second = has_won || std::ranges::all_of(views.of(id), [&](ViewId number) {
                        const View& view = views.view(number);
                        return views.alone(view) || view.arrival == Arrival::init || view.arrival == Arrival::make;
                      });
    }
  return known->second;
}

std::vector<std::string> ReadyFlags::won(const Views& views, FunctionId id, EventId at) const {
  std::vector<std::string> out;
  const auto& steps = held_.claims().in(id);
  if (steps.empty()) return out;
  const Values& values = held_.values(id);
  values.each_condition(at, [&](EventId compare, bool outcome) {
    EventId exchange = none;
    const ClaimStep* step = wins(id, compare, outcome, exchange);
    if (step == nullptr || !left_to_winners(views, step->flag)) return;
    const bool stored = std::ranges::any_of(steps, [&](const auto& other) {
      return other.second.flag == step->flag && other.second.does != ClaimStep::Does::exchanges &&
             values.reaches(other.first, at, none, exchange);
    });
    if (!stored) out.push_back(step->what);
  });
  return out;
}

std::vector<std::string> ReadyFlags::won(const Views& views, const View& view) const {
  if (held_.claims().flags() == 0) return {};
  return at_callers(program_, views, view, [&](FunctionId caller, EventId call) { return won(views, caller, call); });
}

std::vector<std::string> ReadyFlags::set_after(const Views& views, const View& view) const {
  return at_callers(program_, views, view,
                    [&](FunctionId caller, EventId call) { return set_after(views, caller, call); });
}

}  // namespace ftaudit::analysis
