// Which packages and versions an installer would choose for a target, and who pulls each one in. The choice is the
// ecosystem's own: uv's or pip's resolver runs with the user's settings; a lock file has already chosen. Code of
// packages is never run: where metadata can only be had by building, that is said. One impossible requirement costs one
// line.
#pragma once

#include "base/progress.h"
#include "packages/index/index.h"
#include "packages/resolution/resolved.h"

namespace ftaudit::packages {

// Fails only when there is neither uv nor pip and something must be resolved.
Result<Resolution> resolve(const Input& input, const ResolveOptions& options, Index& index, Progress& progress);

}  // namespace ftaudit::packages
