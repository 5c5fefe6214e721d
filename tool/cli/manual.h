// The manual page, ftaudit(1), in the man macros that groff and mandoc read. Used by `ftaudit man`.
#pragma once

#include <string>

#include "cli/command_tree.h"

namespace ftaudit::cli {

std::string manual(const DescribedCommand& program);

}  // namespace ftaudit::cli
