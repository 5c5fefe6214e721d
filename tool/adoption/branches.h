// The table of advice: one row a branch, each with the facts it wants on which side of which bound. A fact counts only
// with its whole interval: what straddles a bound fits neither side. The first row that fits wins; the last fits always
// and says that it cannot be told. Data alone: what a row says, what it rests on and what it does not say stands here,
// and nowhere else. Used by weighing.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adoption/application_facts.h"
#include "finding/adoption.h"

namespace ftaudit::adoption {

struct Condition {
  enum class Is : std::uint8_t { below, above };
  Fact fact;
  Is is;
  double bound;
};

struct Branch {
  std::string_view name;  // "batch"
  std::vector<Condition> when;
  Recommendation recommendation;
  std::string_view say, because, never;
};

std::span<const Branch> branches();

// Never null: the last row wants nothing.
const Branch& choose(const Facts& facts);

// "processor time by ...: 0.93 (0.91 to 0.95), above 0.7".
std::vector<std::string> rests_on(const Branch& branch, const Facts& facts);

// For the branches above the last that could still fit: what is not known, with the command, and what straddles a
// bound.
std::vector<std::string> missing(const Facts& facts);

}  // namespace ftaudit::adoption
