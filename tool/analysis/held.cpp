#include "analysis/held.h"

#include <algorithm>

namespace ftaudit::analysis {

using capi::LockCall;
using model::Event;
using model::Operand;

bool lies_in(const std::string& place, const std::string& object) {
  if (object.empty() || !place.starts_with(object)) return false;
  if (place.size() == object.size()) return true;
  const char next = place[object.size()];
  return next == '*' || next == '.' || next == '[';
}

Held::Held(const Program& program, const Suspension& suspension, const Contexts& contexts, const std::vector<EntryPoint>& entries)
    : program_(program), suspension_(suspension), contexts_(contexts), values_(program.facts.functions.size()),
      summaries_(program.facts.functions.size()), summary_known_(program.facts.functions.size(), 0), before_(program.facts.functions.size()),
      entry_(program.facts.functions.size()), entry_known_(program.facts.functions.size(), 0), open_(program.facts.functions.size(), false) {
  for (const EntryPoint& entry : entries) open_[entry.function] = true;
  for (FunctionId id = 0; id < open_.size(); ++id) {
    if (program.calls_to(id).empty()) open_[id] = true;
    for (const Edge& edge : program.calls_to(id)) open_[id] = open_[id] || edge.mention;
  }
}

Held::~Held() = default;

const Values& Held::values(FunctionId id) const {
  if (values_[id] == nullptr) values_[id] = std::make_unique<Values>(program_, suspension_, id);
  return *values_[id];
}

const Locks& Held::at(FunctionId id, EventId event) const {
  if (before_[id].empty()) {
    std::vector<Locks> before(program_.function(id).events.size());
    before_[id] = before;  // asked again on the way (recursion): nothing is sure
    flow(id, on_entry(id), &before);
    before_[id] = std::move(before);
  }
  return before_[id][event];
}

const Locks& Held::on_entry(FunctionId id) const {
  if (entry_known_[id] == 2 || open_[id]) return entry_[id];
  if (entry_known_[id] == 1) return entry_[id];  // recursion: nothing is sure
  entry_known_[id] = 1;
  entry_[id] = callers(id);
  entry_known_[id] = 2;
  return entry_[id];
}

Locks Held::callers(FunctionId id) const {
  Locks common;
  bool first = true;
  for (const Edge& edge : program_.calls_to(id)) {
    if (edge.from == id) continue;
    if (!contexts_.reached(edge.from) || contexts_.init_only(edge.from)) continue;  // who never runs beside others takes no part
    Locks here = seen_by_callee(edge.from, edge.event, at(edge.from, edge.event));
    if (first) common = std::move(here);
    else std::erase_if(common, [&](const Lock& lock) { return std::find(here.begin(), here.end(), lock) == here.end(); });
    first = false;
  }
  return common;
}

// An identity of the caller in the callee's terms: through one of the arguments, or global; "" if it cannot be named there.
std::string Held::translated(const std::string& identity, const std::vector<std::string>& arguments) {
  const bool address = identity.starts_with("&");
  const std::string place = address ? identity.substr(1) : identity;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument.empty()) continue;
    const std::string own = "p" + std::to_string(i);
    if (argument.starts_with("&") && lies_in(place, argument.substr(1))) return (address ? "&" : "") + own + "*" + place.substr(argument.size() - 1);
    if (!argument.starts_with("&") && lies_in(place, argument)) return (address ? "&" : "") + own + place.substr(argument.size());
    if (identity == argument) return own;
  }
  return place.starts_with("g") ? identity : "";
}

Locks Held::seen_by_callee(FunctionId caller, EventId call, const Locks& held) const {
  if (held.empty()) return {};
  const Event& event = program_.function(caller).events[call];
  std::vector<std::string> arguments;
  for (const Operand& operand : event.operands) arguments.push_back(values(caller).identity(operand, call));
  Locks out;
  for (const Lock& lock : held) {
    std::string what = translated(lock.what, arguments);
    Lock seen{what.empty() ? "?" : std::move(what), "", lock.kind, none};
    if (std::find(out.begin(), out.end(), seen) == out.end()) out.push_back(std::move(seen));
  }
  return out;
}

void Held::apply(FunctionId id, EventId at_event, Locks& held, std::vector<std::string>* released) const {
  const Event& event = program_.function(id).events[at_event];
  if (!is_call(event)) return;
  const Values& here = values(id);
  const auto operand = [&](int index) { return index >= 0 && index < static_cast<int>(event.operands.size()) ? here.identity(event.operands[index], at_event) : std::string(); };
  if (const LockCall* call = capi::lock_call(event.callee)) {
    if (call->does == LockCall::Does::acquire) {
      const std::string token = operand(call->token);
      for (int index : {call->lock, call->second_lock})
        if (std::string what = operand(index); !what.empty()) held.push_back({std::move(what), token, call->kind, at_event});
      // A guard made without its mutex being nameable still locks something.
      if (operand(call->lock).empty()) held.push_back({"?", token, call->kind, at_event});
    } else if (call->does == LockCall::Does::release) {
      const std::string what = operand(call->token >= 0 ? call->token : call->lock);
      const std::size_t before = held.size();
      std::erase_if(held, [&](const Lock& lock) { return call->token >= 0 ? lock.token == what : lock.what == what; });
      if (held.size() == before && released != nullptr) released->push_back(what);
    }
    return;
  }
  if (event.callee_key.text.empty()) return;
  const FunctionId callee = program_.find(event.callee_key);
  if (callee == none || callee == id) return;
  const Summary& effect = summary(callee);
  if (effect.acquired.empty() && effect.released.empty()) return;
  // The callee's parameters in our terms: p0 -> our operand 0.
  const auto ours = [&](const std::string& identity) {
    const bool address = identity.starts_with("&");
    const std::string place = address ? identity.substr(1) : identity;
    if (!place.starts_with("p")) return place.starts_with("g") ? identity : std::string();
    const std::size_t digits = place.find_first_not_of("0123456789", 1);
    std::string argument = operand(std::stoi(place.substr(1, digits - 1)));
    std::string rest = digits == std::string::npos ? "" : place.substr(digits);
    if (argument.empty()) return argument;
    if (argument.starts_with("&") && rest.starts_with("*")) argument.erase(0, 1), rest.erase(0, 1);
    return (address ? "&" : "") + argument + rest;
  };
  for (const Lock& lock : effect.acquired)
    held.push_back({lock.what == "?" ? "?" : ours(lock.what).empty() ? "?" : ours(lock.what), ours(lock.token), lock.kind, at_event});
  for (const std::string& identity : effect.released) {
    const std::string what = ours(identity);
    const std::size_t gone = std::erase_if(held, [&](const Lock& lock) { return lock.what == what || (!lock.token.empty() && lock.token == what); });
    if (gone == 0 && !what.empty() && released != nullptr) released->push_back(what);  // our caller's, then
  }
}

const Held::Summary& Held::summary(FunctionId id) const {
  if (summary_known_[id] == 0) {
    summary_known_[id] = 1;
    Summary found = flow(id, {}, nullptr);
    summaries_[id] = std::move(found);
    summary_known_[id] = 2;
  }
  return summaries_[id];
}

Held::Summary Held::flow(FunctionId id, const Locks& entry, std::vector<Locks>* before) const {
  const model::Function& function = program_.function(id);
  Summary out;
  if (function.blocks.empty()) return out;
  std::vector<Locks> in(function.blocks.size());
  std::vector<bool> known(function.blocks.size(), false);
  in[0] = entry, known[0] = true;
  for (bool changed = true; changed;) {
    changed = false;
    out = {};
    bool has_exit = false;
    for (std::uint32_t b = 0; b < function.blocks.size(); ++b) {
      if (!known[b]) continue;
      Locks held = in[b];
      for (EventId e = function.blocks[b].first; e < function.blocks[b].last; ++e) {
        if (before != nullptr) (*before)[e] = held;
        apply(id, e, held, &out.released);
      }
      for (std::uint32_t next : function.blocks[b].successors) {
        if (next == none) continue;
        if (!known[next]) {
          known[next] = true, in[next] = held, changed = true;
        } else {
          const std::size_t size = in[next].size();
          std::erase_if(in[next], [&](const Lock& lock) { return std::find(held.begin(), held.end(), lock) == held.end(); });
          changed |= in[next].size() != size;
        }
      }
      if (!function.blocks[b].successors.empty()) continue;
      // Locks that only this function can name are its own affair.
      std::erase_if(held, [](const Lock& lock) { return lock.acquired == none || lock.what.starts_with("v") || lock.what.starts_with("c"); });
      if (!has_exit) out.acquired = std::move(held);
      else std::erase_if(out.acquired, [&](const Lock& lock) { return std::find(held.begin(), held.end(), lock) == held.end(); });
      has_exit = true;
    }
  }
  std::sort(out.released.begin(), out.released.end());
  out.released.erase(std::unique(out.released.begin(), out.released.end()), out.released.end());
  return out;
}

}  // namespace ftaudit::analysis
