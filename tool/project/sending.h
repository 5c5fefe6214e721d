// Sending: a project as bytes, from the child that found it to the parent. Reading is safe whatever the bytes are; what
// they claim is checked by whoever reads them. Used by discover.cpp.
#pragma once

#include <string>
#include <string_view>

#include "project/project.h"

namespace ftaudit::project {

// All of it but the folder that an archive was unpacked to.
std::string to_bytes(const Project& project);
Result<Project> project_from_bytes(std::string_view bytes);

}  // namespace ftaudit::project
