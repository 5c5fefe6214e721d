#include "cli/lsp_command.h"

#include <iostream>

#include "cli/auditing.h"
#include "lsp/server.h"

namespace ftaudit::cli {

int serve_editor(const LspOptions& options) {
  const std::unique_ptr<Progress> silent = make_progress(false);
  return lsp::serve(std::cin, std::cout, FTAUDIT_VERSION, [&](const fs::path& root) -> Result<Document> {
    // As `ftaudit scan ROOT` would: the project's settings may have been edited as well.
    const char* const line[]{"ftaudit", "scan", root.c_str()};
    const auto parsed = parse_command_line(3, line);
    const CommandLine* const command = std::get_if<CommandLine>(&parsed);
    const ScanOptions* settings = command != nullptr ? std::get_if<ScanOptions>(&command->command) : nullptr;
    if (settings == nullptr) return Error{"the project's settings cannot be read; `ftaudit scan` says why"};
    ScanOptions given = *settings;
    if (!options.python.empty()) given.parse.python = options.python;
    const Result<Selection> selection = selection_of(given);
    if (!selection.ok()) return selection.error();
    int code = 0;
    Result<AuditedPaths> audited = audit_paths(given, *selection, *silent, code);
    if (!audited.ok()) return audited.error();
    return std::move(audited->document);
  });
}

}  // namespace ftaudit::cli
