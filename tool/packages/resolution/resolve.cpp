#include "packages/resolution/resolve.h"

#include "packages/index/index.h"
#include "packages/resolution/rounds.h"

namespace ftaudit::packages {

Result<Resolution> resolve(const Input& input, const ResolveOptions& options, Index& index, Progress& progress) {
  Resolution resolution;
  if (input.resolved) {
    resolution = already_chosen(input, options.target);
  } else {
    ResolveOptions all = options;
    all.index = effective(options.index, input.index, installer_settings().index);
    auto resolver = find_resolver(all);
    if (!resolver.ok()) return resolver.error();
    auto resolved = Rounds(input, all, index, progress, **resolver).all();
    if (!resolved.ok()) return resolved;
    resolution = std::move(*resolved);
  }
  complete(resolution);
  return resolution;
}

}  // namespace ftaudit::packages
