// What a document says of each type whose methods Python calls: which of its entries race with which, and what contract
// the project states for it. Used by audit_project.cpp alone.
#pragma once

#include <vector>

#include "analysis/audit.h"
#include "cython/retelling.h"
#include "finding/document.h"

namespace ftaudit::audit {

std::vector<TypeReport> type_reports(const analysis::Audit& audit, const cython::Retold& retold);

// Contracts of types that are not there. To a document that has its types.
void note_unknown_types(Document& document, const analysis::Audit& audit);

}  // namespace ftaudit::audit
