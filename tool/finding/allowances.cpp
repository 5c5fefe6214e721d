#include "finding/allowances.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.h"
#include "finding/selection.h"

namespace ftaudit {

namespace {

bool is_date(std::string_view text) {
  if (text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (i == 4 || i == 7 ? text[i] != '-' : text[i] < '0' || text[i] > '9') return false;
  return true;
}

// The text after `word`, where it stands as a word of its own.
std::optional<std::string_view> after_word(std::string_view text, std::string_view word) {
  const auto joins = [](char c) { return c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'); };
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !joins(text[at - 1])) && (end == text.size() || !joins(text[end]))) return text.substr(end);
  }
  return std::nullopt;
}

std::string_view without_comment_end(std::string_view text) {
  text = trim(text);
  if (text.ends_with("*/")) text = trim(text.substr(0, text.size() - 2));
  return text;
}

// Takes "[until=2027-01-31]" out of the text, before or after the reason, and returns what stands behind the '='.
std::string take_end(std::string& text) {
  constexpr std::string_view opening = "[until=";
  const std::size_t at = text.find(opening);
  const std::size_t close = text.find(']', at == text.npos ? 0 : at);
  if (at == text.npos || close == text.npos) return {};
  const std::string until = text.substr(at + opening.size(), close - at - opening.size());
  text.erase(at, close - at + 1);
  return until;
}

// "FT203, FT104 -- reason [until=2027-01-31]"
Allowance allow_clause(std::string_view clause, bool alone) {
  Allowance allowance;
  allowance.scope = alone ? Allowance::Scope::next_line : Allowance::Scope::line;
  std::string text(without_comment_end(clause.substr(0, clause.find('\n'))));
  allowance.until = take_end(text);
  const std::size_t dashes = text.find("--");
  if (dashes != text.npos) allowance.reason = trim(std::string_view(text).substr(dashes + 2));
  text.resize(std::min(dashes, text.size()));
  std::replace(text.begin(), text.end(), ' ', ',');
  for (const std::string& part : split(text, ','))
    if (const std::string_view selector = trim(part); !selector.empty()) allowance.selectors.emplace_back(selector);
  return allowance;
}

// "(ftaudit-*, other)" after NOLINT or NOLINTNEXTLINE; checks of other tools are passed over.
std::optional<Allowance> nolint(std::string_view text, Allowance::Scope scope) {
  if (!text.starts_with("(")) return std::nullopt;
  Allowance allowance;
  allowance.scope = scope;
  const std::size_t close = text.find(')');
  for (const std::string& part : split(text.substr(1, close == text.npos ? close : close - 1), ',')) {
    constexpr std::string_view ours = "ftaudit-";
    if (const std::string_view check = trim(part); check.starts_with(ours))
      allowance.selectors.emplace_back(check.substr(ours.size()));
  }
  if (allowance.selectors.empty()) return std::nullopt;
  if (close != text.npos) {
    std::string_view reason = without_comment_end(text.substr(close + 1));
    while (!reason.empty() && (reason.front() == ':' || reason.front() == '-' || reason.front() == ' '))
      reason.remove_prefix(1);
    allowance.reason = reason;
  }
  return allowance;
}

std::string place_of(const Allowance& allowance) { return allowance.file + ":" + std::to_string(allowance.line); }

// The line it is about must be one of the finding's own: a trailing comment on any line of a long call counts.
bool covers(const Allowance& allowance, const Location& location) {
  const std::uint32_t line = allowance.line + (allowance.scope == Allowance::Scope::next_line ? 1 : 0);
  return allowance.file == location.file && line >= location.line && line <= std::max(location.line, location.end_line);
}

bool names(const Allowance& allowance, const Finding& finding) {
  return std::any_of(allowance.selectors.begin(), allowance.selectors.end(), [&](const std::string& selector) {
    return closeness(selector, finding.rule, finding.name, finding.category) > 0;
  });
}

// What is wrong with the allowance itself, or "".
std::string trouble(const Allowance& allowance, std::span<const RuleInfo> rules, std::string_view today) {
  if (allowance.selectors.empty()) return "this comment allows nothing: it names no rule";
  for (const std::string& selector : allowance.selectors)
    if (std::none_of(rules.begin(), rules.end(), [&](const RuleInfo& rule) {
          return closeness(selector, rule.id, rule.name, rule.category) > 0;
        }))
      return "this comment allows '" + selector + "', which is no rule";
  if (!allowance.until.empty() && !is_date(allowance.until))
    return "this comment allows something until '" + allowance.until + "', which is no date like 2027-01-31";
  if (!allowance.until.empty() && allowance.until < today)
    return "what this comment allows ended on " + allowance.until;
  return {};
}

}  // namespace

std::vector<Allowance> allowances_in(std::string_view comment, bool alone) {
  std::vector<Allowance> found;
  if (const auto text = after_word(comment, "ftaudit:"))
    if (const auto clause = after_word(*text, "allow"); clause && trim(text->substr(0, text->find("allow"))).empty())
      found.push_back(allow_clause(*clause, alone));
  if (const auto text = after_word(comment, "NOLINT"))
    if (auto allowance = nolint(*text, Allowance::Scope::line)) found.push_back(std::move(*allowance));
  if (const auto text = after_word(comment, "NOLINTNEXTLINE"))
    if (auto allowance = nolint(*text, Allowance::Scope::next_line)) found.push_back(std::move(*allowance));
  if (const auto text = after_word(comment, "noqa:"))
    if (std::string_view rest = trim(*text); rest.starts_with("borrowed-ref")) {
      rest = without_comment_end(rest.substr(std::string_view("borrowed-ref").size()));
      // That linter's one mark stands for borrowed items, PyDict_Next and PySequence_Fast alike.
      Allowance allowance{.selectors = {"borrowed-ref", "dict-next", "sequence-fast-unlocked"}, .reason = std::string(rest)};
      allowance.admits = rest.find("fix needed") != rest.npos;
      found.push_back(std::move(allowance));
    }
  return found;
}

std::vector<Allowance> apply(std::span<const Allowance> allowances, Document& document,
                             std::span<const RuleInfo> rules, std::string_view today) {
  std::vector<bool> needed(allowances.size(), false);
  std::multimap<std::string_view, std::size_t> by_file;
  for (std::size_t i = 0; i < allowances.size(); ++i) {
    const Allowance& allowance = allowances[i];
    if (const std::string said = trouble(allowance, rules, today); !said.empty()) {
      document.notes.push_back(place_of(allowance) + ": " + said);
      needed[i] = true;  // one complaint about a comment is enough
    } else {
      by_file.emplace(allowance.file, i);
    }
  }
  std::erase_if(document.findings, [&](Finding& finding) {
    bool hidden = false;
    const auto [first, last] = by_file.equal_range(finding.location.file);
    for (auto at = first; at != last; ++at) {
      const Allowance& allowance = allowances[at->second];
      if (!covers(allowance, finding.location) || !names(allowance, finding)) continue;
      needed[at->second] = true;
      if (!allowance.admits) hidden = true;
      else finding.trace.push_back({{.file = allowance.file, .line = allowance.line},
                                    "a comment in the source says so too: " + allowance.reason});
    }
    if (hidden) ++document.hidden.allowed;
    return hidden;
  });
  std::vector<Allowance> idle;
  for (std::size_t i = 0; i < allowances.size(); ++i)
    if (!needed[i]) idle.push_back(allowances[i]);
  return idle;
}

}  // namespace ftaudit
