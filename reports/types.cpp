#include "reports/types.h"

#include <vector>

#include "base/text.h"
#include "reports/sides.h"

namespace ftaudit::reports {
namespace {

constexpr std::size_t most_names = 6;

}  // namespace

std::string short_name(const TypeReport& type, const std::string& entry) {
  return entry.starts_with(type.name + ".") ? entry.substr(type.name.size() + 1) : entry;
}

std::string in_words(const TypeReport& type) {
  std::vector<std::string> racing;
  for (std::size_t i = 0; i < type.rows.size(); ++i)
    if (type.rows[i].find('X') != std::string::npos) racing.push_back(short_name(type, type.entries[i]));
  std::string out;
  if (!racing.empty())
    out = first_names(racing, most_names) + (racing.size() == 1 ? " races with itself on " : " race on ") +
          first_names(type.racing, most_names) + "; ";
  out += std::to_string(type.ordered) + " of " + counted(type.pairs, "pair") + " ordered";
  if (type.possible > 0) out += ", " + std::to_string(type.possible) + " perhaps not";
  if (!type.contract.empty())
    out += "; its contract (" + type.contract + ") answers for " + std::to_string(type.by_contract);
  return out;
}

}  // namespace ftaudit::reports
