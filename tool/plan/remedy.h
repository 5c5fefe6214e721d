// Remedy: one step of a plan before it is measured: the edits, where they stand in the sources, and the accesses that
// it is there for. Computed from what analyses know, never from what a rule has said.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "analysis/audit.h"
#include "finding/plan.h"
#include "plan/edit.h"

namespace ftaudit::plan {

struct Remedy {
  StepKind kind = StepKind::section;
  std::string key;  // "critical-section Bag": what it is, whatever facts it was worked out from
  std::vector<Edit> edits;
  std::string what, because, otherwise;
  std::vector<std::string> states;
  std::vector<PlanPlace> places;
  std::set<Location> speaks_of;  // the accesses that it is for
  std::set<FunctionId> functions;
  std::string owner;                                  // a section's: the type of all objects that it is of
  std::map<std::string, std::set<std::string>> uses;  // the fields that it is there for, by their struct
};

using Remedies = std::vector<Remedy>;
// Calls of `callee`, each of which gets one that gives a reference: all of them, and those in one function.
inline std::string owned_reference(const std::string& callee) { return "owned-reference " + callee; }
inline std::string owned_reference(const std::string& callee, const std::string& function) {
  return owned_reference(callee) + " in " + function;
}
// Keys that were tried and did not hold.
using Refused = std::set<std::string>;

// All that one edit mends.
std::vector<const analysis::State*> states_of(const analysis::Conflict& conflict);
// The remedy is there for the conflict: for everybody who takes part, and its states, which stay sorted.
void speak_of(const analysis::Audit& audit, const analysis::Conflict& conflict, Remedy& remedy);

// Each kind by itself; they go by the audit of what the steps so far have left. Sorted by what they are about.
void object_remedies(const analysis::Audit& audit, const Refused& refused, Remedies& out);
void global_remedies(const analysis::Audit& audit, const Refused& refused, Remedies& out);
// These give the conflicts that they take care of; for object_remedies().
std::set<const analysis::Conflict*> atomic_remedies(const analysis::Audit& audit, const Refused& refused,
                                                    Remedies& out);
// And these, for global_remedies().
std::set<const analysis::Conflict*> thread_remedies(const analysis::Audit& audit, const Refused& refused,
                                                    Remedies& out);
std::set<const analysis::Conflict*> import_remedies(const analysis::Audit& audit, const Refused& refused,
                                                    Remedies& out);
void reference_remedies(const analysis::Audit& audit, const Refused& refused, Remedies& out);
void uniqueness_remedies(const analysis::Audit& audit, const Refused& refused, Remedies& out);
void container_remedies(const analysis::Audit& audit, const Refused& refused, Remedies& out);
void lock_remedies(const analysis::Audit& audit, const Refused& refused, Remedies& out);
void library_remedies(const analysis::Audit& audit, const Refused& refused, Remedies& out);
void accessor_remedies(const analysis::Audit& audit, const Refused& refused, Remedies& out);
void memory_remedies(const analysis::Audit& audit, const Refused& refused, Remedies& out);
void declarations(const analysis::Audit& audit, const Refused& refused, Remedies& out);

}  // namespace ftaudit::plan
