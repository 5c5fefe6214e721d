#include "reports/junit.h"

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/text.h"
#include "finding/verdict.h"
#include "reports/characters.h"
#include "reports/columns.h"
#include "reports/concise.h"
#include "reports/markup.h"
#include "reports/sides.h"
#include "reports/witness.h"

namespace ftaudit::reports {

namespace {

struct Suite {
  std::string name;
  std::map<std::pair<std::string, std::string>, std::vector<const Finding*>> failed;  // by rule and file
  std::vector<std::pair<std::string, std::string>> skipped;                           // file, reason
};

// A finding, and a file that was not read, belong to the first module that lists the file, else to the project's own
// suite.
std::vector<Suite> suites_of(const Document& document) {
  std::vector<Suite> out;
  std::map<std::string_view, std::size_t> owner;
  for (const ModuleReport& module : document.modules) {
    for (const std::string& file : module.files) owner.emplace(file, out.size());
    out.push_back({.name = module.name});
  }
  const std::size_t own = out.size();
  out.push_back({.name = document.modules.size() == 1 ? document.modules[0].name : "project"});
  // What no module claims concerns the only one there is.
  const auto suite = [&](const std::string& file) -> Suite& {
    const auto at = owner.find(file);
    return out[at != owner.end() ? at->second : own == 1 ? 0 : own];
  };
  for (const Finding& finding : document.findings)
    suite(finding.location.file).failed[{finding.rule, finding.location.file}].push_back(&finding);
  for (const AnalysedFile& file : document.analysed)
    if (file.partial) suite(file.file).skipped.emplace_back(file.file, "read in part: " + file.reason);
  for (const SkippedFile& file : document.skipped) suite(file.file).skipped.emplace_back(file.file, file.reason);
  if (own > 0 && out[own].failed.empty() && out[own].skipped.empty()) out.pop_back();
  return out;
}

std::string told(const Finding& finding) {
  std::string out = place(finding.location) + ": " + std::string(name_of(finding.severity)) + " [" +
                    std::string(name_of(finding.confidence)) + "]";
  if (!finding.function.empty()) out += " in " + finding.function;
  out += "\n  what     " + finding.what;
  if (!finding.why.empty()) out += "\n  why      " + finding.why;
  if (!finding.instead.empty()) out += "\n  instead  " + finding.instead;
  for (const Step& step : finding.trace) out += "\n  trace    " + place(step.location) + ": " + step.what;
  if (finding.sides.size() > 1) out += "\n  sides    " + sides_title(finding);
  for (const Side* side : sides_beyond_trace(finding))
    out += "\n  side     " + place(side->location) + ": " + in_words(*side);
  if (!finding.entry_points.empty()) out += "\n  reached  from Python through " + join(finding.entry_points, ", ");
  if (finding.witness) {
    out += "\n  run      " + said_by(*finding.witness);
    for (const std::string& line : split(finding.witness->report, '\n'))
      if (!line.empty()) out += "\n    " + line;
  }
  return out + "\n";
}

class JUnit {
 public:
  JUnit(std::ostream& out, const Document& document) : out_(out), document_(document) {}

  void write() {
    const std::vector<Suite> suites = suites_of(document_);
    std::vector<std::string> written;
    for (const Suite& suite : suites) written.push_back(suite_text(suite));
    out_ << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ftaudit\" tests=\"" << tests_
         << "\" failures=\"" << failures_ << "\" errors=\"" << errors_ << "\">\n";
    for (const std::string& text : written) out_ << text;
    out_ << "</testsuites>\n";
  }

 private:
  std::string suite_text(const Suite& suite) {
    std::ostringstream cases;
    const std::string in = " classname=\"ftaudit." + markup(suite.name) + "\"";
    std::set<std::string_view> guilty;
    for (const auto& [key, findings] : suite.failed) {
      const auto& [rule, file] = key;
      guilty.insert(rule);
      cases << "    <testcase name=\"" << markup(printable(rule + " " + findings[0]->name + " " + file)) << "\"" << in
            << ">\n";
      for (const Finding* finding : findings)
        cases << "      <failure type=\"" << markup(finding->rule) << "\" message=\"" << markup(finding->what) << "\">"
              << markup(told(*finding)) << "</failure>\n";
      cases << "    </testcase>\n";
    }
    std::size_t passed = 0;
    for (const RuleTally& tally : document_.rules) {
      if (guilty.contains(tally.rule)) continue;
      ++passed;
      cases << "    <testcase name=\"" << markup(tally.rule) << "\"" << in << "/>\n";
    }
    for (const auto& [file, reason] : suite.skipped)
      cases << "    <testcase name=\"" << markup(printable(file)) << "\"" << in << ">\n      <skipped message=\""
            << markup(reason) << "\"/>\n    </testcase>\n";
    // Never green because nothing was read.
    const std::size_t unread = document_.analysed.empty() ? 1 : 0;
    if (unread > 0)
      cases << "    <testcase name=\"audit\"" << in
            << ">\n      <error message=\"nothing was audited\"/>\n    </testcase>\n";
    const std::size_t tests = suite.failed.size() + passed + suite.skipped.size() + unread;
    tests_ += tests, failures_ += suite.failed.size(), errors_ += unread;
    std::ostringstream out;
    out << "  <testsuite name=\"" << markup(suite.name) << "\" tests=\"" << tests << "\" failures=\""
        << suite.failed.size() << "\" errors=\"" << unread << "\" skipped=\"" << suite.skipped.size() << "\">\n"
        << cases.str();
    std::string verdict;
    for (const ModuleReport& module : document_.modules)
      if (module.name == suite.name) verdict = module.name + " " + module.verdict + "\n";
    if (document_.against)
      for (const Finding& finding : document_.against->fixed)
        verdict +=
            "fixed: " + finding.rule + " " + finding.name + " " + place(finding.location) + ": " + finding.what + "\n";
    out << "    <system-out>" << markup(verdict + closing_line(document_)) << "</system-out>\n  </testsuite>\n";
    return out.str();
  }

  std::ostream& out_;
  const Document& document_;
  std::size_t tests_ = 0, failures_ = 0, errors_ = 0;
};

}  // namespace

void write_junit(std::ostream& out, const Document& document) { JUnit(out, document).write(); }

}  // namespace ftaudit::reports
