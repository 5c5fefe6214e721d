// A file at a server as a ByteSource: ranges where the server knows them, else all of it once. Used by index.
#pragma once

#include <memory>

#include "packages/index/http.h"
#include "packages/index/project_page.h"
#include "packages/wheels/wheels.h"

namespace ftaudit::packages {

// `http` must outlive the source. Not for a file on disk (`file.path`): its reader lies elsewhere.
std::unique_ptr<ByteSource> remote_bytes(Http& http, const IndexFile& file, std::uint64_t download_limit, bool offline);

}  // namespace ftaudit::packages
