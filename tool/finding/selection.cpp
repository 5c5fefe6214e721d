#include "finding/selection.h"

#include <algorithm>

#include "base/text.h"

namespace ftaudit {

namespace {

enum : int { nothing = 0, everything = 1, by_category = 2, by_prefix = 3, by_glob = 100, by_name = 101 };

std::vector<std::string> selectors_of(const std::vector<std::string>& texts) {
  std::vector<std::string> out;
  for (const std::string& text : texts)
    for (const std::string& part : split(text, ','))
      if (const std::string_view selector = trim(part); !selector.empty()) out.emplace_back(selector);
  return out;
}

int closest_of(const std::vector<std::string>& selectors, const RuleInfo& rule) {
  int best = nothing;
  for (const std::string& selector : selectors)
    best = std::max(best, closeness(selector, rule.id, rule.name, rule.category));
  return best;
}

Error unknown(const std::string& selector, std::span<const RuleInfo> rules) {
  std::vector<std::string> candidates;
  for (const RuleInfo& rule : rules) {
    candidates.emplace_back(rule.id);
    candidates.emplace_back(rule.name);
    candidates.emplace_back(name_of(rule.category));
  }
  const std::string meant = closest(selector, candidates);
  return {"no rule, name, prefix or category '" + selector + "'; " +
          (meant.empty() ? "`ftaudit rules` lists them all" : "did you mean " + meant + "?")};
}

}  // namespace

int closeness(std::string_view selector, std::string_view id, std::string_view name, Category category) {
  const std::string wanted = to_lower(selector), rule = to_lower(id);
  if (wanted == "all" || wanted == "*") return everything;
  if (wanted == rule || wanted == name) return by_name;
  if (wanted == name_of(category)) return by_category;
  // "FT" alone is a prefix, "F" is more likely a slip.
  if (wanted.size() >= 2 && rule.starts_with(wanted)) return by_prefix + static_cast<int>(wanted.size());
  if (wanted.find('*') != std::string::npos && glob_match(wanted, name)) return by_glob;
  return nothing;
}

Result<Selection> Selection::make(std::span<const RuleInfo> rules, const std::vector<std::string>& select,
                                  const std::vector<std::string>& ignore) {
  const std::vector<std::string> wanted = selectors_of(select), unwanted = selectors_of(ignore);
  for (const auto* selectors : {&wanted, &unwanted})
    for (const std::string& selector : *selectors)
      if (std::none_of(rules.begin(), rules.end(), [&](const RuleInfo& rule) {
            return closeness(selector, rule.id, rule.name, rule.category) > nothing;
          }))
        return unknown(selector, rules);

  Selection selection;
  for (const RuleInfo& rule : rules) {
    const int selected = wanted.empty() ? everything : closest_of(wanted, rule);
    const int ignored = closest_of(unwanted, rule);
    selection.wishes_[std::string(rule.id)] = selected == nothing   ? Wish::not_selected
                                              : ignored >= selected ? Wish::ignored
                                                                    : Wish::shown;
  }
  return selection;
}

Selection::Wish Selection::wish(std::string_view rule_id) const {
  const auto at = wishes_.find(rule_id);
  return at == wishes_.end() ? Wish::shown : at->second;
}

bool Selection::runs(std::string_view rule_id) const { return wish(rule_id) != Wish::not_selected; }
bool Selection::shows(std::string_view rule_id) const { return wish(rule_id) == Wish::shown; }

Status Selection::set_severity(std::span<const RuleInfo> rules, const std::string& selector, Severity severity) {
  bool named = false;
  for (const RuleInfo& rule : rules) {
    const int close = closeness(selector, rule.id, rule.name, rule.category);
    named |= close > nothing;
    Set& set = severities_[std::string(rule.id)];
    if (close > set.closeness) set = {close, severity};
  }
  return named ? Status(Done{}) : Status(unknown(selector, rules));
}

void Selection::apply(Document& document) const {
  for (Finding& finding : document.findings)
    if (const auto at = severities_.find(finding.rule); at != severities_.end() && at->second.closeness > nothing)
      finding.severity = at->second.severity;
  std::erase_if(document.findings, [&](const Finding& finding) {
    using Why = HeldBack::Why;
    // Counted under the first reason only, so that the counts add up.
    if (!shows(finding.rule)) return document.hold_back(finding, Why::ignored), true;
    if (finding.severity < min_severity) return document.hold_back(finding, Why::below_severity), true;
    if (finding.confidence < min_confidence) return document.hold_back(finding, Why::below_confidence), true;
    return false;
  });
}

std::string Selection::text() const {
  std::string out(name_of(min_severity));
  out += " ", out += name_of(min_confidence);
  for (const auto& [rule, wish] : wishes_) out += " " + rule + "=" + std::to_string(static_cast<int>(wish));
  for (const auto& [rule, set] : severities_)
    if (set.closeness > nothing) out += " " + rule + ":", out += name_of(set.severity);
  for (const auto& [name, contract] : types) out += " " + name + "~" + contract;
  return out;
}

}  // namespace ftaudit
