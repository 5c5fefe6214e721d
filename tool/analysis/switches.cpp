#include "analysis/switches.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "analysis/program.h"
#include "analysis/reached.h"

namespace ftaudit::analysis {

using model::Block;
using model::Event;
using model::Function;
using model::Operand;
using model::Place;

namespace {

constexpr std::size_t most_settings = 4;  // of one function; one with more is left as it is
constexpr std::size_t most_events = 600;
constexpr std::size_t most_of_wrapper = 20;  // events
constexpr int most_rounds = 4;               // a helper hands its switch on to the next

// The constants that a call gives, by parameter.
using Setting = std::map<std::uint32_t, std::int64_t>;

// The parameter that an operand is the value of, or none.
std::uint32_t parameter_of(const Function& function, const Operand& operand) {
  const std::uint32_t local = local_of(function, operand);
  return local < function.parameters ? local : none;
}

void put_constants(const Function& function, Operand& operand, const Setting& setting) {
  for (Operand& part : operand.parts) put_constants(function, part, setting);
  const std::uint32_t parameter = parameter_of(function, operand);
  if (parameter == none) return;
  if (const auto given = setting.find(parameter); given != setting.end())
    operand = {.kind = Operand::Kind::number, .number = given->second};
}

// The function with these constants: without the ways that they do not go.
void settle(Function& function, const Setting& setting) {
  for (Event& event : function.events)
    for (Operand& operand : event.operands) put_constants(function, operand, setting);
  std::vector<std::optional<bool>> decided;
  for (const Block& block : function.blocks)
    decided.push_back(block.condition == none ? std::nullopt : outcome(function.events[block.condition]));
  keep_reached(function, decided);
}

class Switches {
 public:
  Switches(model::Facts& facts, const capi::LockCalls& locks) : facts_(facts), locks_(locks) {}

  // True where anything was split. What a split function calls is left for the next round: its events have moved.
  bool split() {
    for (const FunctionId id : facts_.functions.ids()) by_key_.emplace(facts_.functions[id].key.text, id);
    for (const model::Unit& unit : facts_.units)
      if (!unit.generator.empty()) generated_.insert(unit.file);
    find_what_matters();
    collect();
    find_switches();
    std::set<FunctionId> done;
    for (const auto& [id, calls] : calls_)
      if (!elsewhere_.contains(id) &&
          std::ranges::none_of(calls, [&](const Call& call) { return done.contains(call.from); }) && split(id, calls))
        done.insert(id);
    return !done.empty();
  }

 private:
  struct Call {
    FunctionId from;
    EventId event;
  };

  FunctionId find(const model::FunctionKey& key) const {
    const auto at = key.text.empty() ? by_key_.end() : by_key_.find(key.text);
    return at == by_key_.end() ? none : at->second;
  }

  // Locks, thread states, globals and what pointers lead to: what a branch can make a difference to that two threads
  // see.
  bool matters(const Function& function, const Event& event) const {
    if (event.kind == Event::Kind::write) {
      if (event.place == none) return false;
      const Place& place = function.places[event.place];
      return place.root == Place::Root::global || std::ranges::any_of(place.steps, [](const model::Step& step) {
               return step.kind == model::Step::Kind::deref;
             });
    }
    if (!is_call(event)) return false;
    if (locks_.find(event.callee) != nullptr || capi::thread_call(event.callee) != nullptr) return true;
    const FunctionId callee = find(event.callee_key);
    return callee != none && matter_.contains(callee);
  }

  // Wrappers count as what they wrap.
  void find_what_matters() {
    std::set<FunctionId> wrappers;
    for (const FunctionId id : facts_.functions.ids()) {
      const Function& function = facts_.functions[id];
      if (function.events.size() <= most_of_wrapper &&
          std::ranges::any_of(function.events, [&](const Event& event) { return matters(function, event); }))
        wrappers.insert(id);
    }
    matter_ = std::move(wrappers);
  }

  void collect() {
    for (const FunctionId id : facts_.functions.ids())
      for (const EventId e : facts_.functions[id].events.ids()) {
        const Event& event = facts_.functions[id].events[e];
        const FunctionId callee = is_call(event) ? find(event.callee_key) : none;
        if (callee != none) calls_[callee].push_back({id, e});
        if (callee != none && event.is_virtual) elsewhere_.insert(callee);
        // Somebody nobody sees calls it too.
        each_operand(event, [&](const Operand& operand) {
          if (operand.kind == Operand::Kind::function && (&operand != &event.target || callee == none))
            elsewhere_.insert(find(operand.function));
        });
      }
    for (const model::Table& table : facts_.tables)
      for (const model::Row& row : table.rows)
        for (const model::Cell& cell : row.cells)
          each_operand(cell.value, [&](const Operand& operand) { elsewhere_.insert(find(operand.function)); });
  }

  void find_switches() {
    for (const auto& [id, calls] : calls_)
      if (facts_.functions[id].events.size() <= most_events)
        if (std::set<std::uint32_t> own = deciding(facts_.functions[id]); !own.empty()) switches_[id] = std::move(own);
    for (bool grown = true; grown;) {  // and those that are handed on to one
      grown = false;
      for (const auto& [id, calls] : calls_) {
        const auto known = switches_.find(id);
        if (known == switches_.end()) continue;
        for (const Call& call : calls) {
          const Function& caller = facts_.functions[call.from];
          const std::vector<Operand>& operands = caller.events[call.event].operands;
          for (const std::uint32_t parameter : std::set<std::uint32_t>(known->second))
            if (const std::uint32_t given =
                    parameter < operands.size() ? parameter_of(caller, operands[parameter]) : none;
                given != none && !changes(caller, given))
              grown |= switches_[call.from].insert(given).second;
        }
      }
    }
  }

  // It is written to, or has its address taken: what it holds is not what the caller gave.
  static bool changes(const Function& function, std::uint32_t parameter) {
    const auto is_it = [&](std::uint32_t place) {
      return place != none && function.places[place].root == Place::Root::variable &&
             function.places[place].variable == parameter;
    };
    return std::ranges::any_of(function.events, [&](const Event& event) {
      bool found = event.kind == Event::Kind::write && is_it(event.place) && function.places[event.place].steps.empty();
      each_operand(event, [&](const Operand& operand) {
        found |= operand.kind == Operand::Kind::address && is_it(operand.place);
      });
      return found;
    });
  }

  // The parameters that decide, by themselves, about what matters.
  std::set<std::uint32_t> deciding(const Function& function) const {
    std::set<std::uint32_t> found;
    for (const Block& block : function.blocks) {
      if (block.condition == none || block.successors.size() != 2) continue;
      const Event& compare = function.events[block.condition];
      if (compare.operands.empty()) continue;
      const std::uint32_t parameter = parameter_of(function, compare.operands[0]);
      const bool by_constant = compare.op == Event::Operator::truth ||
                               ((compare.op == Event::Operator::equal || compare.op == Event::Operator::unequal) &&
                                compare.operands.size() > 1 && constant(compare.operands[1]));
      if (parameter == none || !by_constant || found.contains(parameter)) continue;
      const auto one = reached_from(function, block.successors[0]), other = reached_from(function, block.successors[1]);
      for (std::uint32_t b = 0; b < function.blocks.size() && !found.contains(parameter); ++b)
        for (EventId e = function.blocks[b].first; one[b] != other[b] && e < function.blocks[b].last; ++e)
          if (matters(function, function.events[e])) found.insert(parameter);
    }
    std::erase_if(found, [&](std::uint32_t parameter) { return changes(function, parameter); });
    return found;
  }

  Setting setting_of(const Call& call, const std::set<std::uint32_t>& switches) const {
    const std::vector<Operand>& operands = facts_.functions[call.from].events[call.event].operands;
    Setting out;
    for (const std::uint32_t parameter : switches)
      if (const auto given = parameter < operands.size() ? constant(operands[parameter]) : std::nullopt)
        out.emplace(parameter, *given);
    return out;
  }

  bool split(FunctionId id, const std::vector<Call>& calls) {
    const Function& whole = facts_.functions[id];
    if (generated_.contains(whole.span.file)) return false;  // a generator's switches are not the user's
    if (!whole.body_known || whole.is_lambda || whole.is_implicit || whole.events.size() > most_events) return false;
    if (!whole.overrides.empty() || whole.overrides_library || whole.is_constructor || whole.is_destructor)
      return false;
    const auto deciding = switches_.find(id);
    if (deciding == switches_.end()) return false;
    std::map<Setting, std::vector<Call>> settings;
    for (const Call& call : calls)
      if (call.from != id) settings[setting_of(call, deciding->second)].push_back(call);
      else return false;  // recursion may change the setting on its way
    if (settings.size() > most_settings || (settings.size() == 1 && settings.begin()->first.empty())) return false;
    // Its statics and lambdas belong to the one that keeps the key.
    const bool makes_lambdas = std::ranges::any_of(whole.events, [&](const Event& event) {
      bool makes = false;
      each_operand(event, [&](const Operand& operand) {
        const FunctionId made = operand.kind == Operand::Kind::function ? find(operand.function) : none;
        makes |= made != none && facts_.functions[made].is_lambda;
      });
      return makes;
    });
    if (makes_lambdas) return false;
    const Function original = whole;
    bool first = true;
    for (const auto& [setting, its_calls] : settings) {
      Function made = original;
      if (!setting.empty()) settle(made, setting);
      if (!first) {
        for (const auto& [parameter, value] : setting)
          made.key.text += "?" + std::to_string(parameter) + "=" + std::to_string(value);
        for (const Call& call : its_calls) lead(facts_.functions[call.from].events[call.event], made.key);
        for (model::Unit& unit : facts_.units)
          if (std::ranges::find(unit.functions, original.key) != unit.functions.end())
            unit.functions.push_back(made.key);
        facts_.functions.push_back(std::move(made));
      } else {
        facts_.functions[id] = std::move(made);
      }
      first = false;
    }
    return true;
  }

  static void lead(Event& call, const model::FunctionKey& to) {
    if (call.target.kind == Operand::Kind::function && call.target.function == call.callee_key)
      call.target.function = to;
    call.callee_key = to;
  }

  model::Facts& facts_;
  const capi::LockCalls& locks_;
  std::unordered_map<std::string, FunctionId> by_key_;
  std::set<FunctionId> matter_, elsewhere_;
  std::set<model::FileId> generated_;  // files
  std::map<FunctionId, std::vector<Call>> calls_;
  std::map<FunctionId, std::set<std::uint32_t>> switches_;
};

}  // namespace

void settle_branches(model::Facts& facts, const capi::LockCalls& locks) {
  for (int round = 0; round < most_rounds; ++round)
    if (!Switches(facts, locks).split()) break;
  keep_reached(facts);
}

}  // namespace ftaudit::analysis
