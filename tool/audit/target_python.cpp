#include "audit/target_python.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "finding/verdict.h"

namespace ftaudit::audit {
namespace {

constexpr std::size_t most_differences = 40;

bool fits(const project::PythonSupport& support, int minor) {
  if (!support.admits(minor)) return false;
  const std::vector<int>& named = support.classified;
  // Classifiers that end before there were free-threaded Pythons say nothing of them.
  const bool knows = !named.empty() && named.back() >= 13;
  if (minor > python::settled_minor) return std::find(named.begin(), named.end(), minor) != named.end();
  return !knows || minor <= named.back();
}

std::string place_of(const Finding& finding) {
  return finding.rule + " at " + finding.location.file + ":" + std::to_string(finding.location.line) + ":" +
         std::to_string(finding.location.column);
}

}  // namespace

TargetPython target_python(const project::PythonSupport& support, const std::vector<python::Interpreter>& all) {
  const python::Interpreter* best = nullptr;
  for (const python::Interpreter& one : all)
    if (one.free_threaded && !one.tsan && fits(support, one.minor) && (best == nullptr || one.minor > best->minor))
      best = &one;
  const std::string says =
      support.said_by +
      (support.requires_python.empty() ? std::string() : " (requires-python " + support.requires_python + ")");
  if (best == nullptr) {
    if (all.empty() || !all.front().free_threaded || support.said_by.empty()) return {};
    return {"", says + " admits no free-threaded Python that is here; read for " + all.front().name};
  }
  if (best->name == all.front().name) return {};
  return {best->name, "read for " + best->name + ", the newest free-threaded Python that " + says +
                          " names; --python chooses another"};
}

std::vector<std::string> requested_pythons(const std::string& request) {
  std::vector<std::string> out;
  for (const std::string& one : split(request, ','))
    if (!trim(one).empty()) out.emplace_back(trim(one));
  if (out.empty()) out.emplace_back();
  return out;
}

Document across_pythons(std::vector<Document> documents) {
  std::map<std::string, std::set<std::string>> pythons_of;  // by fingerprint
  std::vector<std::string> names;
  for (const Document& document : documents) {
    names.push_back(document.python);
    for (const Finding& finding : document.findings) pythons_of[finding.fingerprint].insert(document.python);
  }
  Document out = std::move(documents.front());
  std::set<std::string> known;
  for (const Finding& finding : out.findings) known.insert(finding.fingerprint);
  for (std::size_t i = 1; i < documents.size(); ++i) {
    Document& other = documents[i];
    for (Finding& finding : other.findings)
      if (known.insert(finding.fingerprint).second) out.findings.push_back(std::move(finding));
    for (const AnalysedFile& file : other.analysed)
      if (file.partial && std::none_of(out.analysed.begin(), out.analysed.end(),
                                       [&](const AnalysedFile& one) { return one.file == file.file && one.partial; }))
        out.notes.push_back("for " + other.python + " " + file.file + " is audited in part: " + file.reason);
    for (const SkippedFile& file : other.skipped)
      if (std::none_of(out.skipped.begin(), out.skipped.end(),
                       [&](const SkippedFile& one) { return one.file == file.file; }))
        out.skipped.push_back(file);
  }
  std::sort(out.findings.begin(), out.findings.end(), before);
  out.python = join(names, ", ");
  std::size_t differ = 0;
  for (const Finding& finding : out.findings) {
    const std::set<std::string>& those = pythons_of[finding.fingerprint];
    if (those.size() == names.size() || ++differ > most_differences) continue;
    out.notes.push_back("only for " + join(std::vector<std::string>(those.begin(), those.end()), ", ") + ": " +
                        place_of(finding));
  }
  if (differ > most_differences)
    out.notes.push_back(std::to_string(differ - most_differences) + " more are not there for all of " + out.python);
  if (differ == 0) out.notes.push_back("the findings are the same for " + join(names, " and "));
  fit_plan(out);
  judge(out);
  return out;
}

}  // namespace ftaudit::audit
