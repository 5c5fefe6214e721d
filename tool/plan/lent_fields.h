// Lent fields: what a function reads out of an object and hands to code that lets any critical section go. A section
// all through does not keep that alive, with the GIL or without: a reference of one's own does, taken inside of a short
// section.
#pragma once

#include <set>
#include <vector>

#include "plan/remedy.h"

namespace ftaudit::plan {

// The reads of these fields in the function, where they are all that it does to them and one of them is handed on so
// before a reference is taken; else nothing.
std::set<EventId> lent_reads(const analysis::Audit& audit, FunctionId id,
                             const std::set<const analysis::State*>& fields);

// A reference to what is read is taken at each read, and used instead; one place for all of them.
void own_references(const analysis::Audit& audit, FunctionId id, const std::set<EventId>& reads,
                    const std::vector<model::Place>& objects, const std::string& fields, Remedy& remedy);

}  // namespace ftaudit::plan
