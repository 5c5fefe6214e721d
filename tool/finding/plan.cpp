#include "finding/plan.h"

namespace ftaudit {

std::string_view name_of(StepKind kind) {
  switch (kind) {
    case StepKind::section: return "critical-section";
    case StepKind::container_section: return "container-section";
    case StepKind::global_mutex: return "global-mutex";
    case StepKind::record_mutex: return "record-mutex";
    case StepKind::usual_lock: return "usual-lock";
    case StepKind::atomic: return "atomic";
    case StepKind::made_at_import: return "made-at-import";
    case StepKind::per_thread: return "per-thread";
    case StepKind::container_copy: return "container-copy";
    case StepKind::lock_order: return "lock-order";
    case StepKind::shorter_lock: return "shorter-lock";
    case StepKind::detached_wait: return "detached-wait";
    case StepKind::reentrant_call: return "reentrant-call";
    case StepKind::memory_domain: return "memory-domain";
    case StepKind::unique_check: return "unique-check";
    case StepKind::accessor: return "accessor";
    case StepKind::no_test: return "no-test";
    case StepKind::declaration: return "declaration";
    case StepKind::owned_reference: return "owned-reference";
  }
  return "";
}

PlanFinding named_in_plan(const Finding& finding) {
  return {finding.rule, finding.name, finding.fingerprint, finding.what, finding.location};
}

std::string_view name_of(Measured measured) {
  switch (measured) {
    case Measured::singly: return "singly";
    case Measured::together: return "together";
    case Measured::no: return "no";
  }
  return "";
}

std::optional<StepKind> step_kind_named(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(StepKind::declaration); ++i)
    if (const auto kind = static_cast<StepKind>(i); name_of(kind) == name) return kind;
  return std::nullopt;
}

std::optional<Measured> measured_named(std::string_view name) {
  for (const Measured measured : {Measured::singly, Measured::together, Measured::no})
    if (name_of(measured) == name) return measured;
  return std::nullopt;
}

}  // namespace ftaudit
