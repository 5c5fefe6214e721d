// Gather: everything about one resolved package that a verdict wants: what its index offers for the target, what its
// wheel declares, what its sdist would have to build. Runs nothing of the package. Thread-safe: many packages are
// gathered at the same time. Used by report.
#pragma once

#include "packages/index/index.h"
#include "packages/resolution/resolution.h"
#include "packages/verdict/judge.h"

namespace ftaudit::packages {

struct GatherOptions {
  Target target;
  bool binaries = true;  // false: names and metadata only
  WheelLimits limits;
  std::uint64_t source_bytes = 24u << 20;  // an sdist larger than this is not fetched
};

// `index` may be null: then only what lies on this machine is looked at.
Evidence gather(const Resolved& package, Index* index, Cache* cache, const GatherOptions& options);

// The sdist of a resolved package in `folder`, for what must be unpacked; an error says why there is none.
Result<fs::path> fetch_source(const Resolved& package, Index* index, const Target& target, const fs::path& folder,
                              std::uint64_t limit);

}  // namespace ftaudit::packages
