#include "finding/rule.h"
#include "capi/capi.h"
#include "capi/python_runs.h"
#include "capi/references.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Site;
using model::Event;
using model::Operand;

// "At least this many, or it is an error": what has fewer references is broken, not unshared.
static bool only_complains(const Audit& audit, const Site& site, int side) {
  const model::Function& function = audit.program().function(site.function);
  const Event& event = function.events[site.event];
  if (event.op != Event::Operator::greater && event.op != Event::Operator::less) return false;
  const bool few_when_true = (event.op == Event::Operator::less) == (side == 0);
  const model::Block& decider = function.blocks[audit.program().flow(site.function).block_of[site.event]];
  if (decider.condition != site.event || decider.successors.size() != 2) return false;
  // As far as nothing else is decided: `goto error` leads to where it complains.
  std::uint32_t block = decider.successors[few_when_true ? 0 : 1];
  for (int steps = 0; steps < 4 && block != analysis::none; ++steps) {
    const model::Block& few = function.blocks[block];
    for (analysis::EventId e = few.first; e < few.last; ++e) {
      const std::string& callee = function.events[e].callee;
      if (capi::raises_error(callee) || capi::never_returns(callee)) return true;
    }
    block = few.successors.size() == 1 ? few.successors[0] : analysis::none;
  }
  return false;
}

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_function([&](analysis::FunctionId id) {
    const model::Function& function = audit.program().function(id);
    for (analysis::EventId e = 0; e < function.events.size(); ++e) {
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
        if (other.number == 0 || only_complains(audit, {id, e}, side)) finding.confidence = Confidence::possible;
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
