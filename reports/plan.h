// Plans as text for people and as JSON for other programs. Text of the planned project is made printable first.
#pragma once

#include <cstddef>
#include <optional>
#include <ostream>
#include <span>
#include <string>

#include "finding/document.h"

namespace ftaudit::reports {

struct PlanStyle {
  std::size_t width = 100;
  bool verbose = false;              // no list is cut
  std::optional<std::uint32_t> why;  // this step alone, with all its places and findings
};

// "3 edits mend 41 of 47 findings", and how that is known; "" where there is no edit to make.
std::string in_short(const std::optional<Plan>& plan);

// "FT301 object-field-unlocked x3, FT302 pyobject-field-swap".
std::string by_rule(const std::vector<PlanFinding>& findings);

// With what of the project was not read, for which nothing was planned.
void write_plan_text(std::ostream& out, const Document& planned, const PlanStyle& style);
void write_plans_json(std::ostream& out, std::span<const Document> planned, const std::string& version);

}  // namespace ftaudit::reports
