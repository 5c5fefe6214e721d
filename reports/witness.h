// What a run said of a finding, as the formats for people tell it: one line of words. Used by terminal and by whatever
// else shows findings to people.
#pragma once

#include <string>

#include "finding/finding.h"

namespace ftaudit::reports {

// "once", "12 times".
std::string times(std::uint64_t count);

// "confirmed: a data race, seen 12 times by the tests; crashes the plain build" - without control characters taken out:
// callers print it.
std::string in_words(const Witness& witness);

// The same, and the command that shows it again.
std::string said_by(const Witness& witness);

}  // namespace ftaudit::reports
