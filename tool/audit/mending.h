// Mending: what `ftaudit scan --diff` and `--fix` do with the edits that findings carry: show them, or make them in the
// files, prove by a second audit that they held, and take them back when they did not.
#pragma once

#include <functional>
#include <ostream>

#include "base/result.h"
#include "finding/document.h"
#include "finding/edits.h"

namespace ftaudit::audit {

struct Mended {
  std::size_t findings = 0;  // whose edits were made
  std::size_t files = 0;
};

// `by_compat`: files that need it include pythoncapi_compat.h, which must be in the project; an error else.

// The edits as one `diff -u` of all files, which `patch -p1` and `git apply` take.
Status show_edits(std::ostream& out, const Document& document, bool by_compat);

// Makes them. `again` audits the project anew: if a mended finding is still there, one as severe is new, or a file has
// more errors than before, every file is put back and that is the error. Each file is replaced in one step; one that
// changed since it was audited is an error before any is written.
Result<Mended> mend(const Document& document, bool by_compat, const std::function<Result<Document>()>& again);

}  // namespace ftaudit::audit
