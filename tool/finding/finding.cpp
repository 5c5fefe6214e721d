#include "finding/finding.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/sha256.h"

namespace ftaudit {

namespace {

constexpr std::array<std::string_view, 4> severities{"info", "low", "medium", "high"};
constexpr std::array<std::string_view, 3> confidences{"possible", "likely", "certain"};
constexpr std::array<std::string_view, 18> categories{
    "allocator",
    "borrowed-ref",
    "container-internals",
    "critical-section-misuse",
    "dict-next",
    "gil-reliance",
    "global-state",
    "iteration",
    "lazy-init",
    "memory-order",
    "missing-gil-slot",
    "mutex-deadlock",
    "non-threadsafe-libc",
    "object-field",
    "other",
    "refcount-unique-check",
    "static-local-cache",
    "thread-state",
};
constexpr std::array<std::string_view, 4> deeds{"read", "write", "update", "release"};
constexpr std::array<std::string_view, 5> verdicts{"confirmed", "seen-near", "reached-not-raced", "not-reached",
                                                   "not-run"};

// 80 bits: in a report of a million findings two different ones meet with a chance below one in a million.
constexpr std::size_t fingerprint_digits = 20;

template <class Enum, std::size_t N>
std::optional<Enum> named(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end()) return std::nullopt;
  return static_cast<Enum>(at - names.begin());
}

std::string without_white_space(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out),
               [](char c) { return c != ' ' && (c < '\t' || c > '\r'); });
  return out;
}

// "struct@12:5", as what has no name is called, goes by "struct@": lines shift.
std::string without_positions(std::string_view text) {
  const auto digit = [&](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    out += text[at];
    if (text[at] != '@' || !digit(at + 1)) continue;
    std::size_t end = at + 1;
    while (digit(end)) ++end;
    if (end >= text.size() || text[end] != ':' || !digit(end + 1)) continue;
    for (++end; digit(end);) ++end;
    at = end - 1;
  }
  return out;
}

}  // namespace

std::string_view name_of(Severity severity) { return severities[static_cast<std::size_t>(severity)]; }
std::string_view name_of(Confidence confidence) { return confidences[static_cast<std::size_t>(confidence)]; }
std::string_view name_of(Category category) { return categories[static_cast<std::size_t>(category)]; }
std::string_view name_of(Witness::Verdict verdict) { return verdicts[static_cast<std::size_t>(verdict)]; }
std::string_view name_of(Does does) { return deeds[static_cast<std::size_t>(does)]; }
std::optional<Does> does_named(std::string_view name) { return named<Does>(deeds, name); }
std::optional<Severity> severity_named(std::string_view name) { return named<Severity>(severities, name); }
std::optional<Confidence> confidence_named(std::string_view name) { return named<Confidence>(confidences, name); }
std::optional<Category> category_named(std::string_view name) { return named<Category>(categories, name); }
std::optional<Witness::Verdict> verdict_named(std::string_view name) { return named<Witness::Verdict>(verdicts, name); }

bool before(const Finding& a, const Finding& b) {
  const auto key = [](const Finding& f) {
    return std::tie(f.location.file, f.location.line, f.location.column, f.rule, f.what, f.function, f.place,
                    f.location.end_line, f.location.end_column);
  };
  return key(a) < key(b);
}

std::string identity_of(std::string_view rule, std::string_view function, std::string_view place,
                        std::string_view text) {
  // NUL between the parts: no two different lists of parts run together into the same bytes.
  std::string out;
  for (const std::string& part :
       {std::string(rule), without_positions(function), without_positions(place), without_white_space(text)})
    out.append(part).push_back('\0');
  return out;
}

std::string identity(const Finding& finding) {
  return finding.sides.empty() ? identity_of(finding.rule, finding.function, finding.place, finding.guilty_text)
                               : identity_of(finding.rule, "", finding.owner, finding.remedy);
}

std::string fingerprint_of(const std::string& identity, std::size_t index) {
  return sha256(identity + std::to_string(index)).substr(0, fingerprint_digits);
}

void fingerprint(std::vector<Finding>& findings) {
  std::map<std::string, std::size_t> seen;
  for (Finding& finding : findings) {
    const std::string whole = identity(finding);
    finding.fingerprint = fingerprint_of(whole, seen[whole]++);
  }
}

}  // namespace ftaudit
