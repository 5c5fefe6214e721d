#include "frontend/diagnostics.h"

#include "base/files.h"

namespace ftaudit::frontend {

using namespace clang;

void Diagnostics::HandleDiagnostic(DiagnosticsEngine::Level level, const Diagnostic& diagnostic) {
  DiagnosticConsumer::HandleDiagnostic(level, diagnostic);
  if (level < DiagnosticsEngine::Error) return;
  ++errors;
  refused = refused || !began;
  if (diagnostic.getID() == diag::err_pp_file_not_found ||
      diagnostic.getID() == diag::err_pp_file_not_found_angled_include_not_fatal ||
      diagnostic.getID() == diag::err_pp_file_not_found_typo_not_fatal) {
    const std::string header = diagnostic.getArgKind(0) == DiagnosticsEngine::ak_std_string ? diagnostic.getArgStdStr(0)
                                                                                            : diagnostic.getArgCStr(0);
    if (std::find(missing.begin(), missing.end(), header) == missing.end()) missing.push_back(header);
  }
  if (diagnostic.getID() == diag::err_no_member && diagnostic.hasSourceManager() &&
      diagnostic.getLocation().isValid()) {
    const SourceLocation where = diagnostic.getSourceManager().getFileLoc(diagnostic.getLocation());
    SmallString<100> text;
    diagnostic.FormatDiagnostic(text);
    if (text.str().contains("'ob_refcnt'")) absent.emplace_back(where, "ob_refcnt");
  }
  if (!first.empty()) return;
  SmallString<200> message;
  diagnostic.FormatDiagnostic(message);
  if (diagnostic.hasSourceManager() && diagnostic.getLocation().isValid()) {
    const PresumedLoc where = diagnostic.getSourceManager().getPresumedLoc(diagnostic.getLocation());
    if (where.isValid()) {
      first_file = where.getFilename();
      first_place = fs::path(first_file).filename().string() + ":" + std::to_string(where.getLine()) + ": ";
      first_in_system = diagnostic.getSourceManager().isInSystemHeader(diagnostic.getLocation());
    }
  }
  first = first_place + std::string(message.str());
}

}  // namespace ftaudit::frontend
