#include "finding/allowances.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.h"
#include "finding/selection.h"
#include "finding/sides.h"

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
Allowance allow_clause(std::string_view clause, Allowance::Scope scope) {
  Allowance allowance;
  allowance.scope = scope;
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
  allowance.spelling = Allowance::Spelling::nolint;
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

// The line it is about must be one of the finding's own: a trailing comment on any line of a long call counts.
bool covers(const Allowance& allowance, const Location& location) {
  if (allowance.location.file != location.file) return false;
  if (allowance.scope == Allowance::Scope::file) return true;
  return allowance.last >= location.line && allowance.first <= std::max(location.line, location.end_line);
}

bool names(const Allowance& allowance, const Finding& finding) {
  return std::any_of(allowance.selectors.begin(), allowance.selectors.end(), [&](const std::string& selector) {
    return closeness(selector, finding.rule, finding.name, finding.category) > 0;
  });
}

std::string listed(const std::vector<std::string>& selectors) { return join(selectors, ", "); }

}  // namespace

std::vector<Allowance> allowances_in(std::string_view comment, bool alone) {
  using Scope = Allowance::Scope;
  std::vector<Allowance> found;
  if (const auto text = after_word(comment, "ftaudit:"))
    if (const std::string_view clause = trim(*text); clause.starts_with("allow")) {
      const std::string_view rest = clause.substr(5);
      constexpr std::string_view whole_file = "-file";
      const bool file = rest.starts_with(whole_file);
      const std::string_view after = file ? rest.substr(whole_file.size()) : rest;
      if (after.empty() || std::string_view(" \t\r\n*").find(after.front()) != std::string_view::npos)
        found.push_back(allow_clause(after, file ? Scope::file : alone ? Scope::next : Scope::line));
    }
  if (const auto text = after_word(comment, "NOLINT"))
    if (auto allowance = nolint(*text, Scope::line)) found.push_back(std::move(*allowance));
  if (const auto text = after_word(comment, "NOLINTNEXTLINE"))
    if (auto allowance = nolint(*text, Scope::next)) found.push_back(std::move(*allowance));
  if (const auto text = after_word(comment, "noqa:"))
    if (std::string_view rest = trim(*text); rest.starts_with("borrowed-ref")) {
      rest = without_comment_end(rest.substr(std::string_view("borrowed-ref").size()));
      // That linter's one mark stands for borrowed items, PyDict_Next and PySequence_Fast alike.
      Allowance allowance{.spelling = Allowance::Spelling::noqa,
                          .selectors = {"borrowed-ref", "dict-next", "sequence-fast-unlocked"},
                          .reason = std::string(rest)};
      allowance.admits = rest.find("fix needed") != rest.npos;
      found.push_back(std::move(allowance));
    }
  return found;
}

Allowances::Allowances(std::vector<Allowance> all, std::span<const RuleInfo> rules, std::string_view today)
    : rules_(rules.begin(), rules.end()) {
  using Kind = AllowanceTrouble::Kind;
  for (Allowance& allowance : all) {
    Entry entry{.allowance = std::move(allowance)};
    const Allowance& own = entry.allowance;
    const auto wrong = [&](Kind kind, std::string what) {
      entry.troubles.push_back({kind, own.location, std::move(what)});
      if (kind != Kind::without_reason) entry.holds = false;
    };
    std::vector<std::string> known;
    for (const RuleInfo& rule : rules_) known.emplace_back(rule.name);
    if (own.selectors.empty()) wrong(Kind::names_no_rule, "this comment allows nothing: it names no rule");
    for (const std::string& selector : own.selectors)
      if (std::none_of(rules_.begin(), rules_.end(), [&](const RuleInfo& rule) {
            return closeness(selector, rule.id, rule.name, rule.category) > 0;
          })) {
        const std::string near = closest(selector, known);
        wrong(Kind::names_no_rule, "this comment allows '" + selector + "', which is no rule" +
                                       (near.empty() ? "" : "; " + near + " is one"));
        break;  // one complaint about a comment is enough
      }
    if (!own.until.empty() && !is_date(own.until))
      wrong(Kind::ended, "this comment allows " + listed(own.selectors) + " until '" + own.until +
                             "', which is no date like 2027-01-31");
    else if (!own.until.empty() && own.until < today)
      wrong(Kind::ended, "what this comment allows ended on " + own.until);
    // The other spellings belong to tools that ask for no reason.
    if (own.spelling == Allowance::Spelling::ours && own.reason.empty() && entry.holds)
      wrong(Kind::without_reason, "this comment allows " + listed(own.selectors) + " and does not say why");
    all_.push_back(std::move(entry));
  }
}

// Takes out the sides that comments allow; false when what is left is no finding. A comment where the state or its
// owner is declared is about them all.
bool Allowances::leave_unallowed(Finding& finding, const std::multimap<std::string_view, Entry*>& by_file) {
  const auto allowed_at = [&](const Location& location, bool whole_files) {
    bool found = false;
    const auto [first, last] = by_file.equal_range(location.file);
    for (auto at = first; at != last; ++at) {
      const Allowance& allowance = at->second->allowance;
      if (allowance.admits || (!whole_files && allowance.scope == Allowance::Scope::file) ||
          !covers(allowance, location) || !names(allowance, finding))
        continue;
      at->second->needed = found = true;
    }
    return found;
  };
  for (const Location& declared : finding.declared)
    if (allowed_at(declared, false)) return false;
  return take_out(finding, [&](const Side& side) {
    bool found = false;
    for (const Side::Point& point : side.points) found |= allowed_at(point.location, true);
    return found;
  });
}

void Allowances::apply(Document& document) {
  std::multimap<std::string_view, Entry*> by_file;
  for (Entry& entry : all_)
    if (entry.holds) by_file.emplace(entry.allowance.location.file, &entry);
  std::erase_if(document.findings, [&](Finding& finding) {
    bool hidden = false;
    if (!finding.sides.empty()) {
      // What a comment admits is said at the finding's own place, like any other.
      const Finding whole = finding;
      if (!leave_unallowed(finding, by_file)) {
        document.hold_back(whole, HeldBack::Why::allowed);
        return true;
      }
      if (finding.sides.size() < whole.sides.size()) {
        Finding allowed = whole;
        std::erase_if(allowed.sides, [&](const Side& side) {
          return std::any_of(finding.sides.begin(), finding.sides.end(), [&](const Side& left) {
            return left.function == side.function && left.location == side.location && left.held == side.held;
          });
        });
        document.hold_back_sides(std::move(allowed), HeldBack::Why::allowed);
      }
    }
    const auto [first, last] = by_file.equal_range(finding.location.file);
    for (auto at = first; at != last; ++at) {
      const Allowance& allowance = at->second->allowance;
      if (!covers(allowance, finding.location) || !names(allowance, finding)) continue;
      at->second->needed = true;
      if (!allowance.admits) hidden = finding.sides.empty();
      else
        finding.trace.push_back({{.file = allowance.location.file, .line = allowance.location.line},
                                 "a comment in the source says so too: " + allowance.reason});
    }
    if (hidden) document.hold_back(finding, HeldBack::Why::allowed);
    return hidden;
  });
}

std::vector<AllowanceTrouble> Allowances::troubles(const std::function<bool(std::string_view)>& ran,
                                                   const std::function<bool(const std::string&)>& whole) const {
  std::vector<AllowanceTrouble> out;
  for (const Entry& entry : all_) {
    const Allowance& own = entry.allowance;
    out.insert(out.end(), entry.troubles.begin(), entry.troubles.end());
    // A mark for NumPy's linter may be needed there.
    if (!entry.holds || entry.needed || own.spelling == Allowance::Spelling::noqa || !whole(own.location.file))
      continue;
    const bool all_ran = std::all_of(rules_.begin(), rules_.end(), [&](const RuleInfo& rule) {
      return ran(rule.id) || std::none_of(own.selectors.begin(), own.selectors.end(), [&](const std::string& selector) {
               return closeness(selector, rule.id, rule.name, rule.category) > 0;
             });
    });
    if (all_ran)
      out.push_back({AllowanceTrouble::Kind::unused, own.location,
                     "this comment allows " + listed(own.selectors) + ", and nothing of that is found " +
                         (own.scope == Allowance::Scope::file ? "in this file"
                          : own.first == own.last             ? "on its line"
                                                              : "in its function")});
  }
  return out;
}

}  // namespace ftaudit
