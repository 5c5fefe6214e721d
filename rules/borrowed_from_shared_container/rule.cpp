#include "finding/rule.h"
#include "analysis/borrowed.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::BorrowedRead;
using analysis::Use;

static std::string consequence(const Audit& audit, const BorrowedRead& read) {
  const model::Event& use = audit.function(read.site).events[read.use.event];
  switch (read.use.kind) {
    case Use::Kind::returned: return "returned";
    case Use::Kind::stored: return "stored";
    case Use::Kind::followed: return "read through";
    default: return use.callee.empty() ? "passed on" : "passed to " + use.callee;
  }
}

static void check(const Audit& audit, Report& report) {
  std::uint64_t sites = 0;
  for (const BorrowedRead& read : analysis::borrowed_reads(audit, analysis::is_container_read, sites)) {
    if (read.flaw != BorrowedRead::Flaw::used) continue;
    const std::string container = audit.text(read.site, audit.event(read.site).operands[0]);
    Finding& finding = add_at(report, audit, read.site,
                              "the item borrowed from " + container + " is " + consequence(audit, read) +
                                  " while another thread may drop it");
    finding.place = container;
    if (!read.container.certain) finding.confidence = Confidence::possible;
    if (analysis::is_restored_state(audit, read)) finding.severity = Severity::low;
    if (read.left_to_python) left_to_python(finding);
    finding.instead = std::string(read.api->replacement) + " and Py_DECREF when done" +
                      (read.api->in_compat ? " (pythoncapi-compat has it for older versions)" : "");
    finding.trace.push_back({audit.location(audit.function(read.site).events[read.use.event].span), "used here"});
  }
  report.sites(sites);
}

extern const Rule borrowed_from_shared_container{
    {.id = "FT101",
     .name = "borrowed-from-shared-container",
     .category = Category::borrowed_ref,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A borrowed reference from a container that others can change is used",
     .why = "only the container keeps a borrowed item alive; without the GIL another thread can replace or remove it "
            "between the read and the use, which then touches freed memory",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
