#include "audit/cython_findings.h"

#include <algorithm>
#include <map>
#include <set>

#include "cython/advice.h"
#include "cython/operations.h"
#include "finding/sides.h"

namespace ftaudit::audit {
namespace {

void tell(Finding& finding, const cython::Retold& retold) {
  const cython::Words& words = retold.words;
  for (std::string* text : {&finding.function, &finding.place, &finding.what, &finding.instead}) *text = words(*text);
  for (Step& step : finding.trace) step.what = words(step.what);
  const auto tell_names = [&](std::vector<std::string>& names) {
    for (std::string& name : names) name = words(name);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
  };
  tell_names(finding.entry_points);
  for (std::string* text : {&finding.owner, &finding.remedy}) *text = words(*text);
  for (Side& side : finding.sides) {
    side.function = words(side.function), side.held = words(side.held);
    tell_names(side.states), tell_names(side.entry_points);
    for (Side::Point& point : side.points) point.state = words(point.state);
  }
}

// "self.items" and "pkg.m.Stack.items" are about the same.
std::string attribute(const Finding& finding) { return finding.place.substr(finding.place.rfind('.') + 1); }

// "self.lock" of "its mutex lock", "_guard" of "pkg.m._guard": what a `with` takes it by in the source; "" for the
// section of the object itself, which a decorator takes, and where it has no name.
std::string in_source(const std::string& lock) {
  constexpr std::string_view of_object = "its mutex ", of_field = "the critical section of its ";
  if (lock.starts_with(of_field)) return "cython.critical_section(self." + lock.substr(of_field.size()) + ")";
  if (lock.empty() || lock.find(" section") != std::string::npos || lock.find("lock of") != std::string::npos ||
      lock.ends_with("'s lock") || lock.starts_with("a ") || lock.starts_with("its flag"))
    return "";
  return lock.starts_with(of_object) ? "self." + lock.substr(of_object.size()) : lock.substr(lock.rfind('.') + 1);
}

// The one that is missing: the finding knows which, or the others hold it.
std::string lock_of_others(const Finding& finding, const cython::Words& words) {
  if (!finding.locks.empty()) return in_source(words(finding.locks[0]));
  for (const Side& side : finding.sides)
    if (std::string lock = in_source(side.held); !lock.empty()) return lock;
  return "";
}

// What says more comes first: who changes something before who only reads it, and the plain race last of those.
int rank(const Finding& finding) {
  if (finding.rule.starts_with("FT3")) return finding.rule == "FT301" ? 1 : 0;
  return finding.rule.starts_with("FT2") ? 2 : 3;
}

}  // namespace

void tell_in_cython(std::vector<Finding>& findings, const cython::Retold& retold, const Written& written) {
  if (retold.empty()) return;
  std::vector<Finding> out;
  std::map<std::pair<std::string, std::uint32_t>, std::vector<std::size_t>> by_line;
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tuple(rank(a), a.rule) < std::tuple(rank(b), b.rule);
  });
  for (Finding& finding : findings) {
    const auto source = retold.sources.find(finding.location.file);
    const bool met = std::any_of(finding.trace.begin(), finding.trace.end(),
                                 [&](const Step& step) { return retold.sources.contains(step.location.file); });
    if (source != retold.sources.end() || met) tell(finding, retold);
    if (source == retold.sources.end()) {
      out.push_back(std::move(finding));
      continue;
    }
    finding.fixes.clear();
    finding.what = cython::in_operations(finding.what, written(finding.location));
    for (Step& step : finding.trace)
      if (retold.sources.contains(step.location.file))
        step.what = cython::in_operations(step.what, written(step.location));
    // Of locks only who keeps one on a way out is told how Cython writes it; taken twice is the same in every language.
    const bool spoken = finding.rule == "FT407" && finding.what.find(" still held") == std::string::npos;
    if (std::string text = cython::advice(finding.rule, retold.modules[source->second].version);
        !text.empty() && !spoken)
      finding.instead = std::move(text);
    if (finding.rule == "FT303" || finding.rule == "FT805")
      if (const std::string lock = lock_of_others(finding, retold.words); !lock.empty())
        finding.instead = "hold `with " + lock + ":` here too, as the others do";
    std::vector<std::size_t>& told = by_line[{finding.location.file, finding.location.line}];
    const auto same = std::find_if(told.begin(), told.end(), [&](std::size_t at) {
      return out[at].rule == finding.rule || (!finding.place.empty() && attribute(out[at]) == attribute(finding));
    });
    if (same == told.end()) {
      told.push_back(out.size());
      out.push_back(std::move(finding));
      continue;
    }
    Finding& known = out[*same];
    std::set<std::string> entries(known.entry_points.begin(), known.entry_points.end());
    entries.insert(finding.entry_points.begin(), finding.entry_points.end());
    known.entry_points.assign(entries.begin(), entries.end());
    unite(known.sides, finding.sides);
    known.severity = std::max(known.severity, finding.severity);
    known.confidence = std::max(known.confidence, finding.confidence);
  }
  findings = std::move(out);
}

void tell_in_cython(analysis::TypeMatrix& type, const cython::Retold& retold) {
  if (retold.empty()) return;
  if (retold.words.is_type(type.record)) type.name = type.record;
  type.name = retold.words(type.name), type.record = retold.words(type.record);
  // Two slots of one method (mp_length, sq_length) are one way in.
  std::map<std::string, std::vector<std::size_t>> at;
  for (std::size_t i = 0; i < type.entries.size(); ++i) {
    const std::string name = retold.words(type.entries[i]);
    // The functions behind a fused method are called by its name alone.
    at[name.find('.') == std::string::npos ? type.name + "." + name : name].push_back(i);
  }
  constexpr std::string_view from_best = ".c?X";
  std::vector<std::string> entries, rows;
  for (const auto& [name, ours] : at) {
    entries.push_back(name);
    std::string& row = rows.emplace_back();
    for (const auto& [other, theirs] : at) {
      std::size_t worst = 0;
      for (const std::size_t i : ours)
        for (const std::size_t j : theirs) worst = std::max(worst, from_best.find(type.rows[i][j]));
      row += from_best[worst];
    }
  }
  type.entries = std::move(entries), type.rows = std::move(rows);
}

}  // namespace ftaudit::audit
