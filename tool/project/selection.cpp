#include "project/selection.h"

#include "project/selected_sources.h"

namespace ftaudit::project {

void select_units(const Scope& scope, const Tree& tree, const Description& description,
                  std::span<const CompileEntry> entries, const Options& options, const Outside& outside, Project& out) {
  Selection selection(scope, tree, description, options, outside, out);
  if (entries.empty()) selection.from_tree();
  else selection.from_entries(entries);
}

}  // namespace ftaudit::project
