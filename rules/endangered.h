// Telling an endangered load: a reference read from a field that another thread may release. What FT102 and FT103 do.
#pragma once

#include "rules/sides.h"

namespace ftaudit::rules {

// "given back", or "given back and taken once more": the lock under which the pointer was read, before it is used.
std::string when_let_go(const analysis::Audit& audit, const analysis::Load& load);

Finding& add_load(Report& report, const analysis::Audit& audit, const analysis::Load& load, const std::string& done);

}  // namespace ftaudit::rules
