// Resumed bodies: a generator or coroutine runs after it was made, on whatever thread: flags that were set there, once
// and for all, are set when its body runs, while the locks of its maker may be gone. Used by Views alone.
#pragma once

#include <deque>

#include "analysis/view_paths.h"

namespace ftaudit::analysis {

// `all`: the views that `views` knows.
void pass_flags_to_resumed(const Program& program, const ViewPaths& views, Per<ViewId, View, std::deque<View>>& all);

}  // namespace ftaudit::analysis
