// Types at a glance: of each extension type, which of its entries stand against which. Worked out from the same sides
// as the findings, two entries at a time: what nothing orders, what is perhaps, what a contract answers for, what is
// kept apart. Not a judgement of harm: that is the findings' matter.
#pragma once

#include <string>
#include <vector>

#include "analysis/shared.h"

namespace ftaudit::analysis {

struct TypeMatrix {
  std::string name;  // "bag.Bag", as Python has it; the record's where that is not known
  std::string record;
  std::vector<std::string> entries;  // sorted; those that touch state of the type which somebody changes
  // A row an entry, a letter an entry: '.' ordered, 'c' contract, '?' possible, 'X' race.
  std::vector<std::string> rows;
  std::vector<std::string> racing;  // fields that are raced for, sorted
  std::optional<Contract> contract;

  struct Count {
    std::size_t pairs = 0, ordered = 0, by_contract = 0, possible = 0, races = 0;
  };
  Count count() const;  // of unordered pairs, each entry with itself among them
};

std::vector<TypeMatrix> type_matrices(const Program& program, const Shared& shared);

}  // namespace ftaudit::analysis
