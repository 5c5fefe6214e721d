// What a project may not set: reasons why single values of its settings are not taken. A value that the user gives is
// not asked about. Used by configuration.cpp alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/files.h"

namespace ftaudit::cli {

// Each gives the end of a sentence, or "" when the value is taken; `folder` is where the settings lie.
std::string refuse_program(const std::string& text);                                        // but versions
std::string refuse_outside(const std::vector<std::string>& paths, const fs::path& folder);  // what leads out of it
std::string refuse_special(const std::string& path, const fs::path& folder);                // and what is no file
std::string refuse_many(std::int64_t jobs);                                                 // more than one a core
std::string refuse_long(std::size_t entries);                                               // more than 1000

}  // namespace ftaudit::cli
