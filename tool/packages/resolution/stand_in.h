// Stand-ins: tiny wheels with the metadata of a release and nothing else, for releases whose own files a resolver would
// have to build, or cannot take for a target. So a resolver goes on, and no code of a package runs. They live in
// scratch only. Used by resolve.
#pragma once

#include <string>
#include <vector>

#include "packages/index/index.h"
#include "packages/names/names.h"

namespace ftaudit::packages {

// Metadata of a release without building it: from any of its wheels (whatever it is for), else from an sdist that says
// its dependencies are not worked out by the build (PEP 643). The error says why there is none.
Result<Metadata> metadata_without_building(Index& index, const Release& release);

// Writes NAME-VERSION-py3-none-any.whl into the folder.
Status write_stand_in(const fs::path& folder, const std::string& name, const std::string& version,
                      const std::vector<std::string>& requires_dist, const std::vector<std::string>& extras);

}  // namespace ftaudit::packages
