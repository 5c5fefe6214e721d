// What Cython's generators and coroutines keep to one thread: a body runs for one caller at a time (3.1 and newer test
// and set is_running in a critical section), so its state and the variables that it alone uses are nobody else's.
// Variables that inner functions share stay what they are. Used within cython, before names are retold.
#pragma once

#include "model/facts.h"

namespace ftaudit::cython {

void confine_generators(model::Facts& facts);

}  // namespace ftaudit::cython
