#include "finding/rule.h"
#include "capi/module_calls.h"
#include "rules/place.h"

namespace ftaudit::rules {

using analysis::Audit;
using analysis::FunctionId;
using model::Remark;

// The function that the comment stands in, or right above.
static FunctionId function_at(const Audit& audit, const Remark& remark) {
  for (const FunctionId id : audit.facts().functions.ids()) {
    const model::Function& function = audit.program().function(id);
    if (function.span.file == remark.span.file && function.span.line <= remark.span.end_line + 2 &&
        function.span.end_line >= remark.span.line)
      return id;
  }
  return model::none;
}

// Under a condition that knows of builds without the GIL, the author has thought of them.
static bool is_conditional(const Audit& audit, const Remark& remark) {
  for (const model::Region& region : audit.facts().regions)
    if (region.file == remark.span.file && region.first_line <= remark.span.line &&
        remark.span.line <= region.last_line && capi::names_free_threading(region.condition))
      return true;
  return false;
}

static bool takes_lock(const analysis::Program& program, const model::Function& function) {
  for (const model::Event& event : function.events)
    if (program.lock_call(event.callee) != nullptr) return true;
  return false;
}

static void check(const Audit& audit, Report& report) {
  for (const Remark& remark : audit.facts().remarks) {
    if (!audit.program().is_written_by_hand(remark.span.file)) continue;
    report.site();
    if (is_conditional(audit, remark)) continue;
    const FunctionId id = function_at(audit, remark);
    if (id != model::none &&
        (audit.contexts().init_only(id) || takes_lock(audit.program(), audit.program().function(id))))
      continue;
    std::string words = remark.text.substr(0, 100);
    if (words.size() < remark.text.size()) words += "...";
    Finding& finding = report.add(audit.location(remark.span), "the comment counts on the GIL: \"" + words + "\"");
    if (id != model::none) finding.function = audit.program().function(id).name;
    finding.place = remark.text;
    finding.instead =
        "check what the comment is about; give it a lock or an atomic, and say in the comment what holds now";
  }
}

extern const Rule gil_assumption_comment{{.id = "FT214",
                                          .name = "gil-assumption-comment",
                                          .category = Category::gil_reliance,
                                          .severity = Severity::info,
                                          .confidence = Confidence::likely,
                                          .summary = "A comment says that the GIL protects something",
                                          .why = "the author knew that the code needs protection and counted on the "
                                                 "GIL for it; in a free-threaded build there is none",
                                          .since = "0.1"},
                                         check};

}  // namespace ftaudit::rules
