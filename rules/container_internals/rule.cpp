#include "finding/rule.h"
#include "analysis/borrowed.h"
#include "analysis/internals.h"
#include "analysis/unique.h"
#include "capi/capi.h"
#include "capi/changes.h"
#include "capi/records.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Origin;
using analysis::Site;
using model::Event;

static std::string remedy(const capi::Internal* internal) {
  return std::string(internal != nullptr && !internal->instead.empty()
                         ? internal->instead
                         : "the functions of the C API, or a critical section on the container around the whole use");
}

static void fields(const Audit& audit, Report& report, analysis::FunctionId id) {
  std::uint64_t sites = 0;
  for (const analysis::InternalUse& use : analysis::internal_uses(audit, id, sites)) {
    const std::string field(use.field->field);
    Finding& finding =
        add_at(report, audit, use.site,
               std::string(audit.event(use.site).kind == Event::Kind::write ? "writes " : "reads ") +
                   std::string(use.field->record) + "::" + field + " directly, while other threads may " +
                   (capi::is_filled_late(use.field->field) ? "be filling it in" : "change it"));
    finding.place = field;
    // A number of entries: who reads an old one has what its function would have said a moment ago.
    if (use.field->hazard == capi::Hazard::medium)
      finding.severity = audit.event(use.site).kind == Event::Kind::read && capi::counts_entries(use.field->field)
                             ? Severity::low
                             : Severity::medium;
    if (!use.certain) finding.confidence = Confidence::possible;
    finding.instead = remedy(use.field);
  }
  report.sites(sites);
}

// Items that a macro takes out of the array itself.
static void items(const Audit& audit, Report& report) {
  std::uint64_t sites = 0;
  const auto is_macro = [](const capi::Borrowed& api) { return api.is_macro && api.container == "list"; };
  for (const analysis::BorrowedRead& read : analysis::borrowed_reads(audit, is_macro, sites)) {
    if (read.flaw != analysis::BorrowedRead::Flaw::unlocked) continue;
    const Event& event = audit.event(read.site);
    if (analysis::made_unique(audit, read.site, event.operands[0])) continue;
    const std::string container = audit.text(read.site, event.operands[0]);
    Finding& finding = add_at(
        report, audit, read.site,
        event.callee + " reads the array of " + container + " without its lock, while another thread may change it");
    finding.place = container;
    if (!read.container.certain) finding.confidence = Confidence::possible;
    if (read.left_to_python) left_to_python(finding);
    finding.instead =
        "PyList_GetItemRef and Py_DECREF when done (pythoncapi-compat has it for older versions), or a critical "
        "section on the list around the whole use";
  }
  report.sites(sites);
}

static void check(const Audit& audit, Report& report) {
  items(audit, report);
  audit.each_concurrent_function([&](analysis::FunctionId id) { fields(audit, report, id); });
  audit.each_concurrent_call(
      [](const Event& event) { return capi::changes_unlocked(event.callee); },
      [&](const Site& site) {
        const Event& event = audit.event(site);
        if (event.operands.empty()) return;
        report.site();
        const Origin origin = audit.ownership().of(site.function, site.event, event.operands[0]);
        if (origin.is_private() || audit.guarded(site, event.operands[0])) return;
        if (!origin.certain && !origin.from_python)
          return;  // filled in pieces by helpers: not known to be anybody else's
        const std::string container = audit.text(site, event.operands[0]);
        Finding& finding = add_at(report, audit, site,
                                  event.callee + " changes " + container + " without its lock, and others may have it");
        finding.place = container;
        finding.instead = remedy(capi::internal_call(event.callee));
      });
}

extern const Rule container_internals{
    {.id = "FT107",
     .name = "container-internals",
     .category = Category::container_internals,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "The inside of a container that others can change is used without its lock",
     .why = "CPython locks lists, dicts, sets and cells inside their functions; direct access goes around that lock, "
            "so items leak, are freed twice, or are read past the end",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
