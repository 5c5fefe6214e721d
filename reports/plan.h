// Plans as text for people and as JSON for other programs. Text of the planned project is made printable first.
#pragma once

#include <cstddef>
#include <optional>
#include <ostream>
#include <span>
#include <string>

#include "finding/plan.h"

namespace ftaudit::reports {

struct PlanStyle {
  std::size_t width = 100;
  bool verbose = false;              // no list is cut
  std::optional<std::uint32_t> why;  // this step alone, with all its places and findings
};

void write_plan_text(std::ostream& out, const Plan& plan, const PlanStyle& style);
void write_plans_json(std::ostream& out, std::span<const Plan> plans, const std::string& version);

}  // namespace ftaudit::reports
