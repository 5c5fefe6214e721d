// The door: from a parsed project to the few edits that end its findings. Remedies are worked out from what the
// analyses know, supposed in the facts, and the same analyses and rules run again; a step says what that run has shown
// and nothing else. One that brings something new, or ends nothing, is replaced by the next best or left out.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "audit/audit_project.h"
#include "finding/plan.h"
#include "finding/selection.h"

namespace ftaudit::plan {

// `accepted`: only these steps of the plan, by their numbers, measured without the others; empty: all. An error names a
// number that the plan does not have. With `edits` the steps carry what they come to in the text, spelled so.
Result<Plan> plan_project(const audit::JoinedProject& joined, const Selection& selection, const std::string& python,
                          const std::set<std::uint32_t>& accepted = {}, std::optional<Spelling> edits = {});

// The document that the plan was made from, with the edits of those steps that are wanted as edits of the findings that
// they end: what can be shown, made, and proven by another audit as other edits are.
Document with_edits(const Plan& plan, const std::function<bool(const PlanStep&)>& wanted = {});

}  // namespace ftaudit::plan
