// Baseline: a file of the project that lists findings which are known and not mended yet, so that only others are
// shown. A text of one line a finding, sorted, so that people can read it and git can merge it:
//   FT104 3f2a90c1d8e7b6a5f4c3 9c1e2f3a4b src/cache.c cache_dump: PyDict_Next walks counts without a lock on it
//   FT301 5be0d9c8a7f6e5d4c3b2 - sides=03ac91,f2e8b7 src/bag.c bag_push: self->items is changed while ...
// Rule, fingerprint and the digest of the lines around decide, of findings with sides the digests of those: whoever
// takes part and is not listed is shown. The rest is for the reader. A line of an earlier version, without sides,
// covers all sides of the finding that has its place. Lines that begin with '#' are passed over. Not an allowance:
// those stand in the source and give a reason.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "finding/document.h"

namespace ftaudit {

class Baseline {
 public:
  struct Entry {
    std::string rule, fingerprint, around;
    std::vector<std::string> sides;  // digests
    std::string line;                // as it stands in the file
  };

  // Errors say which line is none of a baseline.
  static Result<Baseline> parse(std::string_view text);
  // Of the findings the document shows.
  static Baseline of(const Document& document);

  std::string text() const;
  const std::vector<Entry>& entries() const { return entries_; }

  // Takes the listed findings out of the document and counts them in `hidden.baseline`, one an entry; of several equal
  // ones those with the same lines around them go first. A finding with sides that are not listed stays, and is told at
  // those. Returns the entries that nothing was found for.
  std::vector<Entry> apply(Document& document) const;

  // Takes these entries out.
  void prune(const std::vector<Entry>& gone);

 private:
  std::vector<bool> apply_to_sides(Document& document) const;
  std::vector<Entry> entries_;
};

}  // namespace ftaudit
