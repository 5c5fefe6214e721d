#include "packages/index/releases.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "packages/inputs/inputs.h"
#include "packages/names/names.h"

namespace ftaudit::packages {
namespace {

// Whether requires-python takes the target; nonsense there keeps nobody out, as installers have it.
bool takes_python(const std::string& requires_python, const Target& target) {
  if (requires_python.empty()) return true;
  auto clauses = Specifiers::parse(requires_python);
  // The newest patch release: "requires-python >= 3.13.2" does not shut out 3.13.
  auto version = Version::parse(target.python() + ".999");
  return !clauses.ok() || clauses->contains(*version, true);
}

void add_wheel(Release& release, const IndexFile& file, const WheelName& wheel, const Target& target,
               std::optional<std::size_t>& best_rank) {
  release.wheels.push_back(file);
  const Fit this_fit = fit(wheel, target);
  if (!release.best || this_fit < *release.best) release.best = this_fit;
  auto rank = preference(wheel, target);
  if (!rank || !takes_python(file.requires_python, target)) return;
  // A withdrawn file is taken only where the whole release is withdrawn, and then only by who pins it.
  const bool better = !release.chosen || (release.chosen->yanked && !file.yanked) ||
                      (release.chosen->yanked.has_value() == file.yanked.has_value() && *rank < *best_rank);
  if (!better) return;
  best_rank = rank;
  release.chosen = file;
}

}  // namespace

std::vector<Release> releases(const ProjectPage& page, std::string_view project, const Target& target) {
  struct Building {
    Release release;
    std::optional<std::size_t> rank;
    bool any_kept = false, any_python = false;
  };
  std::map<Version, Building> by_version;
  // A release has up to a hundred files, whose version and name are written the same way.
  std::unordered_map<std::string, Building*> by_text;
  std::unordered_map<std::string, bool> pythons;
  const std::string wanted = normal_name(project);
  std::string written;
  for (const IndexFile& file : page.files) {
    auto wheel = file.is_wheel() ? std::optional(parse_wheel_name(file.name)) : std::nullopt;
    std::string name, version_text;
    if (wheel && wheel->ok()) name = (*wheel)->name, version_text = (*wheel)->version;
    else if (!parse_sdist_name(file.name, name, version_text)) continue;
    if (name != written) {
      if (normal_name(name) != wanted) continue;
      written = name;
    }
    const auto [known, fresh] = by_text.try_emplace(version_text, nullptr);
    if (fresh)
      if (const auto version = Version::parse(version_text)) {
        known->second = &by_version[*version];
        known->second->release.version = *version;
      }
    if (known->second == nullptr) continue;
    Building& building = *known->second;
    building.any_kept |= !file.yanked;
    const auto [asked, unasked] = pythons.try_emplace(file.requires_python, false);
    if (unasked) asked->second = takes_python(file.requires_python, target);
    building.any_python |= asked->second;
    if (file.yanked && !file.yanked->empty()) building.release.yank_reason = *file.yanked;
    if (wheel) add_wheel(building.release, file, **wheel, target, building.rank);
    else building.release.sdists.push_back(file);
  }
  std::vector<Release> all;
  for (auto& [version, building] : by_version) {
    building.release.yanked = !building.any_kept;
    building.release.python_fits = building.any_python;
    all.push_back(std::move(building.release));
  }
  return all;
}

namespace {

// Whether no later release is usable.
template <class Usable>
bool is_final_end(const Release& from, const std::vector<Release>& all, Usable usable, bool prereleases) {
  return std::ranges::none_of(all, [&](const Release& release) {
    return release.version > from.version && release.version.is_prerelease() == prereleases && usable(release);
  });
}

}  // namespace

Availability availability(const std::vector<Release>& all) {
  Availability found;
  auto usable = [](const Release& release) { return release.chosen.has_value() && !release.yanked; };
  const Release* newest = nullptr;
  for (const Release& release : all)
    if (!release.yanked && (!newest || !release.version.is_prerelease() || newest->version.is_prerelease()))
      newest = &release;
  if (!newest) return found;
  found.newest = newest->version.text();
  found.sdist_only = newest->wheels.empty();
  for (bool prereleases : {false, true}) {
    for (const Release& release : all) {
      if (release.yanked || release.version.is_prerelease() != prereleases) continue;
      // A gap begins anew: "from 2.1 on" must be true of every release since.
      if (!usable(release)) {
        if (is_final_end(release, all, usable, prereleases)) break;
        found.first.clear();
        continue;
      }
      if (found.first.empty()) found.first = release.version.text();
      found.latest = release.version.text();
    }
    if (!found.first.empty()) {
      found.prerelease_only = prereleases;
      break;
    }
  }
  return found;
}

const Release* find_release(const std::vector<Release>& all, std::string_view version) {
  if (!version.empty()) {
    auto wanted = Version::parse(version);
    auto found =
        std::ranges::find_if(all, [&](const Release& release) { return wanted && release.version == *wanted; });
    return found == all.end() ? nullptr : &*found;
  }
  for (bool prereleases : {false, true})
    for (auto it = all.rbegin(); it != all.rend(); ++it)
      if (!it->yanked && it->version.is_prerelease() == prereleases) return &*it;
  return nullptr;
}

}  // namespace ftaudit::packages
