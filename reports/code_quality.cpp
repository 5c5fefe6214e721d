#include "reports/code_quality.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/sha256.h"
#include "reports/columns.h"
#include "reports/concise.h"
#include "reports/repository.h"
#include "reports/witness.h"

namespace ftaudit::reports {

namespace {

using Json = nlohmann::ordered_json;

// What a run has proven stands above what was read.
std::string_view grade(const Finding& finding) {
  if (finding.severity == Severity::high && finding.witness && finding.witness->verdict == Witness::Verdict::confirmed)
    return "blocker";
  switch (finding.severity) {
    case Severity::high: return "critical";
    case Severity::medium: return "major";
    case Severity::low: return "minor";
    case Severity::info: break;
  }
  return "info";
}

class CodeQuality {
 public:
  explicit CodeQuality(const Surroundings& around) : around_(around) {}

  void add(const std::string& description, const std::string& check, std::string fingerprint, std::string_view severity,
           const std::string& file, std::uint32_t line) {
    // Of entries with one fingerprint GitLab shows the first alone.
    const std::string first = fingerprint;
    for (int n = 2; !known_.insert(fingerprint).second; ++n) fingerprint = first + "-" + std::to_string(n);
    entries_.push_back(
        {{"description", printable(description)},
         {"check_name", check},
         {"fingerprint", std::move(fingerprint)},
         {"severity", severity},
         {"location", {{"path", repository_path(file, around_)}, {"lines", {{"begin", std::max(line, 1u)}}}}}});
  }

  void write(std::ostream& out) const { out << entries_.dump(2, ' ', false, Json::error_handler_t::replace) << '\n'; }

 private:
  const Surroundings& around_;
  std::set<std::string> known_;
  Json entries_ = Json::array();
};

}  // namespace

void write_code_quality(std::ostream& out, const Document& document, const Surroundings& around) {
  CodeQuality report(around);
  for (const Finding& finding : document.findings) {
    std::string text = finding.what;
    if (!finding.instead.empty()) text += ". Instead: " + finding.instead;
    if (finding.witness) text += ". Run: " + said_by(*finding.witness);
    report.add(text, finding.rule + " " + finding.name, finding.fingerprint, grade(finding), finding.location.file,
               finding.location.line);
  }
  const auto unread = [&](const std::string& file, const std::string& how, const std::string& reason) {
    report.add(how + ": " + reason, "ftaudit " + how, sha256(how + '\0' + file).substr(0, 20), "info", file, 1);
  };
  for (const AnalysedFile& file : document.analysed)
    if (file.partial) unread(file.file, "audited in part", file.reason);
  for (const SkippedFile& file : document.skipped) unread(file.file, "not audited", file.reason);
  report.write(out);
}

}  // namespace ftaudit::reports
