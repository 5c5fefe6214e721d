#include "finding/comparison.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"
#include "finding/sides.h"

namespace ftaudit {
namespace {

// A finding of either state, shown or held back, and whether it has found its like.
struct Entry {
  const Finding* finding;
  std::optional<HeldBack::Why> held;
  const Entry* partner = nullptr;
};

std::vector<Entry> entries_of(const Document& document) {
  std::vector<Entry> out;
  for (const Finding& finding : document.findings)
    if (finding.sides.empty()) out.push_back({&finding, std::nullopt});
  for (const HeldBack& held : document.held_back)
    if (held.finding.sides.empty()) out.push_back({&held.finding, held.why});
  std::stable_sort(out.begin(), out.end(),
                   [](const Entry& a, const Entry& b) { return before(*a.finding, *b.finding); });
  return out;
}

class Matching {
 public:
  Matching(const Document& earlier, const Document& later, const Ancestry& ancestry)
      : ancestry_(ancestry), earlier_(entries_of(earlier)), later_(entries_of(later)) {
    using Like = std::function<bool(const Finding&, const Finding&)>;
    const Like same_line = [this](const Finding& old, const Finding& now) { return was_at(old, now); };
    const Like same_file = [this](const Finding& old, const Finding& now) { return file_of(now) == old.location.file; };
    const Like any = [](const Finding&, const Finding&) { return true; };
    pair(identity, same_line);
    pair([](const Finding& finding) { return identity(finding) + finding.around; }, same_file);
    pair([](const Finding& finding) { return identity(finding) + finding.around; }, any);
    pair(identity, same_file);
    pair(identity, any);
    pair([](const Finding& finding) { return finding.rule; }, same_line);
    pair(
        [](const Finding& finding) {
          return finding.function.empty() && finding.place.empty()
                     ? ""
                     : finding.rule + '\0' + finding.function + '\0' + finding.place;
        },
        same_file);
  }

  std::vector<Entry>& earlier() { return earlier_; }
  std::vector<Entry>& later() { return later_; }

 private:
  std::string file_of(const Finding& now) const { return ancestry_.file(now.location.file).value_or("\0"); }
  bool was_at(const Finding& old, const Finding& now) const {
    const auto line = ancestry_.line(now.location.file, now.location.line);
    return line && *line == old.location.line && file_of(now) == old.location.file;
  }

  // Pairs what is left over on both sides, in order: the same key (never ""), and alike.
  void pair(const std::function<std::string(const Finding&)>& key,
            const std::function<bool(const Finding&, const Finding&)>& alike) {
    std::map<std::string, std::vector<Entry*>> left;
    for (Entry& entry : earlier_)
      if (entry.partner == nullptr)
        if (const std::string own = key(*entry.finding); !own.empty()) left[own].push_back(&entry);
    for (Entry& entry : later_) {
      if (entry.partner != nullptr) continue;
      const auto candidates = left.find(key(*entry.finding));
      if (candidates == left.end()) continue;
      const auto found = std::find_if(candidates->second.begin(), candidates->second.end(),
                                      [&](const Entry* old) { return alike(*old->finding, *entry.finding); });
      if (found == candidates->second.end()) continue;
      entry.partner = *found;
      (*found)->partner = &entry;
      candidates->second.erase(found);
    }
  }

  const Ancestry& ancestry_;
  std::vector<Entry> earlier_, later_;
};

bool counts_as_there(std::optional<HeldBack::Why> held) {
  using Why = HeldBack::Why;
  return !held || *held == Why::below_severity || *held == Why::ignored;
}

// The places of all sides of one state of the project.
class Places {
 public:
  void add(const Finding& finding) {
    for (const Side& side : finding.sides)
      for (const Side::Point& point : side.points) {
        keys_.insert(key_of(side, point));
        users_.emplace(side.function, point.state);
        lines_.insert(at_line(point, point.location.file, point.location.line));
      }
  }
  bool has(const Side& side, const Side::Point& point) const { return keys_.contains(key_of(side, point)); }
  // It is still at the state, whatever it does there.
  bool has_user(const Side& side, const Side::Point& point) const {
    return users_.contains({side.function, point.state});
  }
  // The same is done to the same state on the line that the point's line was, whatever its function is called now.
  bool has_line(const Side::Point& point, const std::string& file, std::uint32_t line) const {
    return lines_.contains(at_line(point, file, line));
  }

 private:
  using AtLine = std::tuple<std::string, std::uint32_t, std::string, bool>;
  static AtLine at_line(const Side::Point& point, const std::string& file, std::uint32_t line) {
    return {file, line, point.state, point.does != Does::read};
  }
  std::set<std::string> keys_;
  std::set<std::pair<std::string, std::string>> users_;
  std::set<AtLine> lines_;
};

// Whether the file that the finding was in, under whatever name, was not read whole this time. A header is read with
// the sources that include it.
bool unread_now(const Finding& old, const Document& later, const Ancestry& ancestry) {
  const auto was = [&](const std::string& now) {
    return now == old.location.file || ancestry.file(now) == old.location.file;
  };
  const bool skipped = std::any_of(later.skipped.begin(), later.skipped.end(),
                                   [&](const SkippedFile& file) { return file.asked && was(file.file); });
  const auto read = std::find_if(later.analysed.begin(), later.analysed.end(),
                                 [&](const AnalysedFile& file) { return was(file.file); });
  if (skipped || read != later.analysed.end()) return skipped || read->partial;
  const std::string suffix = old.location.file.substr(std::min(old.location.file.size(), old.location.file.rfind('.')));
  return suffix.starts_with(".h") && std::any_of(later.analysed.begin(), later.analysed.end(),
                                                 [](const AnalysedFile& file) { return file.partial; });
}

void compare_sides(const Document& earlier, const Document& later, const Ancestry& ancestry, Comparison& against,
                   std::vector<Finding>& fresh) {
  Places before, now;
  for (const Finding& finding : earlier.findings) before.add(finding);
  for (const HeldBack& held : earlier.held_back)
    if (counts_as_there(held.why)) before.add(held.finding);
  for (const Finding& finding : later.findings) now.add(finding);
  for (const HeldBack& held : later.held_back) now.add(held.finding);

  const auto was_there = [&](const Side& side, const Side::Point& point) {
    if (before.has(side, point)) return true;
    const auto line = ancestry.line(point.location.file, point.location.line);
    const auto file = ancestry.file(point.location.file);
    return line && file && before.has_line(point, *file, *line);
  };
  const auto is_new = [&](const Side& side) {
    return !std::all_of(side.points.begin(), side.points.end(),
                        [&](const Side::Point& point) { return was_there(side, point); });
  };
  // What was there under another name of its function is still here.
  Places kept;
  for (const Finding& finding : later.findings) {
    if (finding.sides.empty()) continue;
    for (const Side& side : finding.sides)
      for (const Side::Point& point : side.points)
        if (const auto line = ancestry.line(point.location.file, point.location.line))
          if (const auto file = ancestry.file(point.location.file)) {
            Side::Point old = point;
            old.location.file = *file, old.location.line = *line;
            Finding only;
            only.sides = {side};
            only.sides[0].points = {std::move(old)};
            kept.add(only);
          }
    if (std::none_of(finding.sides.begin(), finding.sides.end(), is_new)) {
      ++against.unchanged;
      continue;
    }
    fresh.push_back(finding);
    tell_new(fresh.back(), is_new);
  }
  for (const Finding& old : earlier.findings) {
    if (old.sides.empty()) continue;
    const auto left =
        static_cast<std::uint64_t>(std::count_if(old.sides.begin(), old.sides.end(), [&](const Side& side) {
          return std::any_of(side.points.begin(), side.points.end(), [&](const Side::Point& point) {
            return now.has_user(side, point) || kept.has_line(point, point.location.file, point.location.line);
          });
        }));
    if (left == old.sides.size()) continue;
    if (unread_now(old, later, ancestry)) ++against.unread;
    else if (left == 0) against.fixed.push_back(old);
    else against.progress.push_back({old, left, old.sides.size()});
  }
}

}  // namespace

void compare(const Document& earlier, Document& later, const Ancestry& ancestry, std::string revision) {
  Matching matching(earlier, later, ancestry);
  Comparison against{.revision = std::move(revision)};
  std::vector<Finding> fresh;
  for (const Entry& now : matching.later()) {
    if (now.held) continue;
    if (now.partner != nullptr && counts_as_there(now.partner->held)) ++against.unchanged;
    else fresh.push_back(*now.finding);
  }
  for (const Entry& old : matching.earlier()) {
    if (old.held || old.partner != nullptr) continue;
    if (unread_now(*old.finding, later, ancestry)) ++against.unread;
    else against.fixed.push_back(*old.finding);
  }
  compare_sides(earlier, later, ancestry, against, fresh);
  if (against.unread > 0)
    later.notes.push_back(counted(against.unread, "finding") + " of " + against.revision +
                          (against.unread == 1 ? " lies" : " lie") +
                          " in files that could not be read whole now: whether they are fixed is not known");
  std::stable_sort(fresh.begin(), fresh.end(), before);
  std::stable_sort(against.fixed.begin(), against.fixed.end(), before);
  later.findings = std::move(fresh);
  later.against = std::move(against);
  for (RuleTally& tally : later.rules)
    tally.findings =
        static_cast<std::uint64_t>(std::count_if(later.findings.begin(), later.findings.end(),
                                                 [&](const Finding& finding) { return finding.rule == tally.rule; }));
}

}  // namespace ftaudit
