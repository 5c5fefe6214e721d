// `with self.lock:` takes what a temporary points to. The lock is named where it is taken, as the source does; whoever
// gives it back through the temporary gives back the same. Used within cython.
#pragma once

#include "model/facts.h"

namespace ftaudit::cython {

void name_taken_locks(model::Function& function);

}  // namespace ftaudit::cython
