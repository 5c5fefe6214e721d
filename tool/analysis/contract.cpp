#include "analysis/contract.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace ftaudit::analysis {
namespace {

constexpr std::array<std::string_view, 3> names{"external", "one thread", "immutable after init"};
constexpr std::pair<std::string_view, Contract> spellings[] = {
    {"externally synchronised", Contract::external},
    {"externally synchronized", Contract::external},
    {"external", Contract::external},
    {"one thread", Contract::one_thread},
    {"once per thread", Contract::one_thread},
    {"immutable after init", Contract::immutable_after_init},
};

// The contract that a comment states, after the mark of the tool.
std::optional<Contract> stated(std::string_view comment) {
  constexpr std::string_view mark = "ftaudit:";
  const std::size_t at = comment.find(mark);
  if (at == comment.npos) return std::nullopt;
  const std::string_view words = trim(comment.substr(at + mark.size()));
  for (const auto& [spelling, contract] : spellings)
    if (words.starts_with(spelling)) return contract;
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Contract contract) { return names[static_cast<std::size_t>(contract)]; }

std::optional<Contract> contract_named(std::string_view words) {
  for (const auto& [spelling, contract] : spellings)
    if (trim(words) == spelling) return contract;
  return std::nullopt;
}

std::map<std::string, Contract> contracts_of(const model::Facts& facts, const std::map<std::string, Contract>& settings,
                                             const std::map<std::string, std::string>& record_of) {
  std::map<std::string, Contract> out;
  for (const model::Allowance& comment : facts.allowances) {
    const std::optional<Contract> contract = stated(comment.text);
    if (!contract) continue;
    const std::uint32_t line = comment.alone && comment.next_line != 0 ? comment.next_line : comment.span.line;
    for (const model::Record& record : facts.records)
      if (record.span.file == comment.span.file && record.span.line == line) out[record.name] = *contract;
  }
  for (const auto& [name, contract] : settings) {
    const auto known = record_of.find(name);
    out[known == record_of.end() ? name : known->second] = contract;
  }
  return out;
}

}  // namespace ftaudit::analysis
