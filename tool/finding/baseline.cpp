#include "finding/baseline.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "finding/sides.h"

namespace ftaudit {
namespace {

constexpr std::string_view head =
    "# Findings of ftaudit that are known and not mended yet. Made by `ftaudit baseline write`;\n"
    "# `ftaudit baseline prune` takes out what has been mended.\n";

constexpr std::string_view sides_word = "sides=";

bool is_hex(std::string_view text, std::size_t size) {
  return text.size() == size &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_rule(std::string_view text) {
  return text.size() == 5 && text.starts_with("FT") &&
         std::all_of(text.begin() + 2, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// One line, whatever the project's files are called.
std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return text;
}

}  // namespace

Result<Baseline> Baseline::parse(std::string_view text) {
  Baseline out;
  std::size_t number = 0;
  for (const std::string& raw : split(text, '\n')) {
    ++number;
    const std::string line(trim(raw));
    if (line.empty() || line.starts_with("#")) continue;
    const std::vector<std::string> words = split(line, ' ');
    const bool known =
        words.size() >= 3 && is_rule(words[0]) && is_hex(words[1], 20) && (words[2] == "-" || is_hex(words[2], 10));
    if (!known) {
      const bool conflict = line.starts_with("<<<<<<<") || line.starts_with("=======") || line.starts_with(">>>>>>>");
      return Error{"line " + std::to_string(number) +
                   (conflict
                        ? " is left of a merge: keep the lines of both sides"
                        : " is not a rule, a fingerprint and a digest; `ftaudit baseline write` makes the file anew")};
    }
    Entry entry{words[0], words[1], words[2] == "-" ? "" : words[2], {}, line};
    if (words.size() > 3 && words[3].starts_with(sides_word))
      entry.sides = split(words[3].substr(sides_word.size()), ',');
    if (!std::all_of(entry.sides.begin(), entry.sides.end(), [](const std::string& side) { return is_hex(side, 6); }))
      return Error{"line " + std::to_string(number) +
                   " has sides that are no digests; `ftaudit baseline write` makes the file anew"};
    out.entries_.push_back(std::move(entry));
  }
  return out;
}

Baseline Baseline::of(const Document& document) {
  Baseline out;
  std::vector<std::pair<std::string, Entry>> sorted;
  for (const Finding& finding : document.findings) {
    const std::string shown = one_line(finding.location.file +
                                       (finding.function.empty() ? "" : " " + finding.function) + ": " + finding.what);
    Entry entry{
        finding.rule, finding.fingerprint, finding.sides.empty() ? finding.around : "", digests_of(finding), {}};
    entry.line = entry.rule + " " + entry.fingerprint + " " + (entry.around.empty() ? "-" : entry.around) +
                 (entry.sides.empty() ? "" : " " + std::string(sides_word) + join(entry.sides, ",")) + " " + shown;
    sorted.emplace_back(finding.location.file + '\0' + finding.rule + '\0' + finding.fingerprint, std::move(entry));
  }
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [key, entry] : sorted) out.entries_.push_back(std::move(entry));
  return out;
}

std::string Baseline::text() const {
  std::string out(head);
  for (const Entry& entry : entries_) out += entry.line + "\n";
  return out;
}

// Findings with sides: an entry is used when anything it lists is there.
std::vector<bool> Baseline::apply_to_sides(Document& document) const {
  std::vector<bool> used(entries_.size(), false);
  std::map<std::string, std::vector<std::size_t>> by_digest, by_fingerprint;
  std::set<std::string> old_rules;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    for (const std::string& digest : entries_[i].sides) by_digest[digest].push_back(i);
    if (!entries_[i].sides.empty()) continue;
    by_fingerprint[entries_[i].rule + entries_[i].fingerprint].push_back(i);
    old_rules.insert(entries_[i].rule);
  }
  // As versions without sides named a finding: by the place it was shown at, which may have been any of these.
  constexpr std::size_t equals = 4;
  const auto covered_by_old = [&](const Finding& finding) {
    bool found = false;
    const auto look = [&](const std::string& rule, const std::string& fingerprint) {
      if (const auto at = by_fingerprint.find(rule + fingerprint); at != by_fingerprint.end())
        for (const std::size_t i : at->second) found = true, used[i] = true;
    };
    look(finding.rule, finding.fingerprint);
    for (const std::string& rule : old_rules)
      for (const Side& side : finding.sides)
        for (const Side::Point& point : side.points)
          for (std::size_t index = 0; index < equals; ++index)
            look(rule, fingerprint_of(
                           identity_of(rule, side.function, point.state.substr(0, point.state.find("[]")), point.text),
                           index));
    return found;
  };
  std::erase_if(document.findings, [&](Finding& finding) {
    if (finding.sides.empty()) return false;
    const auto is_new = [&](const Side& side) {
      bool all = true;
      for (const Side::Point& point : side.points)
        if (const auto at = by_digest.find(digest_of(side, point)); at == by_digest.end()) all = false;
        else
          for (const std::size_t i : at->second) used[i] = true;
      return !all;
    };
    const bool some_new = std::count_if(finding.sides.begin(), finding.sides.end(), is_new) > 0;
    if (covered_by_old(finding) || !some_new) {
      document.hold_back(finding, HeldBack::Why::baseline);
      return true;
    }
    tell_new(finding, is_new);
    return false;
  });
  return used;
}

std::vector<Baseline::Entry> Baseline::apply(Document& document) const {
  const std::vector<bool> used = apply_to_sides(document);
  // Findings that only their index tells apart share one list of entries: which of them is which, the lines around say.
  std::map<std::string, std::string> identities;
  for (const Finding& finding : document.findings)
    if (finding.sides.empty()) identities.emplace(finding.rule + finding.fingerprint, identity(finding));
  std::map<std::string, std::vector<const Entry*>> open;
  std::vector<Entry> gone;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    if (used[i]) continue;
    const auto at = identities.find(entry.rule + entry.fingerprint);
    if (at == identities.end()) gone.push_back(entry);
    else open[at->second].push_back(&entry);
  }
  std::vector<bool> listed(document.findings.size(), false);
  const auto take = [&](bool (*alike)(const Entry&, const Finding&)) {
    for (std::size_t i = 0; i < document.findings.size(); ++i) {
      if (listed[i] || !document.findings[i].sides.empty()) continue;
      const auto entries = open.find(identity(document.findings[i]));
      if (entries == open.end()) continue;
      const auto found = std::find_if(entries->second.begin(), entries->second.end(),
                                      [&](const Entry* entry) { return alike(*entry, document.findings[i]); });
      if (found == entries->second.end()) continue;
      entries->second.erase(found);
      listed[i] = true;
    }
  };
  take([](const Entry& entry, const Finding& finding) {
    return !entry.around.empty() && entry.around == finding.around;
  });
  take([](const Entry&, const Finding&) { return true; });
  for (const auto& [key, entries] : open)
    for (const Entry* entry : entries) gone.push_back(*entry);
  std::size_t i = 0;
  std::erase_if(document.findings, [&](const Finding& finding) {
    if (!listed[i++]) return false;
    document.hold_back(finding, HeldBack::Why::baseline);
    return true;
  });
  return gone;
}

void Baseline::prune(const std::vector<Entry>& gone) {
  for (const Entry& entry : gone) {
    const auto at =
        std::find_if(entries_.begin(), entries_.end(), [&](const Entry& own) { return own.line == entry.line; });
    if (at != entries_.end()) entries_.erase(at);
  }
}

}  // namespace ftaudit
