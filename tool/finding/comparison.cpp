#include "finding/comparison.h"

#include <algorithm>
#include <map>

#include "base/text.h"

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
  for (const Finding& finding : document.findings) out.push_back({&finding, std::nullopt});
  for (const HeldBack& held : document.held_back) out.push_back({&held.finding, held.why});
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

bool counts_as_there(const Entry& old) {
  using Why = HeldBack::Why;
  return !old.held || *old.held == Why::below_severity || *old.held == Why::ignored;
}

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

}  // namespace

void compare(const Document& earlier, Document& later, const Ancestry& ancestry, std::string revision) {
  Matching matching(earlier, later, ancestry);
  Comparison against{.revision = std::move(revision)};
  std::vector<Finding> fresh;
  for (const Entry& now : matching.later()) {
    if (now.held) continue;
    if (now.partner != nullptr && counts_as_there(*now.partner)) ++against.unchanged;
    else fresh.push_back(*now.finding);
  }
  for (const Entry& old : matching.earlier()) {
    if (old.held || old.partner != nullptr) continue;
    if (unread_now(*old.finding, later, ancestry)) ++against.unread;
    else against.fixed.push_back(*old.finding);
  }
  if (against.unread > 0)
    later.notes.push_back(counted(against.unread, "finding") + " of " + against.revision +
                          (against.unread == 1 ? " lies" : " lie") +
                          " in files that could not be read whole now: whether they are fixed is not known");
  later.findings = std::move(fresh);
  later.against = std::move(against);
  for (RuleTally& tally : later.rules)
    tally.findings =
        static_cast<std::uint64_t>(std::count_if(later.findings.begin(), later.findings.end(),
                                                 [&](const Finding& finding) { return finding.rule == tally.rule; }));
}

}  // namespace ftaudit
