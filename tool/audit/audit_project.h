// One parsed project judged: facts joined, analyses and rules run, everything the run has to say put into a Document.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "analysis/audit.h"
#include "audit/parsing.h"
#include "cython/retelling.h"
#include "finding/document.h"
#include "finding/edits.h"
#include "finding/selection.h"

namespace ftaudit::audit {

// "2026-06-15", in local time: which allowances have ended.
std::string today();

// What a judgement starts from: the facts of all units together, those of Cython's C told as of the .pyx.
struct JoinedProject {
  ParsedProject parsed;
  model::Facts facts;
  cython::Retold retold;
  std::map<std::string, std::string> made_from;  // C that ftaudit had made -> its source, as shown
};
JoinedProject join_project(ParsedProject parsed);

// What the project says outside its sources, and what the settings say of its types.
analysis::Build build_of(const ParsedProject& parsed, const Selection& selection);

Document judge_project(const JoinedProject& joined, const analysis::Audit& audit, const Selection& selection,
                       const std::string& python, Spelling spelling = Spelling::guarded);

// The findings alone, without edits and without what types allow: `audit` is of what the joined facts would be with
// something changed, of which no text is there to be edited.
Document judge_supposed(const JoinedProject& joined, const analysis::Audit& audit, const Selection& selection,
                        const std::string& python);
std::vector<TypeReport> types_of(const JoinedProject& joined, const analysis::Audit& audit);

// All three. Shown paths in the document are relative to the project's root. Fixes are fitted to the files as they were
// parsed; a file that is another by now has none.
// `also` may add to it while the analyses are at hand.
using Adding = std::function<void(const JoinedProject&, const analysis::Audit&, Document&)>;
Document audit_project(ParsedProject parsed, const Selection& selection, const std::string& python,
                       Spelling spelling = Spelling::guarded, const Adding& also = {});

}  // namespace ftaudit::audit
