// What a document says of each type whose methods Python calls: which of its entries race with which, and what contract
// the project states for it. Used by audit_project.cpp alone.
#pragma once

#include "analysis/audit.h"
#include "cython/retelling.h"
#include "finding/document.h"

namespace ftaudit::audit {

// Notes contracts of types that are not there, too.
void describe_types(Document& document, const analysis::Audit& audit, const cython::Retold& retold);

}  // namespace ftaudit::audit
