// A type of the extension at a glance: which of its entries stand against which. Plain data; analyses fill it in,
// reports and plans show it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ftaudit {

struct TypeReport {
  std::string name;                  // "bag.Bag"
  std::string record;                // "BagObject"
  std::string contract;              // "external", ...; "" for none
  std::vector<std::string> entries;  // those that touch state of the type which somebody changes
  // A row an entry, a letter an entry: '.' ordered, 'c' the contract answers for it, '?' possible, 'X' race.
  std::vector<std::string> rows;
  std::vector<std::string> racing;  // fields that are raced for
  std::uint64_t pairs = 0, ordered = 0, by_contract = 0, possible = 0, races = 0;
};

}  // namespace ftaudit
