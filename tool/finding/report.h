// Report: what a rule's check writes to. It fills in everything a finding takes from its rule, and counts the places
// the rule looked at, so that "0 findings" can say of how many. One Report a rule and run; the caller takes the
// findings out of it. Not a document and not a format.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "finding/document.h"
#include "finding/finding.h"

namespace ftaudit {

class Report {
 public:
  // `rule` must outlive the report.
  explicit Report(const RuleInfo& rule) : rule_(rule) {}

  // One place, or n, looked at: a call of PyDict_Next, whether or not anything is wrong with it.
  void site() { ++sites_; }
  void sites(std::uint64_t n) { sites_ += n; }

  // A new finding with the rule's id, name, category, severity, confidence and why. The caller sets the rest on the
  // returned reference, which stays valid as long as the report: report.add(where, "…").severity = Severity::low.
  Finding& add(Location where, std::string what);

  const RuleInfo& rule() const { return rule_; }
  const std::deque<Finding>& findings() const { return findings_; }

  // Moves the findings to the end of the document and adds the rule's tally to it.
  void hand_over(Document& document) &&;

 private:
  const RuleInfo& rule_;
  std::uint64_t sites_ = 0;
  std::deque<Finding> findings_;  // a deque, because references to its elements survive growth
};

}  // namespace ftaudit
