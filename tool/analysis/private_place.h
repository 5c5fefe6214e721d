// Whether a place lies in an object that nobody but the running thread has. Used by what judges locks and flags of
// objects.
#pragma once

#include <algorithm>

#include "analysis/views.h"

namespace ftaudit::analysis {

// The object is the last that the path, in terms of the view, is led to by a pointer; a place that no pointer leads to
// is no such object's.
inline bool is_in_private_object(const Views& views, const View& view, const Path& path, EventId at) {
  const auto last = std::find_if(path.steps.rbegin(), path.steps.rend(),
                                 [](const model::Step& step) { return step.kind == model::Step::Kind::deref; });
  if (last == path.steps.rend()) return false;
  return views.owner(view, path, static_cast<std::size_t>(path.steps.rend() - last) - 1, at).is_private();
}

// Whoever gets to the function has the object of the place, a path in its own terms, to himself.
inline bool is_in_private_object(const Views& views, FunctionId id, const Path& path, EventId at) {
  const std::vector<ViewId>& all = views.of(id);
  return !all.empty() && std::all_of(all.begin(), all.end(), [&](ViewId number) {
    const View& view = views.view(number);
    return is_in_private_object(views, view, views.lifted(view, path), at);
  });
}

}  // namespace ftaudit::analysis
