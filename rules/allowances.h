// The comments of a program that allow findings, with the lines each is about: what facts say of comments and
// functions, put into the terms of findings. A comment alone above a function, or on the lines of its head, is about
// the whole of it.
#pragma once

#include <vector>

#include "analysis/audit.h"
#include "finding/allowances.h"
#include "finding/report.h"
#include "model/facts.h"

namespace ftaudit::rules {

std::vector<Allowance> allowances_of(const model::Facts& facts);

// What the rules about allowances do: one site a comment, one finding a trouble of their kind.
void count_allowances(const analysis::Audit& audit, Report& report);
void tell_troubles(const Document& found, AllowanceTrouble::Kind kind, std::string_view instead, Report& report);

}  // namespace ftaudit::rules
