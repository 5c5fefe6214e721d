#include "finding/archive.h"

#include "base/bytes.h"

namespace ftaudit {

#define FTAUDIT_FIELDS(TYPE, ...)                                           \
  template <class V> static void fields(V& v, TYPE& x) { v(__VA_ARGS__); } \
  template <class V> static void fields(V& v, const TYPE& x) { v(__VA_ARGS__); }

FTAUDIT_FIELDS(Location, x.file, x.line, x.column, x.end_line, x.end_column)
FTAUDIT_FIELDS(Step, x.location, x.what)
FTAUDIT_FIELDS(Fix, x.range, x.text)
FTAUDIT_FIELDS(Witness, x.verdict, x.report, x.reproducer)
FTAUDIT_FIELDS(Finding, x.rule, x.name, x.category, x.severity, x.confidence, x.location, x.function, x.place, x.what, x.why, x.instead, x.trace, x.entry_points, x.fixes, x.witness, x.guilty_text, x.around, x.fingerprint)
FTAUDIT_FIELDS(ModuleReport, x.name, x.init, x.style, x.gil, x.location, x.files, x.blockers, x.verdict)
FTAUDIT_FIELDS(AnalysedFile, x.file, x.partial, x.reason, x.functions, x.errors)
FTAUDIT_FIELDS(SkippedFile, x.file, x.reason, x.asked)
FTAUDIT_FIELDS(RuleTally, x.rule, x.sites, x.findings)
FTAUDIT_FIELDS(Document::Hidden, x.allowed, x.baseline, x.below_severity, x.below_confidence, x.ignored)
FTAUDIT_FIELDS(HeldBack, x.finding, x.why)
FTAUDIT_FIELDS(Comparison, x.revision, x.fixed, x.unchanged)
FTAUDIT_FIELDS(Document, x.tool_version, x.python, x.root, x.findings, x.rules, x.analysed, x.skipped, x.modules, x.notes, x.hidden, x.held_back, x.against, x.allowances, x.rules_left_out, x.functions)

#undef FTAUDIT_FIELDS

constexpr Severity last_value(Severity) { return Severity::high; }
constexpr Confidence last_value(Confidence) { return Confidence::certain; }
constexpr Witness::Verdict last_value(Witness::Verdict) { return Witness::Verdict::not_run; }
constexpr HeldBack::Why last_value(HeldBack::Why) { return HeldBack::Why::below_confidence; }
constexpr Gil last_value(Gil) { return Gil::unknown; }

std::string to_bytes(const Document& document) {
  ByteWriter writer;
  writer(document);
  return std::move(writer.bytes);
}

Result<Document> document_from_bytes(std::string_view bytes) {
  ByteReader reader(bytes);
  Document document;
  reader(document);
  if (reader.failed() || !reader.at_end()) return Error{"the document is cut short or damaged"};
  return document;
}

}  // namespace ftaudit
