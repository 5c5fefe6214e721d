#include "python/header_package.h"

#include <sys/utsname.h>

#include <algorithm>
#include <cstdlib>

#include "base/process.h"
#include "base/text.h"
#include "headers/carried.h"
#include "python/interpreter.h"
#include "python/unpack.h"

namespace ftaudit::python {
namespace {

using namespace std::chrono_literals;

const HeaderPackage packages[] = {
    {"cppy", "cppy/cppy.h", {"cppy/include"}},
    {"nanobind", "nanobind/nanobind.h", {"nanobind/include", "nanobind/ext/robin_map/include"}},
    {"numpy", "numpy/arrayobject.h", {"numpy/_core/include", "numpy/core/include"}},
    {"pybind11", "pybind11/pybind11.h", {"pybind11/include"}},
};

const HeaderPackage* package_named(std::string_view name) {
  for (const HeaderPackage& package : packages)
    if (package.name == name) return &package;
  return nullptr;
}

bool is_there(const fs::path& path) { return headers::exists(path); }

// The package's include folders in one site-packages folder; none unless its header is there.
std::vector<fs::path> folders_in(const HeaderPackage& package, const fs::path& site) {
  std::vector<fs::path> found;
  bool whole = false;
  for (const std::string_view folder : package.folders) {
    if (!is_there(site / folder)) continue;
    whole |= is_there(site / folder / package.header);
    found.push_back(site / folder);
  }
  return whole ? found : std::vector<fs::path>();
}

// "numpy-2.10.0" is newer than "numpy-2.9.1": digits count as numbers.
bool older(const std::string& a, const std::string& b) {
  const auto numbers = [](std::string_view text) {
    std::vector<unsigned long> found;
    for (std::size_t i = 0; i < text.size();) {
      const std::size_t end = text.find_first_not_of("0123456789", i);
      if (end != i) found.push_back(std::strtoul(std::string(text.substr(i, end - i)).c_str(), nullptr, 10));
      i = end == i ? i + 1 : end == std::string_view::npos ? text.size() : end;
    }
    return found;
  };
  return numbers(a.substr(a.rfind('-') + 1)) < numbers(b.substr(b.rfind('-') + 1));
}

// The package's versions in a folder laid out like headers_folder(), newest first.
std::vector<fs::path> versions_in(const fs::path& folder, std::string_view name) {
  std::vector<fs::path> found;
  for (const fs::path& child : headers::children(folder))
    if (child.filename().string().starts_with(std::string(name) + "-")) found.push_back(child);
  std::sort(found.begin(), found.end(),
            [](const fs::path& a, const fs::path& b) { return older(b.filename(), a.filename()); });
  return found;
}

void add_site_packages(std::vector<fs::path>& sites, const fs::path& prefix) {
  std::error_code ignored;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(prefix / "lib", ignored)) {
    if (!entry.path().filename().string().starts_with("python3")) continue;
    for (const char* name : {"site-packages", "dist-packages"})
      if (is_there(entry.path() / name)) found.push_back(entry.path() / name);
  }
  std::sort(found.rbegin(), found.rend());
  sites.insert(sites.end(), found.begin(), found.end());
}

// The version in a wheel's name: "numpy-2.3.1-cp313-cp313t-manylinux_2_28_x86_64.whl" -> "2.3.1".
std::string version_of_wheel(const fs::path& wheel) {
  const std::vector<std::string> parts = split(wheel.filename().string(), '-');
  return parts.size() >= 5 && wheel.extension() == ".whl" ? parts[1] : "";
}

std::string last_words(std::string_view text) {
  std::string said;
  for (const std::string& line : split(text, '\n'))
    if (trim(line).starts_with("ERROR:")) said = trim(std::string_view(line).substr(line.find(':') + 1));
  return said;
}

}  // namespace

std::span<const HeaderPackage> header_packages() { return packages; }

std::string package_of_header(std::string_view header) {
  const std::string_view top = header.substr(0, header.find('/'));
  return top.size() < header.size() && package_named(top) != nullptr ? std::string(top) : "";
}

fs::path headers_folder() { return data_folder() / "headers"; }

std::vector<fs::path> package_sites(std::string_view package, const std::vector<Interpreter>& interpreters) {
  std::vector<fs::path> sites;
  for (const char* active : {"VIRTUAL_ENV", "CONDA_PREFIX"})
    if (const char* prefix = std::getenv(active); prefix != nullptr && *prefix != '\0')
      add_site_packages(sites, prefix);
  for (const fs::path& own : versions_in(headers_folder(), package)) sites.push_back(own);
  for (const Interpreter& interpreter : interpreters)
    if (!interpreter.prefix.empty()) add_site_packages(sites, interpreter.prefix);
  // Headers are of use whatever Python they were installed for.
  std::error_code failed;
  if (const fs::path python = fs::canonical(find_program("python3"), failed); !failed)
    add_site_packages(sites, python.parent_path().parent_path());
  if (const char* home = std::getenv("HOME"); home != nullptr) add_site_packages(sites, fs::path(home) / ".local");
  for (const char* prefix : {"/usr/local", "/usr"}) add_site_packages(sites, prefix);
  return sites;
}

std::vector<fs::path> find_header_package(std::string_view name) {
  return find_header_package(name, find_interpreters());
}

std::vector<fs::path> find_header_package(std::string_view name, const std::vector<Interpreter>& interpreters) {
  const HeaderPackage* package = package_named(name);
  if (package == nullptr) return {};
  for (const fs::path& site : package_sites(name, interpreters))
    if (std::vector<fs::path> found = folders_in(*package, site); !found.empty()) return found;
  // Debian's pybind11-dev lays its headers out like a library's; the compiler looks there by itself, but says so.
  if (is_there(fs::path("/usr/include") / package->header)) return {"/usr/include"};
  if (const fs::path carried = headers::carried_root(); !carried.empty())
    for (const fs::path& version : versions_in(carried / "headers", name))
      if (std::vector<fs::path> found = folders_in(*package, version); !found.empty()) return found;
  return {};
}

Result<fs::path> unpack_wheel(std::string_view package, const fs::path& wheel,
                              const std::function<bool(std::string_view member)>& wanted,
                              const std::function<std::string(const fs::path&)>& whole) {
  const std::string version = version_of_wheel(wheel);
  if (version.empty()) return Error{wheel.filename().string() + " is not named like a wheel"};
  const fs::path final_folder = headers_folder() / (std::string(package) + "-" + version);
  const fs::path arriving = headers_folder() / ("." + final_folder.filename().string() + ".new");
  std::error_code failed;
  fs::remove_all(arriving, failed);
  const Status unpacked = unpack(wheel, arriving, [&](std::string_view member) -> fs::path {
    return wanted(member) ? fs::path(member) : fs::path();
  });
  std::string problem = unpacked ? whole(arriving) : unpacked.message();
  if (problem.empty()) {
    fs::remove_all(final_folder, failed);
    fs::rename(arriving, final_folder, failed);
    if (failed) problem = "cannot write " + final_folder.string() + ": " + failed.message();
  }
  if (problem.empty()) return final_folder;
  fs::remove_all(arriving, failed);
  return Error{problem};
}

Result<fs::path> install_header_wheel(const HeaderPackage& package, const fs::path& wheel) {
  return unpack_wheel(
      package.name, wheel,
      [&](std::string_view member) {
        // Cython sources ask for what a package declares to them.
        return member.ends_with(".pxd") || std::ranges::any_of(package.folders, [&](std::string_view folder) {
                 return member.starts_with(folder) && member.substr(folder.size()).starts_with("/");
               });
      },
      [&](const fs::path& folder) {
        return folders_in(package, folder).empty()
                   ? wheel.filename().string() + " does not hold " + std::string(package.header)
                   : std::string();
      });
}

Result<fs::path> download_wheel(std::string_view name, bool for_free_threading, const fs::path& folder) {
  std::vector<std::string> argv{"python3",
                                "-m",
                                "pip",
                                "download",
                                "--quiet",
                                "--disable-pip-version-check",
                                "--only-binary=:all:",
                                "--no-deps",
                                "--retries=1",
                                "--timeout=15"};
  if (for_free_threading) {
    argv.insert(argv.end(), {"--python-version=3.13", "--implementation=cp", "--abi=cp313t"});
    utsname machine{};
    ::uname(&machine);
    for (const char* platform : {"manylinux_2_28_", "manylinux_2_17_", "manylinux2014_"})
      argv.push_back("--platform=" + std::string(platform) + machine.machine);
  }
  argv.insert(argv.end(), {"--dest", folder.string(), std::string(name)});
  const auto downloaded = run({.argv = argv, .folder = folder, .environment = {"LC_ALL=C.UTF-8"}, .timeout = 5min});
  if (!downloaded) return Error{downloaded.message() + "; install Python's pip (apt-get install python3-pip)"};
  if (!downloaded->succeeded()) {
    if (downloaded->err.find("No module named pip") != std::string::npos)
      return Error{"python3 has no pip; install it (apt-get install python3-pip)"};
    // pip says "no matching distribution" of an index that it could not even talk to.
    if (downloaded->timed_out || downloaded->err.find("Retrying (") != std::string::npos)
      return Error{"pip cannot reach its package index; `python3 -m pip download --no-deps " + std::string(name) +
                   "` shows why"};
    const std::string said = last_words(downloaded->err);
    return Error{"pip: " + (said.empty() ? downloaded->describe() : said)};
  }
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (entry.path().extension() == ".whl") return entry.path();
  return Error{"pip downloaded no wheel"};
}

Result<fs::path> install_header_package(std::string_view name, Progress& progress) {
  const HeaderPackage* package = package_named(name);
  if (package == nullptr) {
    std::vector<std::string> known;
    for (const HeaderPackage& p : packages) known.emplace_back(p.name);
    return Error{"ftaudit knows no headers of '" + std::string(name) + "'; it knows those of " + join(known, ", ")};
  }
  const auto scratch = ScratchFolder::make("wheel");
  if (!scratch) return scratch.error();
  progress.stage("fetching " + std::string(name), 0);
  const Result<fs::path> wheel = download_wheel(name, true, scratch->path());
  progress.finish();
  const Result<fs::path> installed = wheel ? install_header_wheel(*package, *wheel) : Result<fs::path>(wheel.error());
  if (!installed) return Error{"cannot get the headers of " + std::string(name) + ": " + installed.message()};
  return installed;
}

}  // namespace ftaudit::python
