#include <algorithm>

#include "analysis/allocation.h"
#include "capi/capi.h"
#include "capi/fields.h"
#include "capi/records.h"
#include "capi/slots.h"
#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Allocation;
using analysis::Audit;
using analysis::Site;
using capi::Domain;
using model::Event;

// What to call in place of a call that takes back a block, or resizes it.
static std::string replacement(Domain domain, bool resizes) {
  const std::string_view call = resizes ? capi::resizer(domain) : capi::releaser(domain);
  if (!call.empty()) return std::string(call);
  return resizes ? "a block of its own and a copy" : "delete";
}

static void releases(const Audit& audit, Report& report, const Allocation& allocation, analysis::FunctionId id) {
  const model::Function& function = audit.program().function(id);
  for (const analysis::EventId e : function.events.ids()) {
    const Event& event = function.events[e];
    if (!analysis::is_call(event) || event.operands.empty()) continue;
    const capi::Allocator* release = capi::allocator(event.callee);
    if (release == nullptr || !release->releases || audit.program().find(event.callee_key) != analysis::none) continue;
    report.site();
    const Allocation::Sources sources = allocation.of(id, e, event.operands[0]);
    if (sources.domain == Domain::none || sources.domain == release->domain) continue;
    const std::string maker = audit.event(sources.calls[0]).callee, block = audit.text({id, e}, event.operands[0]);
    Finding& finding =
        add_at(report, audit, {id, e}, event.callee + " is given " + block + ", which came from " + maker);
    finding.place = block;
    finding.instead =
        replacement(sources.domain, release->allocates) + ", or allocate with what belongs to " + event.callee;
    for (std::size_t i = 0; i < sources.calls.size() && i < 3; ++i)
      finding.trace.push_back({audit.location(sources.calls[i]), "allocated here"});
  }
}

// The function in a slot of a static type, and whether the type's own flags say that the collector tracks its objects.
static void types(const Audit& audit, Report& report) {
  constexpr std::int64_t have_gc = 1 << 14;
  for (const model::Table& table : audit.facts().tables) {
    if (capi::record_named(table.record) != capi::Record::type_object || table.is_array || table.rows.empty()) continue;
    const model::Cell *flags = nullptr, *free = nullptr;
    bool inherits = false;
    for (const model::Cell& cell : table.rows[0].cells) {
      if (cell.field == capi::fields::flags) flags = &cell;
      if (capi::slot_use(cell.field) == capi::SlotUse::freeing && cell.value.kind == model::Operand::Kind::function)
        free = &cell;
      const bool given =
          cell.value.kind != model::Operand::Kind::null && cell.value.kind != model::Operand::Kind::number;
      inherits |=
          given && (cell.field == capi::fields::base || capi::slot_use(cell.field) == capi::SlotUse::allocation);
    }
    if (free == nullptr || flags == nullptr || inherits || flags->value.kind != model::Operand::Kind::number) continue;
    report.site();
    const capi::Allocator* release = capi::allocator(free->value.function.text);
    if (release == nullptr || !release->releases) continue;
    const Domain due = (flags->value.number & have_gc) != 0 ? Domain::gc_object : Domain::object;
    if (release->domain == due) continue;
    Finding& finding = report.add(
        audit.location(free->span),
        "tp_free of " + audit.facts().globals[table.variable].name + " is " + std::string(release->name) +
            ", but its objects are " +
            (due == Domain::gc_object ? "tracked by the garbage collector" : "not tracked by the garbage collector"));
    finding.place = audit.facts().globals[table.variable].name;
    finding.instead = capi::releaser(due);
    finding.trace.push_back({audit.location(flags->span), "the type's flags"});
  }
}

static void check(const Audit& audit, Report& report) {
  const Allocation allocation(audit.program(), audit.held(), audit.contexts());
  audit.each_function([&](analysis::FunctionId id) { releases(audit, report, allocation, id); });
  types(audit, report);
}

extern const Rule allocator_mismatch{
    {.id = "FT606",
     .name = "allocator-mismatch",
     .category = Category::allocator,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "Memory is given back to another allocator than the one it came from",
     .why = "each family of functions keeps its own heaps, and free-threaded builds keep one set a thread: a block "
            "returned to the wrong one corrupts both, now or much later",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
