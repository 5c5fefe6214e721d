#include "finding/rule.h"
#include "rules/allowances.h"

namespace ftaudit::rules {

static void conclude(const analysis::Audit&, const Document& found, Report& report) {
  tell_troubles(found, AllowanceTrouble::Kind::ended, "mend the finding, or say why it may stay and until when",
                report);
}

extern const Rule allowance_ended{
    {.id = "FT092",
     .name = "allowance-ended",
     .category = Category::other,
     .severity = Severity::low,
     .confidence = Confidence::certain,
     .summary = "A comment allows findings until a day that has passed, or until none that could be read",
     .why = "it was meant to hold for a while; from that day on it hides nothing",
     .since = "0.1"},
    count_allowances,
    conclude};

}  // namespace ftaudit::rules
