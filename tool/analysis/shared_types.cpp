// Shared: the Python types whose objects the states are in, and what their callers see to among themselves.
#include <algorithm>

#include "analysis/shared.h"

namespace ftaudit::analysis {

static bool takes(const model::Function& function, const std::string& record) {
  return function.parameters > 0 && function.variables[0].type.record == record;
}

// Methods and slots go by the type's name and work on its record: what most do decides, of those that take it by that
// record where there are any. Others get any object, and look what it is.
void Shared::find_types() {
  std::map<std::string, std::vector<std::size_t>> uses;  // of a record, by entry
  for (const State& state : states_.states)
    if (state.kind == State::Kind::field)
      for (const Access& access : state.accesses)
        // The object is the entry's own, its first argument.
        if (access.base.starts_with("r0") && arrival(access) != Arrival::callback) {
          std::vector<std::size_t>& own = uses[state.record];
          own.resize(views_.entry_count());
          for (const std::uint32_t entry : views_.view(access.view).entries) ++own[entry];
        }
  for (const auto& [record, own] : uses) {
    std::map<std::string, std::size_t> names, by_record;
    for (std::uint32_t entry = 0; entry < own.size(); ++entry)
      // A method whose table belongs to no type that is known says nothing about one.
      if (const std::string& name = views_.entry(entry).python_name;
          own[entry] > 0 && name.find('.') != std::string::npos) {
        const std::string type = name.substr(0, name.rfind('.'));
        names[type] += own[entry];
        if (takes(program_.function(views_.entry(entry).function), record)) by_record[type] += own[entry];
      }
    if (!by_record.empty()) names = std::move(by_record);
    // Functions of the module that the type is in work on its objects, too.
    std::erase_if(names, [&](const auto& one) {
      return std::ranges::any_of(names, [&](const auto& other) { return other.first.starts_with(one.first + "."); });
    });
    const auto most =
        std::max_element(names.begin(), names.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most != names.end()) types_[record] = most->first;
  }
}

std::string Shared::type_of(const std::string& record) const {
  const auto known = types_.find(record);
  return known == types_.end() ? record : known->second;
}

std::optional<Contract> Shared::contract_of(const std::string& record) const {
  const auto known = contracts_.find(record);
  return known == contracts_.end() ? std::nullopt : std::optional(known->second);
}

// What the callers of a type see to among themselves: its own cells, reached by its own entries. Threads of the project
// and objects on their way out are not callers. Immutable after init: nobody reads while __init__ runs; who changes
// something later breaks the contract.
void Shared::settle_contracts(const std::map<std::string, Contract>& settings) {
  std::map<std::string, std::string> record_of;
  for (const auto& [record, name] : types_) record_of.emplace(name, record);
  contracts_ = contracts_of(program_.facts, settings, record_of);
  for (State& state : states_.states) {
    const std::optional<Contract> contract =
        state.kind == State::Kind::field ? contract_of(state.record) : std::nullopt;
    if (!contract) continue;
    for (Access& access : state.accesses) {
      const Arrival from = arrival(access);
      const bool caller =
          from == Arrival::python || from == Arrival::init || from == Arrival::next || from == Arrival::buffer;
      access.contract =
          caller && (*contract != Contract::immutable_after_init || from == Arrival::init || !access.write);
    }
  }
}

}  // namespace ftaudit::analysis
