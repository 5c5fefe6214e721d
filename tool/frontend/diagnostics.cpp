#include "frontend/diagnostics.h"

#include "base/files.h"
#include "capi/releases.h"

namespace ftaudit::frontend {

using namespace clang;

namespace {

// What the code names and nothing declares.
std::string undeclared(const Diagnostic& diagnostic) {
  const bool is_one = diagnostic.getID() == diag::err_undeclared_var_use ||
                      diagnostic.getID() == diag::ext_implicit_function_decl_c99 ||
                      diagnostic.getID() == diag::err_unknown_typename ||
                      diagnostic.getID() == diag::err_undeclared_use;
  if (!is_one || diagnostic.getNumArgs() == 0) return "";
  switch (diagnostic.getArgKind(0)) {
    case DiagnosticsEngine::ak_identifierinfo: return diagnostic.getArgIdentifier(0)->getName().str();
    case DiagnosticsEngine::ak_declarationname:
      return DeclarationName::getFromOpaqueInteger(diagnostic.getRawArg(0)).getAsString();
    case DiagnosticsEngine::ak_std_string: return diagnostic.getArgStdStr(0);
    default: return "";
  }
}

// A field that its record does not have: read, written, or given a value where an object is laid out by hand.
bool names_absent_field(unsigned diagnostic) {
  return diagnostic == diag::err_no_member || diagnostic == diag::err_no_member_suggest ||
         diagnostic == diag::err_field_designator_unknown || diagnostic == diag::err_field_designator_unknown_suggest;
}

}  // namespace

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
  if (names_absent_field(diagnostic.getID()) && diagnostic.hasSourceManager() && diagnostic.getLocation().isValid()) {
    const SourceLocation where = diagnostic.getSourceManager().getFileLoc(diagnostic.getLocation());
    SmallString<100> text;
    diagnostic.FormatDiagnostic(text);
    if (text.str().contains("'ob_refcnt'")) absent.emplace_back(where, "ob_refcnt");
  }
  if (newer.empty()) {
    newer = undeclared(diagnostic);
    if (capi::came_with(newer) == 0) newer.clear();
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
