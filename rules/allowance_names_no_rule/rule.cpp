#include "finding/rule.h"
#include "rules/allowances.h"

namespace ftaudit::rules {

static void conclude(const analysis::Audit&, const Document& found, Report& report) {
  tell_troubles(found, AllowanceTrouble::Kind::names_no_rule,
                "name rules that `ftaudit rules` lists, by id, name or category", report);
}

extern const Rule allowance_names_no_rule{
    {.id = "FT090",
     .name = "allowance-names-no-rule",
     .category = Category::other,
     .severity = Severity::low,
     .confidence = Confidence::certain,
     .summary = "A comment allows findings of a rule that does not exist, or of none",
     .why = "a slip in the id leaves the finding in every report, and a later rule of that id would be hidden by a "
            "comment that nobody wrote for it",
     .since = "0.1"},
    count_allowances,
    conclude};

}  // namespace ftaudit::rules
