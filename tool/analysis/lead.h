// Leads: the object under which a local was found, where no one path says what it is: a node that a loop or a helper
// walks to from self->root, an item got out of self->table, a new block or self->spare. Whose lock covers it is asked
// by that. Used by ViewPaths alone.
#pragma once

#include "analysis/held.h"
#include "analysis/path.h"

namespace ftaudit::analysis {

// A path from a parameter or global below which the value lies; its root is unknown where there is no one such path.
// What is made new, or NULL, is below nothing and does not count.
Path lead(const Program& program, const Held& held, FunctionId id, const Path& path, EventId at);

}  // namespace ftaudit::analysis
