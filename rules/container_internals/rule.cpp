#include "finding/rule.h"
#include "analysis/borrowed.h"
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
using model::Operand;
using model::Place;
using model::Step;

// Headers of objects, types and weak references are other rules' matter.
static bool is_others_matter(capi::Record record) {
  return record == capi::Record::object || record == capi::Record::var_object || record == capi::Record::type_object ||
         record == capi::Record::weak_reference;
}

// The container an access path goes through, up to the field of CPython's; none if there is no such field.
static std::size_t internal_step(const Place& place, const capi::Internal*& internal) {
  for (std::size_t i = 0; i < place.steps.size(); ++i) {
    const Step& step = place.steps[i];
    if (step.kind != Step::Kind::field || is_others_matter(capi::record_named(step.record))) continue;
    internal = capi::internal_field(step.record, step.field);
    if (internal != nullptr) return i;
  }
  return place.steps.size();
}

static std::string remedy(const capi::Internal* internal) {
  return std::string(internal != nullptr && !internal->instead.empty()
                         ? internal->instead
                         : "the functions of the C API, or a critical section on the container around the whole use");
}

static void fields(const Audit& audit, Report& report, analysis::FunctionId id) {
  const model::Function& function = audit.program().function(id);
  for (analysis::EventId e = 0; e < function.events.size(); ++e) {
    const Event& event = function.events[e];
    if (event.place == model::none || event.macro != model::none ||
        (event.kind != Event::Kind::read && event.kind != Event::Kind::write))
      continue;
    const Place& place = function.places[event.place];
    const capi::Internal* internal = nullptr;
    const std::size_t step = internal_step(place, internal);
    if (internal == nullptr || (step + 1 < place.steps.size() && event.kind == Event::Kind::read))
      continue;  // said once, where the field itself is read
    report.site();
    if (internal->writing_only && event.kind == Event::Kind::read) continue;
    if (event.atomic && internal->hazard == capi::Hazard::medium) continue;
    if (internal->hazard < capi::Hazard::medium && !internal->writing_only) continue;
    // Who has the container: what the path starts from.
    Operand container;
    container.kind = place.root == Place::Root::call ? Operand::Kind::call : Operand::Kind::place;
    container.event = place.call;
    container.place = event.place;
    const Origin origin = audit.ownership().of(id, e, container);
    // That the object never changes otherwise does not help.
    const bool late = capi::is_filled_late(internal->field) && origin.kind == Origin::Kind::immutable;
    if ((origin.is_private() && !late) || audit.guarded({id, e}, container) ||
        analysis::made_unique(audit, {id, e}, container))
      continue;
    Finding& finding =
        add_at(report, audit, {id, e},
               std::string(event.kind == Event::Kind::write ? "writes " : "reads ") + std::string(internal->record) +
                   "::" + std::string(internal->field) + " directly, while other threads may " +
                   (capi::is_filled_late(internal->field) ? "be filling it in" : "change it"));
    finding.place = std::string(internal->field);
    if (internal->hazard == capi::Hazard::medium) finding.severity = Severity::medium;
    if (!origin.certain) finding.confidence = Confidence::possible;
    finding.instead = remedy(internal);
  }
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
