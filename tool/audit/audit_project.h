// One parsed project judged: facts joined, analyses and rules run, everything the run has to say put into a Document.
#pragma once

#include <string>

#include "audit/parsing.h"
#include "finding/document.h"
#include "finding/edits.h"
#include "finding/selection.h"

namespace ftaudit::audit {

// "2026-06-15", in local time: which allowances have ended.
std::string today();

// Shown paths in the document are relative to the project's root. Fixes are fitted to the files as they were parsed; a
// file that is another by now has none.
Document audit_project(ParsedProject parsed, const Selection& selection, const std::string& python,
                       Spelling spelling = Spelling::guarded);

}  // namespace ftaudit::audit
