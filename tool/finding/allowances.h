// Allowances: comments in the source that say a finding is known and meant to stay. They are read from a comment's text
// here and applied to a document; where comments are, and what they stand at, the facts say. Baselines are another
// matter: they live outside the source.
//
// Read are, each in a // or /* */ comment:
//   ftaudit: allow FT203, FT104 -- the table is filled before threads start [until=2027-01-31]
//   ftaudit: allow-file FT203 -- one thread only
//   NOLINT(ftaudit-*)  NOLINT(ftaudit-dict-next-unlocked, other-check)  NOLINTNEXTLINE(ftaudit-FT104)
//   noqa: borrowed-ref OK  and  noqa: borrowed-ref - manual fix needed  (NumPy's linter)
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "finding/document.h"

namespace ftaudit {

struct Allowance {
  // function: from `first` to `last`; the others: at `first`. A comment that stands alone is for what follows it.
  enum class Scope : std::uint8_t { line, next, file };
  enum class Spelling : std::uint8_t { ours, nolint, noqa };

  Location location;  // of the comment
  Scope scope = Scope::line;
  Spelling spelling = Spelling::ours;
  std::uint32_t first = 0, last = 0;   // the lines it is about; unused for a whole file
  std::vector<std::string> selectors;  // as closeness() takes them; empty: the comment named no rule
  std::string reason;
  std::string until;    // "YYYY-MM-DD", the last day it holds; "" for always
  bool admits = false;  // the author says the place does want mending: it is not hidden, the remark is shown with it
};

// What one comment allows; location and lines are left to the caller. `alone`: the comment stands on a line of its own,
// where an `ftaudit: allow` is meant for what follows. Bare NOLINT is not about ftaudit and allows nothing.
std::vector<Allowance> allowances_in(std::string_view comment, bool alone);

// The allowances of one run, and which of them were needed.
class Allowances {
 public:
  // `today` is "YYYY-MM-DD". One that ran out, or names a rule that is none, allows nothing.
  Allowances(std::vector<Allowance> all, std::span<const RuleInfo> rules, std::string_view today);

  // Takes the allowed findings out of the document and counts them in `hidden.allowed`. Of a finding with sides an
  // allowance takes out the side that it stands at, or all where the state or its owner is declared.
  void apply(Document& document);

  // What is wrong with the allowances so far applied, in the order they were given. One that nothing needed is told
  // only where everything it names was looked for: `ran` says that of a rule, `whole` of a file.
  std::vector<AllowanceTrouble> troubles(const std::function<bool(std::string_view rule)>& ran,
                                         const std::function<bool(const std::string& file)>& whole) const;
  std::size_t size() const { return all_.size(); }

 private:
  struct Entry {
    Allowance allowance;
    std::vector<AllowanceTrouble> troubles;
    bool holds = true;
    bool needed = false;
  };
  bool leave_unallowed(Finding& finding, const std::multimap<std::string_view, Entry*>& by_file);
  std::vector<Entry> all_;
  std::vector<RuleInfo> rules_;
};

}  // namespace ftaudit
