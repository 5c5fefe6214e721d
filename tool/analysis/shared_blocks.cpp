// Shared: blocks that were never one. The pointers of two fields whose every allocation is in sight, none of them in
// common, lead to different memory: a decoder's buffer under the decoder's lock and an encoder's under the encoder's do
// not meet, whatever struct both are.
#include <algorithm>

#include "analysis/shared.h"

namespace ftaudit::analysis {

void Shared::find_blocks(const Contexts& contexts, const Ownership& ownership) {
  std::optional<Allocation> allocation;  // most projects have nothing to ask of it
  const auto known = [&](const std::string& field) {
    const auto [found, made] = blocks_.try_emplace(field);
    if (!made) return !found->second.empty();
    if (!allocation) allocation.emplace(program_, held_, contexts, &ownership);
    if (Allocation::Sources sources = allocation->in_field(field); sources.complete)
      found->second = std::move(sources.calls);
    return !found->second.empty();
  };
  const auto settle = [&](State& state, std::string Access::* found) {
    const std::string first = state.accesses[0].*found;
    const bool several = std::ranges::any_of(state.accesses, [&](const Access& one) { return one.*found != first; });
    for (Access& access : state.accesses)
      if (!(access.*found).empty() && !(several && known(access.*found))) (access.*found).clear();
  };
  for (Listing* listing : {&states_, &containers_})
    for (State& state : listing->states) settle(state, &Access::holder), settle(state, &Access::tree);
}

// Who holds the lock of an owner is taken to be at what stays below that owner: two owners' blocks are apart with all
// that hangs off them.
bool Shared::in_other_blocks(const Access& a, const Access& b) const {
  const auto apart = [&](const std::string& one, const std::string& other) {
    if (one.empty() || other.empty() || one == other) return false;
    const std::vector<Site>& made = blocks_.at(one);
    return std::ranges::none_of(blocks_.at(other),
                                [&](const Site& site) { return std::ranges::find(made, site) != made.end(); });
  };
  return apart(a.holder, b.holder) || apart(a.tree, b.tree);
}

}  // namespace ftaudit::analysis
