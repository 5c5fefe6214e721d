// The door of binaries. What a compiled module declares about the GIL, read from the file.
#pragma once

#include "packages/binaries/binary.h"
#include "packages/binaries/declared.h"
