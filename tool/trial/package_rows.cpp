#include "trial/package_rows.h"

#include <algorithm>
#include <map>

#include "packages/names/names.h"

namespace ftaudit::trial {
namespace {

using State = TriedPackage::State;

// What the environment itself brings.
bool is_installer(std::string_view name) { return name == "pip" || name == "setuptools" || name == "wheel"; }

State state_of(const Distribution& free, const Distribution* gil) {
  if (gil == nullptr) return State::installed;
  if (free.modules.empty() && !gil->modules.empty()) return State::without_c_part;
  return free.version != gil->version ? State::other_version : State::installed;
}

}  // namespace

std::vector<TriedPackage> package_rows(const Installed& gil, const Installed& free) {
  std::map<std::string, const Distribution*> with;
  for (const Distribution& one : gil.distributions) with[packages::normal_name(one.name)] = &one;
  std::vector<TriedPackage> out;
  for (const Refused& one : free.refused) {
    const bool anywhere =
        std::ranges::any_of(gil.refused, [&](const Refused& other) { return other.what == one.what; });
    out.push_back({.name = one.what,
                   .state = anywhere ? State::cannot_install_anywhere : State::cannot_install,
                   .for_tests = one.for_tests,
                   .why = one.why});
  }
  for (const Distribution& one : free.distributions) {
    const std::string key = packages::normal_name(one.name);
    if (is_installer(key)) continue;
    const auto other = with.find(key);
    const Distribution* twin = other == with.end() ? nullptr : other->second;
    out.push_back({.name = one.name,
                   .version = one.version,
                   .gil_version = twin == nullptr ? "" : twin->version,
                   .modules = one.modules,
                   .state = state_of(one, twin),
                   .built_here = one.built_here()});
  }
  for (const Unpinned& one : free.unpinned)
    for (TriedPackage& row : out)
      if (packages::normal_name(row.name) == packages::normal_name(one.name) && row.version != one.version)
        row.pin = one.version, row.why = row.why.empty() ? one.why : row.why;
  std::ranges::stable_sort(out, std::greater(), [](const TriedPackage& one) { return one.state; });
  return out;
}

}  // namespace ftaudit::trial
