#include <iostream>

#include "audit/audit.h"
#include "cli/command.h"
#include "cli/command_line.h"
#include "lsp/server.h"

namespace ftaudit::cli {
namespace {

int serve_editor(const std::string& python) {
  const std::unique_ptr<Progress> silent = make_progress(false);
  return lsp::serve(std::cin, std::cout, FTAUDIT_VERSION, [&](const fs::path& root) -> Result<Document> {
    // As `ftaudit scan ROOT` would: the project's settings may have been edited as well.
    const char* const line[]{"ftaudit", "scan", root.c_str()};
    auto parsed = parse_command_line(3, line);
    CommandLine* const command = std::get_if<CommandLine>(&parsed);
    if (command == nullptr || command->command.audit == nullptr)
      return Error{"the project's settings cannot be read; `ftaudit scan` says why"};
    ScanOptions& settings = *command->command.audit;
    if (!python.empty()) settings.parse.python = python;
    const Result<Selection> selection = audit::selection_of(settings);
    if (!selection.ok()) return selection.error();
    int code = 0;
    Result<audit::AuditedPaths> audited = audit::audit_paths(settings.parse, *selection, {}, *silent, code);
    if (!audited.ok()) return audited.error();
    return std::move(audited->document);
  });
}

}  // namespace

void add_lsp(Arguments& program, const ScanOptions&, const Choose& choose) {
  const auto python = std::make_shared<std::string>();
  Arguments command = program.command("lsp", "A language server on standard input and output, for editors");
  command.text("--python", *python, "Headers to read with, as for scan").named("PYTHON");
  command.when_chosen([=] { choose({.run = [=](const Console&) { return serve_editor(*python); }}); });
}

}  // namespace ftaudit::cli
