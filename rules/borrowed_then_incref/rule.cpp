#include "finding/rule.h"
#include "analysis/borrowed.h"
#include "capi/capi.h"
#include "capi/python_runs.h"
#include "rules/endangered.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::BorrowedRead;

// The call that takes the reference itself, where the two stand so that nothing can come between. Where the old call
// keeps errors to itself, so must what is written for it.
static void replace(const Audit& audit, const BorrowedRead& read, Finding& finding) {
  const model::Function& function = audit.function(read.site);
  const model::Event& event = audit.event(read.site);
  for (const model::Shape& shape : function.shapes) {
    if (shape.kind != model::Shape::Kind::fetch || shape.call.file != event.span.file ||
        shape.call.line != event.span.line || shape.call.column != event.span.column)
      continue;
    const std::string given = shape.arguments[0] + ", " + shape.arguments[1],
                      old = shape.variable + " = " + event.callee + "(" + given + ");";
    const std::string strong(read.api->replacement);
    const bool returned = capi::strong_out(strong) == nullptr;
    std::string found = strong + "(" + given + (returned ? ")" : ", &" + shape.variable + ")");
    if (returned) found = shape.variable + " = " + found + ";";
    else if (capi::keeps_errors_to_itself(event.callee)) found = "if (" + found + " < 0) PyErr_Clear();";
    else found += ";";
    const std::string declared = shape.declares ? "PyObject *" + shape.variable + ";\n" : "";
    finding.fixes.push_back(
        {.range = audit.location(shape.span),
         .text = declared + "#if PY_VERSION_HEX >= 0x030D0000\n" + found + "\n#else\n" + old + "\n#endif\n",
         .plain = shape.declares && returned ? "PyObject *" + found : declared + found,
         .needs_compat = true});
    finding.fixes.push_back({.range = audit.location(shape.taken),
                             .text = "#if PY_VERSION_HEX < 0x030D0000\n" + shape.taken_text + "\n#endif\n",
                             .plain = "",
                             .needs_compat = true});
    return;
  }
}

static void check(const Audit& audit, Report& report) {
  std::uint64_t sites = 0;
  for (const BorrowedRead& read : analysis::borrowed_reads(audit, analysis::is_container_read, sites)) {
    if (read.flaw != BorrowedRead::Flaw::counted) continue;
    const std::string container = audit.text(read.site, audit.event(read.site).operands[0]);
    Finding& finding =
        add_at(report, audit, read.site,
               "a reference is taken to an item borrowed from " + container + "; the item may be gone before it is");
    finding.place = container;
    if (!read.container.certain) finding.confidence = Confidence::possible;
    if (read.left_to_python) left_to_python(finding);
    finding.instead = std::string(read.api->replacement) +
                      ", which finds the item and takes the reference in one step" +
                      (read.api->in_compat ? " (pythoncapi-compat has it for older versions)" : "");
    finding.trace.push_back(
        {audit.location(audit.function(read.site).events[read.use.event].span), "the reference is taken here"});
    replace(audit, read, finding);
  }
  for (const analysis::Load& load : audit.loads()) {
    ++sites;
    if (load.counted && load.state->type.to_object)
      add_load(report, audit, load,
               load.let_go
                   ? "is read under the lock, and a reference is taken to it when that was " + when_let_go(audit, load)
                   : "is read and then a reference is taken to it");
  }
  report.sites(sites);
}

extern const Rule borrowed_then_incref{
    {.id = "FT102",
     .name = "borrowed-then-incref",
     .category = Category::borrowed_ref,
     .severity = Severity::high,
     .confidence = Confidence::likely,
     .summary = "A reference is taken to an item after it was borrowed from a container that others can change",
     .why = "between the borrowing call and the Py_INCREF another thread can remove the item and free it; the "
            "increment then writes into freed memory",
     .since = "0.1"},
    check};

}  // namespace ftaudit::rules
