// Code Quality: the JSON that GitLab's merge-request widget reads. One entry a finding; files that were not audited are
// entries of their own, so that a short list does not look like a clean one. Of two states compared it holds what is
// new: the widget makes its own comparison, and has no place for what another one found fixed.
#pragma once

#include <ostream>

#include "finding/document.h"
#include "reports/surroundings.h"

namespace ftaudit::reports {

void write_code_quality(std::ostream& out, const Document& document, const Surroundings& around);

}  // namespace ftaudit::reports
