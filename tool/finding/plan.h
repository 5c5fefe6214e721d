// Plan: the few edits that end many findings, in the order to make them, each with what was measured of it: the edits
// are made in the facts, all analyses and rules run again, and what is gone then is what a step is said to end. Plain
// data: tool/plan fills it in, reports render it and know nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "finding/finding.h"
#include "finding/type_report.h"

namespace ftaudit {

// What a step does, by which machine-readable reports call it.
enum class StepKind : std::uint8_t {
  section,            // the critical section of the object around what uses it
  container_section,  // ... of a container, around what reads it
  container_copy,     // a copy of a container that nobody else has
  global_mutex,       // one PyMutex for global variables that belong together
  record_mutex,       // a PyMutex in a struct
  usual_lock,         // the lock that the others hold
  atomic,             // a number or flag that is atomic at every access
  made_at_import,     // filled while the module is made, and only read from then on
  per_thread,         // each thread has its own
  owned_reference,    // calls that give a reference instead of lending one
  lock_order,         // two locks in the order that others take them in
  shorter_lock,       // a lock given back before Python runs
  detached_wait,      // a native lock as a PyMutex, whose wait detaches
  reentrant_call,     // a call of the C library that keeps nothing for the process
  memory_domain,      // calls of the allocator that the memory is for
  unique_check,       // the question whether an object is nobody else's
  accessor,           // what the C API reads where code reads by itself
  no_test,            // a test that the call behind it makes better
  declaration,        // the module says that it runs without the GIL
};
std::string_view name_of(StepKind kind);  // "critical-section"

// One place that a step edits.
struct PlanPlace {
  Location location;
  std::string function;
  std::string write;                      // what to write there
  std::vector<std::string> entry_points;  // Python-visible names that come through it
};

// A finding, as a plan names it.
struct PlanFinding {
  std::string rule, name, fingerprint, what;
  Location location;
  bool operator==(const PlanFinding&) const = default;
};
PlanFinding named_in_plan(const Finding& finding);

struct PlanStep {
  std::uint32_t number = 0;
  StepKind kind = StepKind::section;
  std::string what;                 // one sentence: what to do
  std::string because;              // what belongs together and stays so
  std::string otherwise;            // another way that ends the same; "" for none
  std::vector<std::string> states;  // what it is about, sorted
  std::vector<PlanPlace> places;
  std::vector<PlanFinding> ends;     // measured: gone once this step and those before it are made
  std::vector<PlanFinding> lessens;  // sides of these are gone, others are left for later steps
  std::vector<PlanFinding> brings;   // measured: not there without it
  // Only where edits were asked for: what the step comes to in the text, or why it has to be made by hand.
  std::vector<Fix> fixes;
  std::string by_hand;
};

// Findings that no step ends, by rule.
struct PlanRest {
  std::string rule, name;
  std::string why;  // no step can end them, or this one does not
  std::vector<PlanFinding> findings;
};

// How often the analyses ran again to see what the steps end.
enum class Measured : std::uint8_t {
  singly,    // each step after those before it
  together,  // all at once, and shared out by what each is about
  no,        // not at all: what a step ends is what it was worked out for
};
std::string_view name_of(Measured measured);  // "singly"
std::optional<StepKind> step_kind_named(std::string_view name);
std::optional<Measured> measured_named(std::string_view name);

struct Plan {
  std::vector<PlanStep> steps;
  std::uint64_t findings = 0;  // shown by a scan on the same terms
  std::uint64_t ended = 0;     // by all the steps together
  Measured measured = Measured::singly;
  std::vector<PlanRest> rest;
  std::vector<TypeReport> before, after;  // types whose matrix the steps change
};

}  // namespace ftaudit
