#include "finding/rule.h"
#include "rules/endangered.h"
#include "analysis/borrowed.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::BorrowedRead;

static void check(const Audit& audit, Report& report) {
  std::uint64_t sites = 0;
  for (const BorrowedRead& read : analysis::borrowed_reads(audit, analysis::is_container_read, sites)) {
    if (read.flaw != BorrowedRead::Flaw::counted) continue;
    const std::string container = audit.text(read.site, audit.event(read.site).operands[0]);
    Finding& finding = add_at(report, audit, read.site, "a reference is taken to an item borrowed from " + container + "; the item may be gone before it is");
    finding.place = container;
    if (!read.container.certain) finding.confidence = Confidence::possible;
    finding.instead = std::string(read.api->replacement) + ", which finds the item and takes the reference in one step" + (read.api->in_compat ? " (pythoncapi-compat has it for older versions)" : "");
    finding.trace.push_back({audit.location(audit.function(read.site).events[read.use.event].span), "the reference is taken here"});
  }
  for (const analysis::Load& load : audit.loads()) {
    ++sites;
    if (load.counted) add_load(report, audit, load, "is read and then a reference is taken to it");
  }
  report.sites(sites);
}

extern const Rule borrowed_then_incref{
    {.id = "FT102", .name = "borrowed-then-incref", .category = "borrowed-ref", .severity = Severity::high, .confidence = Confidence::likely,
     .summary = "A reference is taken to an item after it was borrowed from a container that others can change",
     .why = "between the borrowing call and the Py_INCREF another thread can remove the item and free it; the increment then writes into freed memory",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
