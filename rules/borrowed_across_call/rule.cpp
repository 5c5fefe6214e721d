#include "finding/rule.h"
#include "analysis/borrowed.h"
#include "rules/endangered.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::BorrowedRead;
using analysis::Use;

// The call that may let another thread in while the object is in use.
static std::string called(const Audit& audit, const analysis::Load& load) {
  const std::string& callee = audit.event({load.user, load.use.event}).callee;
  return load.use.kind == Use::Kind::passed && !load.use.suspended && !callee.empty()
             ? callee + "()"
             : "a call that may run other code";
}

static void check(const Audit& audit, Report& report) {
  std::uint64_t sites = 0;
  for (const BorrowedRead& read : analysis::borrowed_reads(audit, analysis::is_container_read, sites)) {
    if (read.flaw != BorrowedRead::Flaw::across_call || read.suspended_by == analysis::none) continue;
    const model::Function& function = audit.function(read.site);
    const model::Event& call = function.events[read.suspended_by];
    const std::string container = audit.text(read.site, audit.event(read.site).operands[0]);
    const std::string name = call.callee.empty() ? "a call through a pointer" : call.callee;
    Finding& finding =
        add_at(report, audit, read.site,
               "the item borrowed from " + container + " is used after " + name + ", which may run code that drops it");
    finding.place = container;
    if (!read.container.certain && read.container.kind == analysis::Origin::Kind::shared)
      finding.confidence = Confidence::possible;
    if (read.left_to_python) left_to_python(finding);
    // Most references that are dropped were not the last ones, and most keys are strings.
    if (!audit.suspension().commonly(function, call)) finding.confidence = Confidence::possible;
    finding.instead = std::string(read.api->replacement) + ", or Py_NewRef before the call, and Py_DECREF when done";
    finding.trace.push_back(
        {audit.location(call.span), name + " may run Python code or detach here, which suspends critical sections"});
    finding.trace.push_back({audit.location(function.events[read.use.event].span), "the item is used here"});
  }
  for (const analysis::Load& load : audit.loads()) {
    ++sites;
    if (!load.state->type.to_object) continue;
    if (load.across)
      add_load(report, audit, load, "is used without a reference of its own across " + called(audit, load));
    else if (load.let_go && !load.counted)
      add_load(report, audit, load,
               "is used without a reference of its own when the lock was " + when_let_go(audit, load));
  }
  report.sites(sites);
}

extern const Rule borrowed_across_call{
    {.id = "FT103",
     .name = "borrowed-across-call",
     .category = Category::borrowed_ref,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A borrowed item is used after a call during which its container may change",
     .why = "a critical section is suspended while a call runs Python code or waits, and the code that runs may itself "
            "change the container: the item can be freed before it is used again",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
