// Contracts: what a type asks of whoever uses it, as the project says in its settings or in a comment at the record:
// that callers keep each other off an object, that an object stays with one thread, that nothing changes once it is
// made. What that answers for is not a race; what it does not (globals, other records, threads of the project's own)
// stays.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "model/facts.h"

namespace ftaudit::analysis {

enum class Contract : std::uint8_t { external, one_thread, immutable_after_init };

std::string_view name_of(Contract contract);  // "external"
// "external", "externally synchronised", "one thread", "once per thread", "immutable after init"; none for other words.
std::optional<Contract> contract_named(std::string_view words);

// By record. `settings` go by the Python name of the type or by the name of its record; `record_of` knows the one for
// the other. A comment ("ftaudit: externally synchronised") stands at the first line of the record or alone before it.
std::map<std::string, Contract> contracts_of(const model::Facts& facts, const std::map<std::string, Contract>& settings,
                                             const std::map<std::string, std::string>& record_of);

}  // namespace ftaudit::analysis
