#include "finding/verdict.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"

namespace ftaudit {

namespace {

// Lower comes first. What frees memory under another thread outranks what tears a value; what hangs lies between.
int rank(Category category) {
  switch (category) {
    case Category::borrowed_ref:
    case Category::dict_next:
    case Category::container_internals:
    case Category::allocator: return 0;
    case Category::refcount_unique_check:
    case Category::object_field:
    case Category::global_state:
    case Category::static_local_cache:
    case Category::lazy_init:
    case Category::iteration: return 1;
    case Category::critical_section_misuse:
    case Category::mutex_deadlock:
    case Category::thread_state: return 2;
    case Category::gil_reliance:
    case Category::memory_order: return 3;
    case Category::non_threadsafe_libc: return 4;
    case Category::missing_gil_slot:
    case Category::other: break;
  }
  return 5;
}

// What sums up other findings (that a claim comes too early) is not one more of them.
bool blocks(const Finding& finding) {
  return finding.severity >= Severity::medium && finding.category != Category::missing_gil_slot &&
         finding.rule != "FT005";
}

std::string counted_blockers(const std::vector<const Finding*>& blockers) {
  Counts counts;
  for (const Finding* finding : blockers) ++counts.findings[static_cast<std::size_t>(finding->severity)];
  // "2 high and 1 medium findings": the noun follows the total.
  return by_severity(counts) + (blockers.size() == 1 ? " finding" : " findings");
}

std::string declaration(const ModuleReport& module) {
  switch (module.gil) {
    case Gil::not_used: return "declares that it does not need the GIL";
    case Gil::used: return "declares that it needs the GIL: importing it switches the GIL back on";
    case Gil::missing: return "does not declare itself free-threaded: importing it switches the GIL back on";
    case Gil::unknown: break;
  }
  return "leaves open whether it needs the GIL: what it declares could not be read" +
         (module.unread.empty() ? "" : " (" + module.unread + ")");
}

std::string against(Gil gil, const std::vector<const Finding*>& blockers) {
  const bool one = blockers.size() == 1;
  const std::string these = counted_blockers(blockers);
  if (gil == Gil::not_used) return ", but " + these + (one ? " stands against it" : " stand against it");
  if (gil == Gil::unknown) return "; " + these + (one ? " stands" : " stand") + " against declaring it free-threaded";
  return "; " + these + " to mend before declaring it";
}

// "Nothing found" is only worth what was read, so it says what was not.
std::string nothing_against(Gil gil, const Document& document, std::size_t partial, std::uint64_t hidden) {
  std::string out =
      gil == Gil::not_used ? "; nothing found stands against it" : "; nothing found stands against declaring it";
  std::vector<std::string> limits;
  if (partial > 0)
    limits.push_back(counted(partial, "file") + (partial == 1 ? " was" : " were") + " read only in part");
  if (std::ranges::any_of(document.skipped, &SkippedFile::asked)) limits.push_back("not all sources were read");
  if (hidden > 0) limits.push_back(counted(hidden, "finding") + (hidden == 1 ? " is" : " are") + " hidden");
  if (document.rules_left_out > 0)
    limits.push_back(counted(document.rules_left_out, "rule") + (document.rules_left_out == 1 ? " was" : " were") +
                     " not run");
  if (!limits.empty()) out += ", though " + join(limits, " and ");
  return out;
}

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

}  // namespace

bool mend_before(const Finding& a, const Finding& b) {
  if (a.severity != b.severity) return a.severity > b.severity;
  if (a.confidence != b.confidence) return a.confidence > b.confidence;
  if (const int ra = rank(a.category), rb = rank(b.category); ra != rb) return ra < rb;
  return before(a, b);
}

// A file of the module's, or of nobody's.
static bool may_hold(const Document& document, const ModuleReport& module, const std::string& file) {
  return contains(module.files, file) || std::none_of(document.modules.begin(), document.modules.end(),
                                                      [&](auto& other) { return contains(other.files, file); });
}

bool concerns(const Document& document, const Finding& finding, const ModuleReport& module) {
  return finding.modules.empty() ? may_hold(document, module, finding.location.file)
                                 : contains(finding.modules, module.name);
}

std::vector<const Finding*> findings_about(const Document& document, const ModuleReport& module) {
  std::vector<const Finding*> out;
  for (const Finding& finding : document.findings)
    if (concerns(document, finding, module)) out.push_back(&finding);
  return out;
}

// Not one of the declaration itself or of a library's documentation.
bool refutes_claim(const Finding& finding) {
  return finding.severity == Severity::high && finding.confidence >= Confidence::likely && finding.rule > "FT1" &&
         finding.rule < "FT8";
}

// How many findings about the module are held back, here and in the report that it came from.
static std::uint64_t hidden_from(const Document& document, const ModuleReport& module) {
  const auto first = document.held_back.begin() + static_cast<std::ptrdiff_t>(document.held_counted);
  return module.hidden_before +
         static_cast<std::uint64_t>(std::count_if(first, document.held_back.end(), [&](const HeldBack& held) {
           return concerns(document, held.finding, module);
         }));
}

void raise_where_promised(Document& document) {
  std::map<const Finding*, bool> promised;
  for (const ModuleReport& module : document.modules)
    for (const Finding* finding : findings_about(document, module)) {
      const auto [it, made] = promised.emplace(finding, true);
      it->second &= module.gil == Gil::not_used;
    }
  for (Finding& finding : document.findings) {
    const auto it = promised.find(&finding);
    if (it == promised.end() || !it->second || finding.category == Category::missing_gil_slot) continue;
    if (finding.severity == Severity::medium) finding.severity = Severity::high;
  }
}

void judge(Document& document) {
  std::sort(document.findings.begin(), document.findings.end(), before);

  std::map<std::string_view, std::uint64_t> found;
  for (const Finding& finding : document.findings) ++found[finding.rule];
  for (RuleTally& tally : document.rules) tally.findings = found[tally.rule];

  // What stands against a module is more than what is new: its verdict was reached when all findings were there.
  if (document.against) return;
  for (ModuleReport& module : document.modules) {
    std::vector<const Finding*> blockers;
    for (const Finding& finding : document.findings)
      if (blocks(finding) && concerns(document, finding, module)) blockers.push_back(&finding);
    std::sort(blockers.begin(), blockers.end(), [](auto* a, auto* b) { return mend_before(*a, *b); });
    const std::size_t partial =
        std::count_if(document.analysed.begin(), document.analysed.end(),
                      [&](const auto& file) { return file.partial && may_hold(document, module, file.file); });
    module.hidden = hidden_from(document, module);
    module.blockers.clear();
    for (const Finding* finding : blockers) module.blockers.push_back(finding->fingerprint);
    module.verdict =
        declaration(module) + (blockers.empty() ? nothing_against(module.gil, document, partial, module.hidden)
                                                : against(module.gil, blockers));
  }
}

void withhold_declarations(Document& document) {
  const bool other = std::any_of(document.findings.begin(), document.findings.end(), [](const Finding& finding) {
    return finding.severity > Severity::info && finding.category != Category::missing_gil_slot;
  });
  const bool unread = std::any_of(document.analysed.begin(), document.analysed.end(),
                                  [](const AnalysedFile& file) { return file.partial; }) ||
                      !document.skipped.empty();
  if (!other && !unread && document.rules_left_out == 0) return;
  for (Finding& finding : document.findings)
    if (finding.category == Category::missing_gil_slot) finding.fixes.clear();
}

Counts count(const Document& document) {
  Counts counts;
  for (const Finding& finding : document.findings) ++counts.findings[static_cast<std::size_t>(finding.severity)];
  for (const AnalysedFile& file : document.analysed) ++(file.partial ? counts.partial : counts.audited);
  counts.skipped = document.skipped.size();
  for (const RuleTally& tally : document.rules) counts.sites += tally.sites;
  return counts;
}

std::string by_severity(const Counts& counts) {
  std::vector<std::string> parts;
  for (const Severity severity : {Severity::high, Severity::medium, Severity::low, Severity::info})
    if (const auto n = counts.of(severity)) parts.push_back(std::to_string(n) + " " + std::string(name_of(severity)));
  if (parts.empty()) return "none";
  if (parts.size() == 1) return parts[0];
  const std::string last = std::move(parts.back());
  parts.pop_back();
  return join(parts, ", ") + " and " + last;
}

int exit_code(const Document& document, std::optional<Severity> fail_on) {
  if (fail_on && std::any_of(document.findings.begin(), document.findings.end(),
                             [&](const Finding& finding) { return finding.severity >= *fail_on; }))
    return 1;
  const bool anything_read = std::any_of(document.analysed.begin(), document.analysed.end(),
                                         [](const auto& file) { return !file.partial || file.functions > 0; });
  const bool left_out =
      std::any_of(document.skipped.begin(), document.skipped.end(), [](const SkippedFile& file) { return file.asked; });
  // A module whose tables could not be read may switch the GIL on; what was found before may be there still.
  const bool unknown = std::any_of(document.modules.begin(), document.modules.end(),
                                   [](const ModuleReport& module) { return module.gil == Gil::unknown; }) ||
                       (document.against && document.against->unread > 0);
  // No module at all, and the place of one may be what was not read.
  const bool none_found = document.modules.empty() && std::any_of(document.analysed.begin(), document.analysed.end(),
                                                                  [](const auto& file) { return file.partial; });
  return left_out || unknown || none_found || !anything_read ? 3 : 0;
}

}  // namespace ftaudit
