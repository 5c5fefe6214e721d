#include "analysis/field_writes.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;
using model::Step;

std::string FieldWrites::key(const Place& place) {
  for (auto step = place.steps.rbegin(); step != place.steps.rend(); ++step)
    if (step->kind == Step::Kind::field) return step->field;
  return place.root == Place::Root::global ? "g" + std::to_string(place.global.n) : std::string();
}

std::string FieldWrites::key(const std::string& identity) {
  const std::size_t point = identity.rfind('.');
  const std::size_t first = point == std::string::npos ? identity.starts_with('&') : point + 1;
  if (point == std::string::npos && identity[first] != 'g') return {};
  return identity.substr(first, identity.find_first_of("*[", first) - first);
}

void FieldWrites::gather() const {
  if (gathered_) return;
  gathered_ = true;
  for (const FunctionId id : program_.facts.functions.ids()) {
    const model::Function& function = program_.function(id);
    for (const EventId e : function.events.ids())
      if (const Event& event = function.events[e]; event.kind == Event::Kind::write && event.place != none)
        if (std::string name = FieldWrites::key(function.places[event.place]); !name.empty())
          writes_[std::move(name)].emplace_back(id, e);
  }
}

const FieldWrites::Writers& FieldWrites::writers(const std::string& key) const {
  const auto [it, is_new] = known_.try_emplace(key);
  if (!is_new) return it->second;
  gather();
  Writers& found = it->second;
  found.reach.resize(program_.facts.functions.size(), false);
  for (const auto& [id, e] : writes_[key]) {
    found.reach[id] = true;
    const std::vector<Operand>& given = program_.function(id).events[e].operands;
    found.made |= !given.empty() && (given[0].kind == Operand::Kind::call || given[0].kind == Operand::Kind::address);
  }
  found.reach = program_.with_callers(std::move(found.reach));
  return found;
}

bool FieldWrites::may_change(FunctionId function, const std::string& key) const { return writers(key).reach[function]; }

const std::vector<std::pair<FunctionId, EventId>>& FieldWrites::events(const std::string& key) const {
  return gather(), writes_[key];
}

std::optional<std::int64_t> FieldWrites::only_number(const std::string& key) const {
  const auto [known, is_new] = numbers_.try_emplace(key);
  if (!is_new) return known->second;
  for (const auto& [id, e] : events(key)) {
    const Event& write = program_.function(id).events[e];
    const std::optional<std::int64_t> number =
        write.is_update() || write.operands.empty() ? std::nullopt : constant(write.operands[0]);
    if (!number || (*number != 0 && known->second.value_or(*number) != *number)) return known->second = std::nullopt;
    if (*number != 0) known->second = number;
  }
  return known->second;
}

bool FieldWrites::is_made(const std::string& key) const { return writers(key).made; }

}  // namespace ftaudit::analysis
