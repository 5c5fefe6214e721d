// The door of tsan. What ThreadSanitizer is told (options, suppressions) and what it says (its log, the names of
// symbols in it).
#pragma once

#include "dynamic/tsan/log.h"
#include "dynamic/tsan/options.h"
#include "dynamic/tsan/suppressions.h"
#include "dynamic/tsan/symbol_name.h"
