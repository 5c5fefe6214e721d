#include "finding/rule.h"
#include "capi/types.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Site;
using analysis::Use;
using model::Event;
using model::Operand;
using model::Place;

static bool readies(std::string_view callee) { return capi::readies_type(callee) != capi::Readies::none; }

// What is made is kept for everybody; "" if only the caller gets it.
static std::string kept_in(const Audit& audit, const Site& site) {
  for (const Use& use : audit.values(site.function).uses(site.event)) {
    const Event& event = audit.function(site).events[use.event];
    if (use.kind != Use::Kind::stored || event.kind != Event::Kind::write || event.place == model::none) continue;
    Operand place;
    place.kind = Operand::Kind::place, place.place = event.place;
    if (audit.function(site).places[event.place].root == Place::Root::global) return audit.text(site, place);
  }
  return "";
}

static void check(const Audit& audit, Report& report) {
  audit.each_concurrent_call(
      [](const Event& event) { return readies(event.callee) || capi::makes_type(event.callee); },
      [&](const Site& site) {
        report.site();
        const Event& event = audit.event(site);
        if (!audit.held().at(site.function, site.event).empty() || audit.runs_once(site.function)) return;
        std::string what;
        if (readies(event.callee)) {
          if (event.operands.empty() || event.operands[0].kind != Operand::Kind::address ||
              audit.function(site).places[event.operands[0].place].root != Place::Root::global)
            return;
          what = audit.text(site, event.operands[0]);
          if (what.starts_with("&")) what.erase(0, 1);
        } else {
          what = kept_in(audit, site);
        }
        if (what.empty()) return;
        Finding& finding = add_at(
            report, audit, site,
            event.callee +
                (readies(event.callee) ? " sets up " + what + " on first use" : " makes " + what + " on first use") +
                ", where two threads can arrive together");
        finding.place = what;
        // Takes a lock of its own around the work, and looks again inside.
        if (capi::readies_type(event.callee) == capi::Readies::under_lock)
          finding.severity = Severity::medium, finding.confidence = Confidence::possible;
        finding.instead =
            "make it in the module's Py_mod_exec function, which runs before any thread can call the module";
      });
}

extern const Rule lazy_type_or_exception{
    {.id = "FT206",
     .name = "lazy-type-or-exception",
     .category = Category::lazy_init,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A type or an exception class is made when first needed, not when the module is initialised",
     .why = "two threads that arrive together set up the same static type at once, or make two classes of the same "
            "name, so that one thread raises what the other does not catch",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
