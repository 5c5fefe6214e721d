#include "plan/outcome.h"

#include <algorithm>
#include <map>
#include <set>

namespace ftaudit::plan {
namespace {

std::set<std::pair<std::string, std::string>> sides_of(const Finding& finding) {
  std::set<std::pair<std::string, std::string>> out;
  for (const Side& side : finding.sides)
    for (const Side::Point& point : side.points) out.emplace(side.function, point.state);
  if (out.empty()) out.emplace(finding.function, finding.place);
  return out;
}

// What one rule said of a place, another may say once half of it is mended: the field that nobody locked is then the
// field that one function forgets.
// How a lock is held is never what was left of something else.
bool is_rest_of(const Finding& after, const Finding& before) {
  const bool about_locks =
      after.category == Category::mutex_deadlock || after.category == Category::critical_section_misuse;
  if (before.location.file == after.location.file && before.location.line == after.location.line &&
      (before.category == after.category || !about_locks))
    return true;
  if (before.owner.empty() || before.owner != after.owner) return false;
  const auto ours = sides_of(before), theirs = sides_of(after);
  return std::ranges::any_of(theirs, [&](const auto& side) { return ours.contains(side); });
}

// By somebody who was no more than possible before: nobody here calls the function.
bool was_only_possible(const Finding& after, const Finding& before) {
  const auto side = std::ranges::find(before.sides, after.function, &Side::function);
  return after.confidence == Confidence::possible && before.confidence != Confidence::possible &&
         side != before.sides.end() && side->confidence == Confidence::possible;
}

bool shown_less(HeldBack::Why why) { return why != HeldBack::Why::allowed && why != HeldBack::Why::baseline; }

}  // namespace

Outcome outcome(const Document& before, const Document& after) {
  Outcome out;
  const std::size_t known = before.findings.size();
  std::vector<const Finding*> was, is;
  for (const Finding& finding : before.findings) was.push_back(&finding);
  for (const HeldBack& held : before.held_back) was.push_back(&held.finding);
  for (const Finding& finding : after.findings) is.push_back(&finding);
  for (const HeldBack& held : after.held_back)
    if (shown_less(held.why) && !held.part) is.push_back(&held.finding);
  std::vector<bool> matched(was.size(), false), taken(is.size(), false);
  out.lessened.assign(known, false), out.rest.assign(known, nullptr);
  const auto match = [&](const auto& same) {
    for (std::size_t i = 0; i < was.size(); ++i) {
      if (matched[i]) continue;
      for (std::size_t j = 0; j < is.size() && !matched[i]; ++j) {
        if (taken[j] || !same(*was[i], *is[j])) continue;
        matched[i] = taken[j] = true;
        if (i < known) out.lessened[i] = sides_of(*is[j]).size() < sides_of(*was[i]).size(), out.rest[i] = is[j];
      }
    }
  };
  match([](const Finding& a, const Finding& b) {
    return a.rule == b.rule && a.location == b.location && a.what == b.what;
  });
  match([](const Finding& a, const Finding& b) { return a.fingerprint == b.fingerprint; });
  match([](const Finding& a, const Finding& b) { return identity(a) == identity(b); });
  // Several may be left of one, and one of several.
  for (std::size_t j = 0; j < is.size(); ++j) {
    if (taken[j]) continue;
    for (std::size_t i = 0; i < was.size(); ++i) {
      if (!is_rest_of(*is[j], *was[i]) || (i < known && was_only_possible(*is[j], *was[i]))) continue;
      if (i < known && !matched[i]) out.lessened[i] = !was[i]->sides.empty(), out.rest[i] = is[j];
      matched[i] = taken[j] = true;
    }
  }
  out.alive.assign(matched.begin(), matched.begin() + static_cast<std::ptrdiff_t>(known));
  for (std::size_t j = 0; j < after.findings.size(); ++j)
    if (!taken[j]) out.brought.push_back(is[j]);
  return out;
}

}  // namespace ftaudit::plan
