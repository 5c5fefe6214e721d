#include "finding/rule.h"
#include "capi/capi.h"
#include "capi/changes.h"
#include "capi/references.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Origin;
using analysis::Site;
using model::Event;
using model::Operand;

// A branch on the way here asked whether anybody else has the object. A count of 1 is refcount-uniqueness-check's
// matter.
static bool asked_before(const Audit& audit, const Site& site, const Operand& object) {
  const analysis::Values& values = audit.values(site.function);
  const std::string identity = values.identity(object, site.event);
  bool found = false;
  values.each_condition(site.event, [&](analysis::EventId compare, bool) {
    for (const Operand& tested : audit.function(site).events[compare].operands) {
      if (tested.kind != Operand::Kind::call) continue;
      const Event& check = audit.function(site).events[tested.event];
      if ((capi::checks_uniqueness_safely(check.callee) || capi::tells_count(check.callee)) && !check.operands.empty())
        found |= values.identity(check.operands[0], tested.event) == identity;
    }
  });
  return found;
}

// Handed in by Python: a parameter of a function that Python calls, as it came.
static bool handed_in(const Audit& audit, const Site& site, const Operand& object) {
  const std::uint32_t local = audit.values(site.function).local_of(object);
  if (local == analysis::none || audit.contexts().entry(site.function) == nullptr) return false;
  const std::string identity = audit.values(site.function).identity(object, site.event);
  return identity.starts_with("p") && identity.find_first_not_of("0123456789", 1) == std::string::npos;
}

// __init__ fills what it has just made for a field of its object: a second call makes another one.
static bool made_by_init(const Audit& audit, const Site& site, const Operand& object) {
  if (!audit.shared().only_initialises(site.function)) return false;
  const model::Function& function = audit.function(site);
  const analysis::Values& values = audit.values(site.function);
  const analysis::Flow& flow = audit.program().flow(site.function);
  const std::string filled = analysis::path_of(function, values, object, site.event).text();
  for (analysis::EventId e = site.event; e-- > analysis::EventId(0);) {
    const Event& event = function.events[e];
    if (event.kind != Event::Kind::write || event.operands.empty() || event.operands[0].kind != Operand::Kind::call ||
        analysis::path_of(function, values, function.places[event.place], e).text() != filled)
      continue;
    return audit.ownership().of_call(site.function, e, event.operands[0].event).kind == Origin::Kind::fresh &&
           flow.dominates(flow.block_of[e], flow.block_of[site.event]);
  }
  return false;
}

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_call(
      [](const Event& event) { return capi::edits_immutable(event.callee) != capi::Edit::none; },
      [&](const Site& site) {
        const Event& event = audit.event(site);
        if (event.operands.empty()) return;
        report.site();
        Operand object = event.operands[0];
        if (object.kind == Operand::Kind::address)
          object.kind = Operand::Kind::place;  // resized through the variable that holds it
        const Origin origin = audit.ownership().of(site.function, site.event, object);
        // Filled in pieces by helpers, or made by a call that is out of sight: not known to be anybody else's.
        const bool elsewhere = origin.kind == Origin::Kind::shared && (origin.certain || origin.from_python);
        if (!elsewhere && !handed_in(audit, site, object)) return;
        if (asked_before(audit, site, object) || audit.guarded(site, object)) return;
        if (made_by_init(audit, site, object)) return;
        const std::string name = audit.text(site, object);
        Finding& finding = add_at(
            report, audit, site,
            event.callee + (capi::edits_immutable(event.callee) == capi::Edit::resizes ? " resizes " : " changes ") +
                name + ", which others may already have");
        finding.place = name;
        if (capi::edits_immutable(event.callee) == capi::Edit::resizes)
          finding.category = Category::refcount_unique_check;
        finding.instead =
            event.callee.find("Tuple") != std::string::npos
                ? "build a new tuple (PyTuple_GetSlice, PyTuple_Pack), or change it only while nobody else has it"
                : "build a new object; PyUnicodeWriter or PyBytesWriter where it grows in steps";
      });
}

extern const Rule immutable_in_place_mutation{
    {.id = "FT602",
     .name = "immutable-in-place-mutation",
     .category = Category::container_internals,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A tuple, str or bytes object that others may have is changed in place",
     .why = "objects that cannot change are read without any lock, hashed once, and shared freely: a change in place "
            "tears what other threads read, and frees items they are using",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
