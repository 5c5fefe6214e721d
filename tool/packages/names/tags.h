// Which wheels an interpreter takes: targets ("3.13t" on a platform), wheel file names (PEP 427) and tags (PEP 425,
// 600, 656, 703, 803). From file names alone: what a wheel really holds is not asked here. Facts: a free-threaded
// interpreter takes cp313-cp313t, cp3x-none, py3-none and, from 3.15 on, cp3x-abi3t; never abi3.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ftaudit::packages {

struct Platform {
  enum class System { linux_glibc, linux_musl, macos, windows };
  System system = System::linux_glibc;
  int major = 2, minor = 0;        // of the C library, or of macOS
  std::string machine = "x86_64";  // as in tags: x86_64, aarch64, arm64, amd64, win32, i686
  std::string text() const;        // "manylinux_2_36_x86_64", "macosx_14_0_arm64", "win_amd64"
  bool operator==(const Platform&) const = default;
};

// The platform of a tag ("manylinux_2_28_x86_64", "manylinux2014_x86_64", "musllinux_1_2_aarch64", "macosx_14_0_arm64",
// "win_amd64") or short "linux", "macos", "windows" (this machine's, or the common, processor).
Result<Platform> parse_platform(std::string_view text);
Platform this_platform();

struct Target {
  int major = 3, minor = 13;
  bool free_threaded = true;
  Platform platform;
  std::string python() const;  // "3.13"
  std::string text() const;    // "3.13t"
  std::string abi() const;     // "cp313t"
  bool operator==(const Target&) const = default;
};

// "3.13t", "3.14", "cp315t". The error names what is understood.
Result<Target> parse_target(std::string_view python, const Platform& platform);

struct WheelName {
  std::string name;     // as written
  std::string version;  // as written
  std::string build;
  std::vector<std::string> pythons, abis, platforms;

  bool is_pure() const;  // none-any
};

Result<WheelName> parse_wheel_name(std::string_view file_name);

// What a wheel's tags mean for the target, best first.
enum class Fit {
  free_threaded,  // cp313t
  stable_abi_t,   // abi3t, loadable by GIL and free-threaded builds from 3.15 on
  pure,           // py3-none-any
  foreign,        // py3-none-PLATFORM: binaries, but no extension of this interpreter's ABI
  exact,          // cp313 or abi3 for a target with the GIL
  gil_only,       // right Python and platform, but cp313 or abi3: a free-threaded interpreter refuses it
  other_python,   // for another version of Python
  other_platform,
};
Fit fit(const WheelName& wheel, const Target& target);

// Place of the wheel among those the target accepts, 0 the best; nothing when it is refused. Installers take the
// lowest.
std::optional<std::size_t> preference(const WheelName& wheel, const Target& target);

// "cp313-cp313t-manylinux_2_36_x86_64", ... in the order in which installers prefer them.
std::vector<std::string> accepted_tags(const Target& target);

// The same interpreter with its GIL: what a package without free-threaded wheels would be resolved for.
Target with_gil(const Target& target);

}  // namespace ftaudit::packages
