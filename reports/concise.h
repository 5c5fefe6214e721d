// Concise: one line a finding and one for the whole, as compilers and linters print them and editors parse them.
#pragma once

#include <ostream>

#include "finding/document.h"

namespace ftaudit::reports {

// "src/cache.c:41:10: high FT104 dict-next-unlocked [likely] PyDict_Next walks …", then the counts.
void write_concise(std::ostream& out, const Document& document);

// "src/cache.c:41:10", leaving out what is not known.
std::string place(const Location& location);

// The counts a report for people ends with: findings by severity, places looked at, files, what is hidden.
std::string closing_line(const Document& document);

}  // namespace ftaudit::reports
