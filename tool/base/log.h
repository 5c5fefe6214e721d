// Diagnostics about ftaudit's own work, on stderr: -v shows info, -vv debug, -q only errors.
// Findings and results never go through here.
#pragma once

#include <string_view>

namespace ftaudit::log {

enum class Level { quiet, normal, info, debug };

void set_level(Level level);
void error(std::string_view text);
void warning(std::string_view text);
void info(std::string_view text);
void debug(std::string_view text);

}  // namespace ftaudit::log
