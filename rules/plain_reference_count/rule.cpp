#include <algorithm>
#include <map>

#include "finding/rule.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::Count;

static void tell_sides(const Audit& audit, const Count& count, Finding& finding) {
  std::map<analysis::FunctionId, Side> sides;
  for (const Count::Change& change : count.bare) {
    Side& side = sides[change.site.function];
    const Does does = change.frees ? Does::release : Does::update;
    if (side.points.empty()) {
      side.function = audit.function(change.site).name, side.confidence = finding.confidence;
      side.entry_points = audit.entry_names(change.site), side.states = {finding.place};
    }
    if (side.points.empty() || does > side.does) side.does = does, side.location = audit.location(change.site);
    side.points.push_back({audit.location(change.site), finding.place, does, ""});
  }
  for (auto& [function, side] : sides) {
    finding.entry_points.insert(finding.entry_points.end(), side.entry_points.begin(), side.entry_points.end());
    finding.sides.push_back(std::move(side));
  }
  std::stable_sort(finding.sides.begin(), finding.sides.end(),
                   [](const Side& a, const Side& b) { return a.does > b.does; });
  std::sort(finding.entry_points.begin(), finding.entry_points.end());
  finding.entry_points.erase(std::unique(finding.entry_points.begin(), finding.entry_points.end()),
                             finding.entry_points.end());
}

static void check(const Audit& audit, Report& report) {
  report.sites(audit.counts().size());
  for (const Count& count : audit.counts()) {
    const auto freeing = std::find_if(count.bare.begin(), count.bare.end(), [](const auto& c) { return c.frees; });
    const Count::Change& shown = freeing == count.bare.end() ? count.bare.front() : *freeing;
    const std::string name = count.record + "." + count.field;
    Finding& finding =
        add_at(report, audit, shown.site,
               name + " counts who holds a " + count.record + " as a plain number: two Python objects that share one " +
                   "lose a count, and it is freed while in use, or never");
    finding.place = name, finding.owner = count.record;
    if (!count.held_by_objects) finding.confidence = Confidence::possible;
    finding.instead =
        "count with an atomic (std::atomic, _Py_atomic_add_ssize) and free where the decrement itself says zero, or "
        "use "
        "std::shared_ptr; a critical section on one of the objects keeps the other one's thread out of nothing";
    tell_sides(audit, count, finding);
  }
}

extern const Rule plain_reference_count{
    {.id = "FT806",
     .name = "plain-reference-count",
     .category = "object-field",
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "Objects share a record that counts its holders in a plain number",
     .why = "with the GIL one thread at a time changed the count; now two that hold the same record raise and lower it "
            "together, and one change is lost",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
