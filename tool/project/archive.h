// Unpacks an archive of sources (an sdist: .tar.gz, .zip, ...) into a folder of ours. An archive is a stranger's: it is
// read by a confined child, nothing of it lands outside the folder, and it cannot fill the disk. Used within project.
#pragma once

#include <cstdint>

#include "project/project.h"

namespace ftaudit::project {

struct ArchiveLimits {
  std::uint64_t bytes = std::uint64_t{2} << 30;  // of all files together, unpacked
  std::uint64_t entries = 200'000;
  std::uint64_t ratio = 200;  // of what is unpacked to the archive itself, once that is `at_ease`
  std::uint64_t at_ease = 64u << 20;
};

// Whether the name is one of an archive.
bool is_archive_name(const fs::path& file);

// Errors name the archive: not an archive, cut short, too large, or an entry that reaches outside (an absolute path,
// "..", a device). Links are left out; those that would lead out of the folder are an error.
Status unpack(const fs::path& archive, const fs::path& folder, const ArchiveLimits& limits = {});

}  // namespace ftaudit::project
