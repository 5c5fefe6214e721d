// A sanitizer report as people want to read it: the project's own frames with their lines, the interpreter's counted,
// paths relative to the project, no addresses. Made from values, so it is the same on every machine. Used by sighting.
#pragma once

#include <string>

#include "dynamic/sightings/ours.h"
#include "dynamic/tsan/tsan.h"

namespace ftaudit::dynamic {

std::string report_text(const tsan::Report& report, const Ours& ours);

}  // namespace ftaudit::dynamic
