// Allowances: comments in the source that say a finding is known and meant to stay. They are read from a comment's text
// here and applied to a document; where comments are, and on which line, the facts say. Baselines are another matter:
// they live outside the source.
//
// Read are, each in a // or /* */ comment:
//   ftaudit: allow FT203, FT104 -- the table is filled before threads start [until=2027-01-31]
//   NOLINT(ftaudit-*)  NOLINT(ftaudit-dict-next-unlocked, other-check)  NOLINTNEXTLINE(ftaudit-FT104)
//   noqa: borrowed-ref OK  and  noqa: borrowed-ref - manual fix needed  (NumPy's linter)
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "finding/document.h"

namespace ftaudit {

struct Allowance {
  enum class Scope : std::uint8_t { line, next_line };

  std::string file;
  std::uint32_t line = 0;  // the comment's last line
  Scope scope = Scope::line;
  std::vector<std::string> selectors;  // as closeness() takes them; empty: the comment named no rule
  std::string reason;
  std::string until;      // "YYYY-MM-DD", the last day it holds; "" for always
  bool admits = false;    // the author says the place does want mending: it is not hidden, the remark is shown with it
};

// What one comment allows; file and line are left to the caller. `alone`: the comment stands on a line of its own, where
// an `ftaudit: allow` is meant for the line below. Bare NOLINT is not about ftaudit and allows nothing.
std::vector<Allowance> allowances_in(std::string_view comment, bool alone);

// Takes the allowed findings out of the document and counts them in `hidden.allowed`. An allowance that ran out, names
// no rule or names none that is known is said in the document's notes. `today` is "YYYY-MM-DD".
// Returns those that no finding needed; only meaningful when every rule was run.
std::vector<Allowance> apply(std::span<const Allowance> allowances, Document& document,
                             std::span<const RuleInfo> rules, std::string_view today);

}  // namespace ftaudit
