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

// The document of a scan, with its plan. `accepted`: only these steps of it, by their numbers, measured without the
// others; empty: all. An error names a number that the plan does not have. With `edits` the steps carry what they come
// to in the text, spelled so.
Result<Document> plan_project(const audit::JoinedProject& joined, const Selection& selection, const std::string& python,
                              const std::set<std::uint32_t>& accepted = {}, std::optional<Spelling> edits = {});

// Puts a plan into a document that was just made, in a fraction of the time that it took: where the analyses cost next
// to nothing they run again, all steps together; elsewhere the plan says that it was not measured.
void outline(const audit::JoinedProject& joined, const analysis::Audit& audit, const Selection& selection,
             Document& document);

// The document with the edits of those steps of its plan that are wanted as edits of the findings that they end: what
// can be shown, made, and proven by another audit as other edits are.
Document with_edits(const Document& planned, const std::function<bool(const PlanStep&)>& wanted = {});

}  // namespace ftaudit::plan
