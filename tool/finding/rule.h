// Rule: a value with what it is (RuleInfo) and one function that asks questions of the audit and reports findings.
// A rule never knows Clang, JSON, whether it is switched on, or suppressions.
#pragma once

#include <span>
#include <string_view>

#include "finding/finding.h"

namespace ftaudit {

namespace analysis {
class Audit;
}
class Report;
struct Document;

struct Rule {
  RuleInfo info;
  // Null for what only a run can see (seen.h).
  void (*check)(const analysis::Audit& audit, Report& report);
  // For rules about what the others found: run when they are done and what the source allows is taken out.
  void (*conclude)(const analysis::Audit& audit, const Document& found, Report& report) = nullptr;
};

// All rules, sorted by id; each with the text of its page (rule.md).
struct ListedRule {
  const Rule* rule;
  std::string_view page;
};
std::span<const ListedRule> all_rules();
const ListedRule* rule_named(std::string_view id_or_name);  // "FT104", "ft104" or "dict-next-unlocked"; else null

}  // namespace ftaudit
