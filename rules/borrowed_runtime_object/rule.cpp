#include "finding/rule.h"
#include "analysis/borrowed.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::BorrowedRead;
using analysis::Use;

static bool is_runtime(const capi::Borrowed& api) {
  if (api.container == "weakref" || analysis::is_container_read(api) || api.container == "list-or-tuple") return false;
  return api.hazard >= capi::Hazard::medium;
}

static void check(const Audit& audit, Report& report) {
  std::uint64_t sites = 0;
  for (const BorrowedRead& read : analysis::borrowed_reads(audit, is_runtime, sites)) {
    // The interpreter holds a reference of its own to the dict of modules (Python/import.c, MODULES).
    const std::vector<model::Operand>& arguments = audit.event(read.site).operands;
    if (read.api->container == "sys" && !arguments.empty() && arguments[0].text == "modules") continue;
    // What the interpreter keeps for long is gone only after other code ran in between.
    if (read.api->hazard != capi::Hazard::high && !read.across_suspension && !read.outlives_call) continue;
    const model::Event& use = audit.function(read.site).events[read.use.event];
    Finding& finding =
        add_at(report, audit, read.site,
               std::string(read.api->name) +
                   " lends an object that any thread may replace; it is used without a reference of its own");
    finding.place = read.api->container;
    if (read.api->hazard != capi::Hazard::high) finding.confidence = Confidence::possible;
    finding.instead = read.api->replacement.empty()
                          ? "take a reference while nothing else can run, or keep the object in module state"
                          : std::string(read.api->replacement) + " (" + std::string(read.api->since) + " and newer)";
    finding.trace.push_back({audit.location(use.span), "used here"});
  }
  report.sites(sites);
}

extern const Rule borrowed_runtime_object{
    {.id = "FT110",
     .name = "borrowed-runtime-object",
     .category = Category::borrowed_ref,
     .severity = Severity::medium,
     .confidence = Confidence::likely,
     .summary = "An object borrowed from the interpreter's own tables is used without a reference",
     .why = "sys, sys.modules, functions and types are open to every thread: what they lend can be replaced and freed "
            "while it is in use",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
