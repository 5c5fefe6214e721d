#include "finding/rule.h"
#include "analysis/unique.h"
#include "capi/capi.h"
#include "capi/references.h"
#include "rules/complaint.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Site;
using model::Event;
using model::Operand;

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_function([&](analysis::FunctionId id) {
    const model::Function& function = audit.program().function(id);
    for (const analysis::EventId e : function.events.ids()) {
      const Event& event = function.events[e];
      if (event.kind != Event::Kind::compare || event.operands.size() != 2) continue;
      for (int side = 0; side < 2; ++side) {
        const Operand& other = event.operands[1 - side];
        if (other.kind != Operand::Kind::number || other.number < 0 || other.number > 2) continue;
        const analysis::EventId count = audit.made_by({id, e}, event.operands[side], capi::tells_count);
        if (count == analysis::none || function.events[count].operands.empty()) continue;
        report.site();
        const Operand& object = function.events[count].operands[0];
        if (audit.ownership().of(id, count, object).kind == analysis::Origin::Kind::fresh) continue;
        const std::string name = audit.text({id, count}, object);
        Finding& finding = add_at(report, audit, {id, e},
                                  "the reference count of " + name + " decides whether it is used by anybody else");
        finding.place = name;
        // Asking whether it is dead decides nothing about sharing; it matters where the object is then revived.
        // Of what a function of the project has just made, or has counted once more beside its caller's, 1 is its own.
        if (other.number == 0 || only_complains(audit, {id, e}, side, object) ||
            (other.number == 1 && analysis::came_counted(audit, {id, count}, object)))
          finding.confidence = Confidence::possible;
        finding.instead = "PyUnstable_Object_IsUniquelyReferenced(" + name +
                          ") (3.14, or pythoncapi-compat); for an argument of a Python call "
                          "PyUnstable_Object_IsUniqueReferencedTemporary";
      }
    }
  });
}

extern const Rule refcount_uniqueness_check{
    {.id = "FT601",
     .name = "refcount-uniqueness-check",
     .category = Category::refcount_unique_check,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A reference count is compared to find out whether anybody else has the object",
     .why = "the count is the sum of two numbers that other threads change independently, and since 3.14 the "
            "interpreter borrows arguments without counting: 1 does not mean alone",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
