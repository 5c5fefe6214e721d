#include "finding/rule.h"
#include "analysis/borrowed.h"
#include "capi/fields.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::BorrowedRead;
using analysis::Use;

static bool is_weakref(const capi::Borrowed& api) { return api.container == "weakref"; }

static void check(const Audit& audit, Report& report) {
  std::uint64_t sites = 0;
  for (const BorrowedRead& read : analysis::borrowed_reads(audit, is_weakref, sites)) {
    Finding& finding =
        add_at(report, audit, read.site,
               std::string(read.api->name) + " lends the referent of a weak reference, which nothing keeps alive");
    finding.place = audit.text(read.site, audit.event(read.site).operands[0]);
    finding.instead =
        "PyWeakref_GetRef, which takes a reference or says that the object is gone (pythoncapi-compat has it for older "
        "versions)";
    finding.trace.push_back({audit.location(audit.function(read.site).events[read.use.event].span), "used here"});
  }
  audit.each_concurrent_function([&](analysis::FunctionId id) {
    const model::Function& function = audit.program().function(id);
    for (const analysis::EventId e : function.events.ids()) {
      const model::Event& event = function.events[e];
      if (event.kind != model::Event::Kind::read || event.macro != model::none) continue;
      const std::vector<model::Step>& steps = function.places[event.place].steps;
      if (steps.empty() || steps.back().field != capi::fields::referent) continue;
      ++sites;
      Finding& finding =
          add_at(report, audit, {id, e},
                 "wr_object is read directly: the referent of a weak reference, which nothing keeps alive");
      finding.instead = "PyWeakref_GetRef";
    }
  });
  report.sites(sites);
}

extern const Rule weakref_borrowed{
    {.id = "FT111",
     .name = "weakref-borrowed",
     .category = Category::borrowed_ref,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "The referent of a weak reference is used without a reference of its own",
     .why = "a weak reference keeps nothing alive: the last strong reference can go in another thread right after the "
            "referent was fetched",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
