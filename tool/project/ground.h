// Ground: which folders of this machine a project may have read. Its own tree and its repository; folders that
// installations keep headers in; and folders elsewhere that hold headers and are nobody's private ones. Asked by the
// filter of flags and by whoever grants a child what it may open. Used by project, frontend and cli.
#pragma once

#include "base/files.h"

namespace ftaudit::project {

// The folder under version control that `root` lies in, or `root` itself; never a home folder or above one.
fs::path repository_top(const fs::path& root);

// Whether headers may be searched for in `folder`, a folder that is there, by a project at `root` in the repository at
// `top`. Judged by where links lead.
bool is_open_folder(const fs::path& folder, const fs::path& root, const fs::path& top);

}  // namespace ftaudit::project
