// Declaration: from a laid-out library to what each of its modules declares about the GIL. Two routes: the code from
// PyInit_NAME on, followed with walk(), and the module definition found in the data by its shape and name. What the
// code says counts; the data answers for machines whose code is not followed. Used by binary alone.
#pragma once

#include <vector>

#include "packages/binaries/declared.h"
#include "packages/binaries/image.h"

namespace ftaudit::packages {

std::vector<Declaration> declarations(const Image& image);

}  // namespace ftaudit::packages
