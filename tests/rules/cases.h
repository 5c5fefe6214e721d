// The cases of the rules: `hazard` and `safe` blocks of each page, and the files in cases/. A line says what is
// expected of it: // expect: FT104, // missed: FT104 (a known miss), // false-alarm: FT104 (a known false alarm);
// // expect: FT203 (low) says how bad it is, too;
// // side: FT301 (somebody here takes part in a finding, wherever that is placed), // no-side: FT301 (nobody here
// does).
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/files.h"

namespace ftaudit::tests {

struct Case {
  std::string rule;    // "FT104"
  std::string name;    // "dict_next_unlocked/rule.md:17"
  std::string suffix;  // ".c", ".cpp"
  std::string text;
  bool safe = false;            // a block that must be quiet
  std::set<unsigned> expected;  // lines with a finding: expect and false-alarm
  std::set<unsigned> sides, no_sides;
  std::map<unsigned, std::string> severities;  // of expected lines that say so
};

std::vector<Case> cases_in_page(const std::string& rule, const std::string& name, const std::string& page);
std::vector<Case> all_cases();

}  // namespace ftaudit::tests
