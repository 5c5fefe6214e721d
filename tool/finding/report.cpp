#include "finding/report.h"

#include <algorithm>
#include <iterator>

namespace ftaudit {

Finding& Report::add(Location where, std::string what) {
  Finding finding;
  finding.rule = rule_.id;
  finding.name = rule_.name;
  finding.category = rule_.category;
  finding.severity = rule_.severity;
  finding.confidence = rule_.confidence;
  finding.why = rule_.why;
  finding.location = std::move(where);
  finding.what = std::move(what);
  return findings_.emplace_back(std::move(finding));
}

void Report::hand_over(Document& document) && {
  document.rules.push_back({std::string(rule_.id), sites_, findings_.size()});
  // A rule may become less sure of a finding as it goes; no side is surer than the whole.
  for (Finding& finding : findings_)
    for (Side& side : finding.sides) side.confidence = std::min(side.confidence, finding.confidence);
  document.findings.insert(document.findings.end(), std::make_move_iterator(findings_.begin()),
                           std::make_move_iterator(findings_.end()));
  findings_.clear();
}

}  // namespace ftaudit
