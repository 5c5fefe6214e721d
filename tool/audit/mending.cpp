#include "audit/mending.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "base/files.h"
#include "base/log.h"
#include "base/sha256.h"
#include "base/text.h"

namespace ftaudit::audit {

namespace {

struct Edited {
  std::string before, after;
};

struct Plan {
  std::map<std::string, Edited> files;  // by shown path
  std::set<std::string> mended;         // fingerprints
};

// The first place a file includes Python.h itself, as the end of that line; npos where it does not.
std::size_t after_python_header(std::string_view text) {
  for (std::size_t line = 0; line < text.size();) {
    const std::size_t end = std::min(text.find('\n', line), text.size());
    std::string_view rest = trim(text.substr(line, end - line));
    if (rest.starts_with("#")) {
      rest = trim(rest.substr(1));
      if (rest.starts_with("include") &&
          (rest.find("<Python.h>") != rest.npos || rest.find("\"Python.h\"") != rest.npos))
        return end;
    }
    line = end + 1;
  }
  return std::string_view::npos;
}

Status include_compat(const fs::path& root, const std::string& name, std::string& text) {
  if (text.find("pythoncapi_compat.h") != std::string::npos) return Done{};
  std::error_code ignored;
  bool there = false;
  for (fs::recursive_directory_iterator each(root, fs::directory_options::skip_permission_denied, ignored), end;
       each != end && !there; each.increment(ignored))
    there = each->path().filename() == "pythoncapi_compat.h";
  if (!there)
    return Error{name +
                 ": pythoncapi_compat.h is nowhere in the project; put it (one file, of the project pythoncapi-compat) "
                 "where the sources find it"};
  const std::size_t at = after_python_header(text);
  if (at == std::string::npos)
    return Error{name +
                 " does not include Python.h itself; include pythoncapi_compat.h in it after the header that does"};
  const bool returns = at > 0 && text[at - 1] == '\r';
  text.insert(at, std::string("\n#include \"pythoncapi_compat.h\"") + (returns ? "\r" : ""));
  return Done{};
}

// Findings whose edits are in the way of others' are left for the next time.
Result<Plan> planned(const Document& document, bool by_compat) {
  const fs::path root = document.root;
  Plan out;
  std::map<std::string, std::string> texts;
  std::map<std::string, std::vector<Fix>> edits;
  std::set<std::string> compat;
  for (const Finding& finding : document.findings) {
    if (finding.fixes.empty()) continue;
    std::map<std::string, std::vector<Fix>> with = edits;
    bool fits = true;
    for (const Fix& fix : finding.fixes) with[fix.range.file].push_back(fix);
    for (const Fix& fix : finding.fixes) {
      std::string& text = texts[fix.range.file];
      if (text.empty()) {
        Result<std::string> read = read_file(root / fix.range.file);
        if (!read.ok()) return read.error();
        if (sha256(*read) != fix.of) return Error{fix.range.file + " changed since it was audited; nothing was edited"};
        text = std::move(*read);
      }
      fits &= edited(text, with[fix.range.file]).ok();
    }
    if (!fits) {
      log::warning(finding.location.file + ":" + std::to_string(finding.location.line) + ": the edit for " +
                   finding.rule + " is in the way of another; run again for it");
      continue;
    }
    for (const Fix& fix : finding.fixes)
      if (fix.needs_compat && by_compat) compat.insert(fix.range.file);
    edits = std::move(with);
    out.mended.insert(finding.fingerprint);
  }
  for (auto& [name, all] : edits) {
    Result<std::string> after = edited(texts[name], all);
    if (!after.ok()) return after.error();
    if (compat.contains(name))
      if (Status included = include_compat(root, name, *after); !included.ok()) return included.error();
    out.files[name] = {std::move(texts[name]), std::move(*after)};
  }
  return out;
}

// What of shared state each function was told to take part in, and is not to be mended.
class Told {
 public:
  Told(const Document& before, const std::set<std::string>& mended) {
    for (const Finding& finding : before.findings)
      for (const Side& side : finding.sides)
        if (!mended.contains(finding.fingerprint))
          states_[about(finding, side)].insert(side.states.begin(), side.states.end());
  }
  // Locks that an edit brings part what was one finding into several: no side of it is new.
  bool covers(const Finding& finding) const {
    return !finding.sides.empty() && std::ranges::all_of(finding.sides, [&](const Side& side) {
      const auto known = states_.find(about(finding, side));
      return known != states_.end() &&
             std::ranges::all_of(side.states, [&](const std::string& state) { return known->second.contains(state); });
    });
  }

 private:
  using About = std::tuple<std::string, std::string, std::string>;
  static About about(const Finding& finding, const Side& side) {
    return {finding.rule, finding.owner, std::string(before_locks(side.function))};
  }
  std::map<About, std::set<std::string>> states_;
};

// What is wrong with the project after the edits; "" if they held. Lines have moved and findings that read alike have
// changed their numbers, so findings are counted by what they say.
std::string failure(const Document& before, const Document& after, const std::set<std::string>& mended) {
  using Said = std::tuple<std::string, std::string, std::string, std::string>;
  // A body that an edit puts under a lock has another name then, and is the same function.
  const auto function = [](const Finding& finding) { return std::string(before_locks(finding.function)); };
  const auto said = [&](const Finding& finding) {
    return Said(finding.rule, function(finding), finding.place, finding.what);
  };
  const auto about = [&](const Finding& finding) { return Said(finding.rule, function(finding), finding.place, ""); };
  const Told told(before, mended);
  std::map<Said, std::size_t> left, known;
  Severity least = Severity::high;
  for (const Finding& finding : before.findings) {
    ++known[about(finding)];
    if (!mended.contains(finding.fingerprint)) ++left[said(finding)];
    else left[said(finding)], least = std::min(least, finding.severity);
  }
  for (const Finding& finding : after.findings) {
    const std::string where = finding.location.file + ":" + std::to_string(finding.location.line) + ": " + finding.rule;
    if (const auto at = left.find(said(finding)); at != left.end() && at->second-- == 0)
      return where + " is still found";
    // What lesser findings an edit brings to light were there before, behind the one it mends; the report tells them.
    if (std::size_t& others = known[about(finding)]; others > 0) --others;
    else if (finding.severity >= least && !told.covers(finding)) return where + " is new";
  }
  std::map<std::string_view, std::uint32_t> errors;
  for (const AnalysedFile& file : before.analysed) errors[file.file] = file.errors;
  for (const AnalysedFile& file : after.analysed)
    if (const auto known_errors = errors.find(file.file);
        known_errors != errors.end() && file.errors > known_errors->second)
      return file.file + " has errors: " + file.reason;
  if (after.analysed.size() < before.analysed.size() || after.skipped.size() > before.skipped.size())
    return "some files could not be audited again";
  return "";
}

}  // namespace

Status show_edits(std::ostream& out, const Document& document, bool by_compat) {
  const Result<Plan> plan = planned(document, by_compat);
  if (!plan.ok()) return plan.error();
  for (const auto& [name, file] : plan->files) out << unified_diff(file.before, file.after, name);
  return Done{};
}

Result<Mended> mend(const Document& document, bool by_compat, const std::function<Result<Document>()>& again) {
  const Result<Plan> plan = planned(document, by_compat);
  if (!plan.ok()) return plan.error();
  if (plan->files.empty()) return Mended{};
  const fs::path root = document.root;
  std::vector<std::string> written;
  const auto put_back = [&](const std::string& why) {
    std::string lost;
    for (const std::string& name : written)
      if (Status restored = write_file(root / name, plan->files.at(name).before); !restored.ok())
        lost += "; " + restored.message();
    return Error{"the edits did not hold (" + why + "); every file is as it was" + lost};
  };
  for (const auto& [name, file] : plan->files) {
    written.push_back(name);
    if (Status done = write_file(root / name, file.after); !done.ok()) return put_back(done.message());
  }
  const Result<Document> after = again();
  if (!after.ok()) return put_back(after.message());
  if (const std::string wrong = failure(document, *after, plan->mended); !wrong.empty()) return put_back(wrong);
  return Mended{plan->mended.size(), plan->files.size()};
}

}  // namespace ftaudit::audit
