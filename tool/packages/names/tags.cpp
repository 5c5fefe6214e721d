#include "packages/names/tags.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <list>
#include <mutex>
#include <unordered_map>

#include "base/text.h"
#include "packages/names/name.h"
#include "packages/names/version.h"

namespace ftaudit::packages {
namespace {

using System = Platform::System;

std::optional<int> number(std::string_view text) {
  int value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0 || value > 9999) return std::nullopt;
  return value;
}

std::string numbered(std::string_view prefix, int major, int minor, std::string_view machine) {
  return std::string(prefix) + "_" + std::to_string(major) + "_" + std::to_string(minor) + "_" + std::string(machine);
}

// manylinux tags from before PEP 600, by the minor version of glibc 2 they stand for.
constexpr std::pair<std::string_view, int> legacy_manylinux[] = {
    {"manylinux2014", 17}, {"manylinux2010", 12}, {"manylinux1", 5}};

std::vector<std::string> linux_platforms(const Platform& platform) {
  std::vector<std::string> all{"linux_" + platform.machine};
  if (platform.system == System::linux_musl) {
    for (int minor = platform.minor; minor >= 0; --minor)
      all.push_back(numbered("musllinux", platform.major, minor, platform.machine));
    return all;
  }
  const bool intel = platform.machine == "x86_64" || platform.machine == "i686";
  for (int minor = platform.minor; minor >= (intel ? 5 : 17); --minor) {
    all.push_back(numbered("manylinux", platform.major, minor, platform.machine));
    for (auto [name, of] : legacy_manylinux)
      if (of == minor && (intel || minor == 17)) all.push_back(std::string(name) + "_" + platform.machine);
  }
  return all;
}

std::vector<std::string> mac_formats(const std::string& machine, int major, int minor) {
  if (machine != "x86_64") return {machine, "universal2"};
  if (major == 10 && minor < 4) return {};
  return {machine, "intel", "fat64", "fat3", "universal2", "universal"};
}

std::vector<std::string> mac_platforms(const Platform& platform) {
  std::vector<std::string> all;
  auto add = [&](int major, int minor, const std::vector<std::string>& formats) {
    for (const std::string& format : formats) all.push_back(numbered("macosx", major, minor, format));
  };
  for (int major = platform.major; major >= 11; --major) add(major, 0, mac_formats(platform.machine, major, 0));
  if (platform.major >= 11) {
    for (int minor = 16; minor > 3; --minor)
      add(10, minor,
          platform.machine == "x86_64" ? mac_formats("x86_64", 10, minor) : std::vector<std::string>{"universal2"});
  } else {
    for (int minor = platform.minor; minor >= 0; --minor) add(10, minor, mac_formats(platform.machine, 10, minor));
  }
  return all;
}

std::vector<std::string> platform_tags(const Platform& platform) {
  switch (platform.system) {
    case System::windows: return {platform.machine == "win32" ? "win32" : "win_" + platform.machine};
    case System::macos: return mac_platforms(platform);
    default: return linux_platforms(platform);
  }
}

struct Accepted {
  std::vector<std::string> tags, platforms;
  std::unordered_map<std::string, std::size_t> rank;
};

Accepted list_accepted(const Target& target) {
  Accepted accepted;
  accepted.platforms = platform_tags(target.platform);
  auto add = [&](const std::string& python, const std::string& abi) {
    for (const std::string& platform : accepted.platforms) accepted.tags.push_back(python + "-" + abi + "-" + platform);
  };
  const std::string major = std::to_string(target.major), stable = target.free_threaded ? "abi3t" : "abi3";
  auto cp = [&](int minor) { return "cp" + major + std::to_string(minor); };
  add(cp(target.minor), target.abi());
  add(cp(target.minor), stable);
  add(cp(target.minor), "none");
  for (int minor = target.minor - 1; minor > 1; --minor) add(cp(minor), stable);
  std::vector<std::string> generic{"py" + major + std::to_string(target.minor), "py" + major};
  for (int minor = target.minor - 1; minor >= 0; --minor) generic.push_back("py" + major + std::to_string(minor));
  for (const std::string& python : generic) add(python, "none");
  accepted.tags.push_back(cp(target.minor) + "-none-any");
  for (const std::string& python : generic) accepted.tags.push_back(python + "-none-any");
  for (std::size_t i = 0; i < accepted.tags.size(); ++i) accepted.rank.try_emplace(accepted.tags[i], i);
  return accepted;
}

// Index pages list thousands of wheels; the few targets of a run are worked out once.
const Accepted& accepted_for(const Target& target) {
  static std::mutex mutex;
  static std::list<std::pair<Target, Accepted>> known;
  thread_local std::vector<const std::pair<Target, Accepted>*> seen;
  auto same = [&](const auto* one) { return one->first == target; };
  if (auto found = std::ranges::find_if(seen, same); found != seen.end()) return (*found)->second;
  std::lock_guard lock(mutex);
  auto found = std::ranges::find_if(known, [&](const auto& one) { return one.first == target; });
  if (found == known.end()) found = known.emplace(known.end(), target, list_accepted(target));
  seen.push_back(&*found);
  return found->second;
}

struct Match {
  std::size_t rank;
  std::string abi, platform;
};

std::optional<Match> best_match(const WheelName& wheel, const Target& target) {
  const Accepted& accepted = accepted_for(target);
  std::optional<Match> best;
  for (const std::string& python : wheel.pythons)
    for (const std::string& abi : wheel.abis)
      for (const std::string& platform : wheel.platforms) {
        auto found = accepted.rank.find(python + "-" + abi + "-" + platform);
        if (found != accepted.rank.end() && (!best || found->second < best->rank))
          best = Match{found->second, abi, platform};
      }
  return best;
}

// A tag's machine: everything after "name_1_2_".
std::optional<Platform> numbered_platform(std::string_view text, std::string_view prefix, System system) {
  if (!text.starts_with(prefix)) return std::nullopt;
  auto parts = split(text.substr(prefix.size()), '_');
  if (parts.size() < 3) return std::nullopt;
  auto major = number(parts[0]), minor = number(parts[1]);
  if (!major || !minor || *major > 99 || *minor > 999) return std::nullopt;
  std::string machine = join(std::span(parts).subspan(2), "_");
  if (machine.empty()) return std::nullopt;
  return Platform{system, *major, *minor, machine};
}

}  // namespace

std::string Platform::text() const {
  switch (system) {
    case System::linux_glibc: return numbered("manylinux", major, minor, machine);
    case System::linux_musl: return numbered("musllinux", major, minor, machine);
    case System::macos: return numbered("macosx", major, minor, machine);
    case System::windows: return machine == "win32" ? machine : "win_" + machine;
  }
  return {};
}

Platform this_platform() {
  Platform platform;
  utsname system{};
  if (uname(&system) == 0) platform.machine = system.machine;
#ifdef __APPLE__
  platform.system = System::macos;
  auto kernel = number(split(system.release, '.').front());
  platform.major = kernel ? *kernel - 9 : 11;  // Darwin 20 is macOS 11
  platform.minor = 0;
#else
  char text[64] = "";
#ifdef _CS_GNU_LIBC_VERSION
  confstr(_CS_GNU_LIBC_VERSION, text, sizeof text);  // "glibc 2.36"; another C library has no such name
#endif
  auto parts = split(std::string_view(text).substr(std::string_view(text).starts_with("glibc ") ? 6 : 0), '.');
  auto major = parts.size() == 2 ? number(parts[0]) : std::nullopt, minor = major ? number(parts[1]) : std::nullopt;
  platform.system = minor ? System::linux_glibc : System::linux_musl;
  platform.major = minor ? *major : 1;
  platform.minor = minor ? *minor : 2;
#endif
  return platform;
}

Result<Platform> parse_platform(std::string_view text) {
  const Platform here = this_platform();
  if (text.empty()) return here;
  if (text == "linux") return here.system == System::macos ? Platform{System::linux_glibc, 2, 28, "x86_64"} : here;
  if (text == "macos") return here.system == System::macos ? here : Platform{System::macos, 14, 0, "arm64"};
  if (text == "windows" || text == "win_amd64") return Platform{System::windows, 0, 0, "amd64"};
  if (text == "win_arm64") return Platform{System::windows, 0, 0, "arm64"};
  if (text == "win32") return Platform{System::windows, 0, 0, "win32"};
  if (text.starts_with("linux_") && text.size() > 6)
    return Platform{System::linux_glibc, 2, 28, std::string(text.substr(6))};
  for (auto [name, minor] : legacy_manylinux)
    if (text.starts_with(name) && text.substr(name.size()).starts_with("_") && text.size() > name.size() + 1)
      return Platform{System::linux_glibc, 2, minor, std::string(text.substr(name.size() + 1))};
  for (auto [prefix, system] : {std::pair<std::string_view, System>{"manylinux_", System::linux_glibc},
                                {"musllinux_", System::linux_musl},
                                {"macosx_", System::macos}})
    if (auto platform = numbered_platform(text, prefix, system)) return *platform;
  return Error{"\"" + std::string(text) +
               "\" is no platform ftaudit knows; it may be linux, macos, windows or a wheel's platform tag "
               "such as manylinux_2_28_x86_64, musllinux_1_2_aarch64, macosx_14_0_arm64 or win_amd64"};
}

std::string Target::python() const { return std::to_string(major) + "." + std::to_string(minor); }
std::string Target::text() const { return python() + (free_threaded ? "t" : ""); }
std::string Target::abi() const {
  return "cp" + std::to_string(major) + std::to_string(minor) + (free_threaded ? "t" : "");
}

Result<Target> parse_target(std::string_view python, const Platform& platform) {
  std::string_view text = python;
  const bool tag = text.starts_with("cp");
  if (tag) text.remove_prefix(2);
  Target target;
  target.platform = platform;
  target.free_threaded = text.ends_with("t");
  if (target.free_threaded) text.remove_suffix(1);
  std::size_t dot = text.find('.');
  auto major = number(dot == std::string_view::npos ? text.substr(0, 1) : text.substr(0, dot));
  auto minor =
      number(dot == std::string_view::npos ? text.substr(std::min<std::size_t>(1, text.size())) : text.substr(dot + 1));
  const Error no{"\"" + std::string(python) +
                 "\" is no version of Python to audit for; it is written 3.13t, 3.14t or 3.15t"};
  if (!major || !minor || (tag == (dot != std::string_view::npos))) return no;
  target.major = *major;
  target.minor = *minor;
  if (target.major != 3 || target.minor > 99) return no;
  if (target.free_threaded && target.minor < 13)
    return Error{"Python " + target.python() + " has no free-threaded build: 3.13t is the first"};
  return target;
}

Target with_gil(const Target& target) {
  Target other = target;
  other.free_threaded = false;
  return other;
}

bool WheelName::is_pure() const {
  return std::ranges::find(abis, "none") != abis.end() && std::ranges::find(platforms, "any") != platforms.end();
}

Result<WheelName> parse_wheel_name(std::string_view file_name) {
  const Error no{"\"" + std::string(file_name) + "\" is no wheel's file name (name-version-python-abi-platform.whl)"};
  if (!file_name.ends_with(".whl")) return no;
  auto parts = split(file_name.substr(0, file_name.size() - 4), '-');
  if (parts.size() != 5 && parts.size() != 6) return no;
  WheelName wheel;
  wheel.name = parts[0];
  wheel.version = parts[1];
  if (parts.size() == 6) wheel.build = parts[2];
  if (!is_name(wheel.name) || wheel.name.find("__") != std::string::npos) return no;
  if (!Version::parse(wheel.version)) return no;
  if (parts.size() == 6 && (wheel.build.empty() || wheel.build[0] < '0' || wheel.build[0] > '9')) return no;
  // Compressed sets multiply: a hostile name must not.
  for (auto [set, part] : {std::pair{&wheel.pythons, parts.size() - 3},
                           {&wheel.abis, parts.size() - 2},
                           {&wheel.platforms, parts.size() - 1}}) {
    *set = split(to_lower(parts[part]), '.');
    if (set->size() > 32 || std::ranges::any_of(*set, [](const std::string& tag) { return tag.empty(); })) return no;
  }
  return wheel;
}

Fit fit(const WheelName& wheel, const Target& target) {
  if (auto match = best_match(wheel, target)) {
    if (match->abi == "none") return match->platform == "any" ? Fit::pure : Fit::foreign;
    if (match->abi == "abi3t") return Fit::stable_abi_t;
    return target.free_threaded ? Fit::free_threaded : Fit::exact;
  }
  if (target.free_threaded && best_match(wheel, with_gil(target))) return Fit::gil_only;
  const auto& platforms = accepted_for(target).platforms;
  const bool platform_fits = std::ranges::any_of(wheel.platforms, [&](const std::string& platform) {
    return platform == "any" || std::ranges::find(platforms, platform) != platforms.end();
  });
  return platform_fits ? Fit::other_python : Fit::other_platform;
}

std::optional<std::size_t> preference(const WheelName& wheel, const Target& target) {
  auto match = best_match(wheel, target);
  return match ? std::optional(match->rank) : std::nullopt;
}

std::vector<std::string> accepted_tags(const Target& target) { return accepted_for(target).tags; }

}  // namespace ftaudit::packages
