#include "finding/sides.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/sha256.h"
#include "base/text.h"

namespace ftaudit {
namespace {

constexpr std::size_t digest_digits = 6;

bool changes(const Side& side) { return side.does != Does::read; }

std::string_view done(Does does) {
  switch (does) {
    case Does::read: return "read";
    case Does::write: return "written";
    case Does::update: return "updated";
    case Does::release: break;
  }
  return "released";
}

Step step_at(const Side& side) {
  std::string what = std::string(done(side.does)) + " here, in " + side.function;
  if (!side.entry_points.empty()) what += ", reached from " + side.entry_points[0];
  if (!side.held.empty()) what += " (holding " + side.held + ")";
  return {side.location, std::move(what), 1};
}

// Of a finding that is told by its trace the first thread moves; where it meets itself, the old one becomes the other.
void place_at(Finding& finding, const Side& side) {
  if (finding.location == side.location && finding.function == side.function) return;
  const auto first =
      std::find_if(finding.trace.begin(), finding.trace.end(), [](const Step& s) { return s.thread == 1; });
  if (first != finding.trace.end()) {
    const Step was = *first;
    *first = step_at(side);
    for (Step& step : finding.trace)
      if (step.thread == 2 && step.location == side.location) step = was, step.thread = 2;
  } else {
    finding.trace.insert(finding.trace.begin(), step_at(side)), finding.trace[0].thread = 0;
  }
  finding.location = side.location, finding.function = side.function;
}

}  // namespace

std::string key_of(const Side& side, const Side::Point& point) {
  return side.function + '\0' + point.state + '\0' + (point.does == Does::read ? "read" : "change");
}

std::string digest_of(const Side& side, const Side::Point& point) {
  return sha256(key_of(side, point)).substr(0, digest_digits);
}

std::vector<std::string> digests_of(const Finding& finding) {
  std::set<std::string> out;
  for (const Side& side : finding.sides)
    for (const Side::Point& point : side.points) out.insert(digest_of(side, point));
  return {out.begin(), out.end()};
}

bool take_out(Finding& finding, const std::function<bool(const Side&)>& gone) {
  const bool changed = std::any_of(finding.sides.begin(), finding.sides.end(), changes);
  if (std::erase_if(finding.sides, gone) == 0) return true;
  if (finding.sides.empty()) return false;
  if (changed && !finding.others_change && std::none_of(finding.sides.begin(), finding.sides.end(), changes))
    return false;
  if (std::none_of(finding.sides.begin(), finding.sides.end(), [&](const Side& side) {
        return side.function == finding.function &&
               std::any_of(side.points.begin(), side.points.end(),
                           [&](const Side::Point& point) { return point.location == finding.location; });
      }))
    place_at(finding, finding.sides[0]);
  return true;
}

void tell_new(Finding& finding, const std::function<bool(const Side&)>& is_new) {
  const auto known = std::stable_partition(finding.sides.begin(), finding.sides.end(), is_new);
  const auto fresh = static_cast<std::size_t>(known - finding.sides.begin());
  if (fresh == 0 || fresh == finding.sides.size()) return;
  Confidence sure = Confidence::possible;
  for (auto side = finding.sides.begin(); side != known; ++side) sure = std::max(sure, side->confidence);
  finding.confidence = std::min(finding.confidence, sure);
  finding.what += "; " + counted(finding.sides.size() - fresh, "known side") + ", " + std::to_string(fresh) + " new: ";
  for (std::size_t i = 0; i < fresh && i < 3; ++i) finding.what += (i == 0 ? "" : ", ") + finding.sides[i].function;
  if (fresh > 3) finding.what += " and " + std::to_string(fresh - 3) + " more";
  place_at(finding, finding.sides[0]);
}

void unite(std::vector<Side>& into, const std::vector<Side>& more) {
  for (const Side& side : more) {
    const auto same = std::find_if(into.begin(), into.end(), [&](const Side& own) {
      return std::tie(own.function, own.location.file, own.held) ==
             std::tie(side.function, side.location.file, side.held);
    });
    if (same == into.end()) {
      into.push_back(side);
      continue;
    }
    same->does = std::max(same->does, side.does);
    same->confidence = std::max(same->confidence, side.confidence);
    const auto add = [](auto& list, const auto& others) {
      std::set<std::string> all(list.begin(), list.end());
      all.insert(others.begin(), others.end());
      list.assign(all.begin(), all.end());
    };
    add(same->states, side.states), add(same->entry_points, side.entry_points);
    for (const Side::Point& point : side.points)
      if (std::none_of(same->points.begin(), same->points.end(), [&](const Side::Point& own) {
            return std::tie(own.location, own.state, own.does) == std::tie(point.location, point.state, point.does);
          }))
        same->points.push_back(point);
  }
}

}  // namespace ftaudit
