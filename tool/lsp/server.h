// A language server: audits the project when it is opened and each time a file is saved, publishes the findings as
// diagnostics, and offers the edits that cannot be wrong as quick fixes. Audits read the files as saved, and what has
// not changed comes out of the cache, so that one edited file costs one parse. One audit at a time; nothing is run of
// the project. The command line gives it the audit; used by `ftaudit lsp`.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include "base/files.h"
#include "base/result.h"
#include "finding/document.h"

namespace ftaudit::lsp {

using Audit = std::function<Result<Document>(const fs::path& root)>;

// Until the client says exit or is gone: 0 after a shutdown, else 1, as the protocol wants it.
int serve(std::istream& in, std::ostream& out, const std::string& version, const Audit& audit);

}  // namespace ftaudit::lsp
