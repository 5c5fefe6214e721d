// Selection: which findings a run is asked to show, by rule, severity and confidence. What it holds back is counted in
// the document, never lost. Knows rules only as the list of RuleInfo it is given.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "finding/document.h"
#include "finding/finding.h"

namespace ftaudit {

// How closely a selector names a rule, 0 for not at all. Selectors are, from wide to narrow: "all" (or "*"), a category
// ("borrowed-ref"), the start of an id ("FT1"), a glob over the name ("borrowed-*"), an id or a name. Case is ignored.
int closeness(std::string_view selector, std::string_view id, std::string_view name, Category category);

class Selection {
 public:
  // Everything, down to `info` and `possible`.
  Selection() = default;

  // Each text is one selector or several with commas between. The closer of a select and an ignore wins, and ignore
  // wins a tie: `--select FT104 --ignore FT1` runs FT104 alone of its hundred. Nothing selected means all.
  // A selector that names no rule of the list is an error, with the likeliest one meant.
  static Result<Selection> make(std::span<const RuleInfo> rules, const std::vector<std::string>& select,
                                const std::vector<std::string>& ignore);

  // Findings of rules that `selector` names get this severity, whatever the rule or the module's promise says. The
  // closest selector wins. One that names no rule of the list is an error.
  Status set_severity(std::span<const RuleInfo> rules, const std::string& selector, Severity severity);

  // What the project's types ask of their callers, by name: "bag.Bag" -> "external".
  std::map<std::string, std::string> types;

  Severity min_severity = Severity::info;
  Confidence min_confidence = Confidence::possible;

  // Whether the rule need be run at all. Rules that are only ignored still run: what they find is hidden and counted.
  bool runs(std::string_view rule_id) const;
  bool shows(std::string_view rule_id) const;

  // Sets severities, then takes out of the document what is not to be shown.
  void apply(Document& document) const;

  // All that decides what this selection does, as one text: two with the same text do the same.
  std::string text() const;

 private:
  enum class Wish { not_selected, ignored, shown };
  Wish wish(std::string_view rule_id) const;
  std::map<std::string, Wish, std::less<>> wishes_;  // by rule id; a rule not in it is shown
  struct Set {
    int closeness = 0;
    Severity severity = Severity::low;
  };
  std::map<std::string, Set, std::less<>> severities_;  // by rule id
};

}  // namespace ftaudit
