// A project's releases in order and what of them a target can use: which versions have a wheel for the free-threaded
// ABI, and from which one on. Pure functions over what an index said.
#pragma once

#include "packages/index/project_page.h"
#include "packages/names/names.h"

namespace ftaudit::packages {

struct Release {
  Version version;
  std::vector<IndexFile> wheels, sdists;
  bool yanked = false;  // every file of it
  std::string yank_reason;
  bool python_fits = true;  // requires-python takes the target
  std::optional<Fit> best;  // of its wheels; nothing when it has none
  std::optional<IndexFile>
      chosen;  // the wheel an installer takes for the target, if any; of a yanked release: who pins it
};

// Oldest first; files whose name says no version are left out.
std::vector<Release> releases(const ProjectPage& page, std::string_view project, const Target& target);

struct Availability {
  // From `first` to `latest` every release can be used on the target without building; both "" when none can.
  std::string first;
  std::string latest;            // the highest version with a wheel that fits
  std::string newest;            // highest final version of all
  bool sdist_only = false;       // the newest release has no wheel at all
  bool prerelease_only = false;  // first/latest are pre-releases: no final one fits
};
Availability availability(const std::vector<Release>& all);

// The release an installer would take: exact version text, or the newest final one.
const Release* find_release(const std::vector<Release>& all, std::string_view version);

}  // namespace ftaudit::packages
