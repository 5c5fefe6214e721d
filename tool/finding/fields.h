// Every field of a document and what it is made of, named once: fields(visit, value) calls visit with all of them. For
// the archive; a new field is added here, and a test says so when it was not.
#pragma once

#include "finding/document.h"

namespace ftaudit {

#define FTAUDIT_FIELDS(TYPE, ...)                                   \
  template <class V> void fields(V& v, TYPE& x) { v(__VA_ARGS__); } \
  template <class V> void fields(V& v, const TYPE& x) { v(__VA_ARGS__); }

FTAUDIT_FIELDS(Location, x.file, x.line, x.column, x.end_line, x.end_column)
FTAUDIT_FIELDS(Step, x.location, x.what, x.thread)
FTAUDIT_FIELDS(Fix, x.range, x.text, x.plain, x.needs_compat, x.of, x.level)
FTAUDIT_FIELDS(Witness::Repeats, x.seen, x.of, x.gil_seen, x.gil_of)
FTAUDIT_FIELDS(Witness::Place, x.what, x.seen)
FTAUDIT_FIELDS(Witness, x.verdict, x.report, x.reproducer, x.why, x.workload, x.seen, x.reached, x.overlaps, x.hits,
               x.runs, x.crashes_plain, x.screened, x.repeats, x.places)
FTAUDIT_FIELDS(Side::Point, x.location, x.state, x.does, x.text)
FTAUDIT_FIELDS(Side, x.function, x.location, x.does, x.held, x.states, x.entry_points, x.confidence, x.points)
FTAUDIT_FIELDS(Finding, x.rule, x.name, x.category, x.severity, x.confidence, x.location, x.function, x.place, x.what,
               x.why, x.instead, x.trace, x.entry_points, x.modules, x.sides, x.owner, x.remedy, x.others_change,
               x.declared, x.fixes, x.witness, x.locks, x.said, x.guilty_text, x.around, x.fingerprint)
FTAUDIT_FIELDS(ModuleReport, x.name, x.init, x.style, x.gil, x.unread, x.location, x.files, x.blockers, x.hidden,
               x.hidden_before, x.verdict)
FTAUDIT_FIELDS(TypeReport, x.name, x.record, x.contract, x.entries, x.rows, x.racing, x.pairs, x.ordered, x.by_contract,
               x.possible, x.races)
FTAUDIT_FIELDS(PlanPlace, x.location, x.function, x.write, x.entry_points)
FTAUDIT_FIELDS(PlanFinding, x.rule, x.name, x.fingerprint, x.what, x.location)
FTAUDIT_FIELDS(PlanStep, x.number, x.kind, x.what, x.because, x.otherwise, x.states, x.places, x.ends, x.lessens,
               x.brings, x.fixes, x.by_hand)
FTAUDIT_FIELDS(PlanRest, x.rule, x.name, x.why, x.findings)
FTAUDIT_FIELDS(Plan, x.steps, x.findings, x.ended, x.measured, x.rest, x.before, x.after)
FTAUDIT_FIELDS(AnalysedFile, x.file, x.partial, x.reason, x.functions, x.errors)
FTAUDIT_FIELDS(SkippedFile, x.file, x.reason, x.asked)
FTAUDIT_FIELDS(RuleTally, x.rule, x.sites, x.findings)
FTAUDIT_FIELDS(Document::Hidden, x.allowed, x.baseline, x.below_severity, x.below_confidence, x.ignored)
FTAUDIT_FIELDS(HeldBack, x.finding, x.why, x.part)
FTAUDIT_FIELDS(Comparison::Progress, x.finding, x.left, x.total)
FTAUDIT_FIELDS(Comparison, x.revision, x.fixed, x.unchanged, x.unread, x.progress)
FTAUDIT_FIELDS(Confinement, x.landlock, x.seccomp, x.lacks)
FTAUDIT_FIELDS(Document, x.tool_version, x.sandbox, x.python, x.root, x.findings, x.rules, x.analysed, x.skipped,
               x.modules, x.types, x.plan, x.notes, x.hidden, x.held_back, x.held_counted, x.against, x.allowances,
               x.rules_left_out, x.functions)

#undef FTAUDIT_FIELDS

constexpr Severity last_value(Severity) { return Severity::high; }
constexpr Confidence last_value(Confidence) { return Confidence::certain; }
constexpr Category last_value(Category) { return Category::thread_state; }
constexpr Does last_value(Does) { return Does::release; }
constexpr Witness::Verdict last_value(Witness::Verdict) { return Witness::Verdict::not_run; }
constexpr HeldBack::Why last_value(HeldBack::Why) { return HeldBack::Why::below_confidence; }
constexpr StepKind last_value(StepKind) { return StepKind::declaration; }
constexpr Measured last_value(Measured) { return Measured::no; }
constexpr Gil last_value(Gil) { return Gil::unknown; }

}  // namespace ftaudit
