#include "audit/macro_findings.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"

namespace ftaudit::audit {

namespace {

// The places, by function; each touches what it touches.
void put_in_sides(Finding& whole, const std::vector<const Finding*>& parts) {
  std::map<std::string, Side> sides;
  std::set<std::string> entries, modules;
  for (const Finding* part : parts) {
    Side& side = sides[part->function];
    if (side.points.empty()) side.function = part->function, side.location = part->location;
    side.confidence = part->confidence;
    side.points.push_back({.location = part->location, .state = part->place, .does = Does::read, .text = {}});
    std::set<std::string> own(side.entry_points.begin(), side.entry_points.end());
    own.insert(part->entry_points.begin(), part->entry_points.end());
    side.entry_points.assign(own.begin(), own.end());
    if (std::ranges::find(side.states, part->place) == side.states.end()) side.states.push_back(part->place);
    entries.insert(part->entry_points.begin(), part->entry_points.end());
    modules.insert(part->modules.begin(), part->modules.end());
  }
  for (auto& [function, side] : sides) whole.sides.push_back(std::move(side));
  whole.entry_points.assign(entries.begin(), entries.end());
  whole.modules.assign(modules.begin(), modules.end());
  whole.others_change = true;  // one place alone is a finding
}

}  // namespace

bool tell_macros_once(std::vector<Finding>& findings) {
  using Cause = std::tuple<std::string, std::string, Severity, Confidence, std::string, std::uint32_t>;
  std::map<Cause, std::vector<const Finding*>> causes;
  for (const Finding& finding : findings)
    if (finding.said && finding.sides.empty() && finding.fixes.empty() && finding.location != *finding.said)
      causes[{finding.rule, finding.what, finding.severity, finding.confidence, finding.said->file, finding.said->line}]
          .push_back(&finding);
  std::set<const Finding*> joined;
  std::vector<Finding> wholes;
  for (const auto& [cause, parts] : causes) {
    std::set<Location> places;
    for (const Finding* part : parts) places.insert(part->location);
    if (places.size() < 2) continue;
    Finding whole = *parts.front();
    whole.location = *whole.said, whole.function.clear(), whole.trace.clear();
    whole.owner = "the macro at " + whole.location.file;
    whole.what += "; a macro says it here, and is used in " + counted(places.size(), "place");
    put_in_sides(whole, parts);
    joined.insert(parts.begin(), parts.end());
    wholes.push_back(std::move(whole));
  }
  if (wholes.empty()) return false;
  std::vector<Finding> out;
  for (Finding& finding : findings)
    if (!joined.contains(&finding)) out.push_back(std::move(finding));
  std::move(wholes.begin(), wholes.end(), std::back_inserter(out));
  findings = std::move(out);
  return true;
}

}  // namespace ftaudit::audit
