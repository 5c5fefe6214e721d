#include "finding/rule.h"
#include "rules/allowances.h"

namespace ftaudit::rules {

static void conclude(const analysis::Audit&, const Document& found, Report& report) {
  tell_troubles(
      found, AllowanceTrouble::Kind::without_reason,
      "say after two dashes what keeps other threads away: ftaudit: allow FT203 -- filled before threads start",
      report);
}

extern const Rule allowance_without_reason{
    {.id = "FT091",
     .name = "allowance-without-reason",
     .category = Category::other,
     .severity = Severity::low,
     .confidence = Confidence::certain,
     .summary = "A comment allows findings and does not say why",
     .why = "whoever changes this code next cannot tell whether what made the finding harmless still holds",
     .since = "0.1"},
    count_allowances,
    conclude};

}  // namespace ftaudit::rules
