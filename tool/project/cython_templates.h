// Templates of what Cython reads: which file of the project is one, and where its outcome would lie. Expanding them is
// cython's business. Used within project.
#pragma once

#include <optional>

#include "base/files.h"

namespace ftaudit::project {

// .pyx, .pxd, .pxi
bool is_read_by_cython(const fs::path& file);

enum class Engine {
  tempita,   // {{...}}; also where there is nothing to replace
  settings,  // @name@, which the build replaces by what it knows
  other      // Jinja, Mako, numpy's own
};

struct OutcomeOf {
  fs::path made;  // the file itself where a build expands it in its place
  Engine engine;
};

// Of "fast.pyx.in", "fast.templ.pyx", or a .pyx with lines like {{if MPI}} or {% if MPI %}; none for what is no template.
std::optional<OutcomeOf> outcome_of(const fs::path& file);

}  // namespace ftaudit::project
