// `ftaudit lsp`: a language server over standard input and output, for editors.
#pragma once

#include "cli/options.h"

namespace ftaudit::cli {

int serve_editor(const LspOptions& options);

}  // namespace ftaudit::cli
