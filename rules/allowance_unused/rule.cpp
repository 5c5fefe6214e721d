#include "finding/rule.h"
#include "rules/allowances.h"

namespace ftaudit::rules {

static void conclude(const analysis::Audit&, const Document& found, Report& report) {
  tell_troubles(found, AllowanceTrouble::Kind::unused, "take the comment away", report);
}

extern const Rule allowance_unused{
    {.id = "FT093",
     .name = "allowance-unused",
     .category = Category::other,
     .severity = Severity::low,
     .confidence = Confidence::certain,
     .summary = "A comment allows findings where there are none",
     .why = "it would hide the next finding that comes to stand there, which nobody has looked at",
     .since = "0.1"},
    count_allowances,
    conclude};

}  // namespace ftaudit::rules
