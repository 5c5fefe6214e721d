// Words: what is written at a place of a step, in C's words or, where the source is Cython's, in those.
#pragma once

#include <string>
#include <vector>

#include "analysis/audit.h"
#include "finding/plan.h"

namespace ftaudit::plan {

// "Py_BEGIN_CRITICAL_SECTION(self) all through it", "@cython.critical_section".
std::string write_section(const std::string& file, const std::vector<std::string>& objects, bool whole, bool is_self);
// "PyMutex_Lock(&pool_mutex) ... PyMutex_Unlock(&pool_mutex) around this".
std::string write_lock(const std::string& file, const std::string& mutex, bool native, bool whole);

// A variable, or what it leads to, as the source writes it: "self->ring"; "" where it has no plain name.
std::string written(const analysis::Audit& audit, const model::Function& function, const model::Place& place);

// A place at the function's name, or at an event of it.
PlanPlace place_at(const analysis::Audit& audit, analysis::FunctionId id, analysis::EventId event, std::string write);

// "a", "a and b", "a, b and 3 more".
std::string listed(const std::vector<std::string>& names, std::size_t most = 3);

}  // namespace ftaudit::plan
