#include "python/cython_package.h"

#include <algorithm>
#include <map>

#include "python/header_package.h"

namespace ftaudit::python {
namespace {

bool is_declaration(std::string_view member) {
  for (const char* suffix : {".pxd", ".pxi", ".h", ".hh", ".hpp"})
    if (member.ends_with(suffix)) return true;
  // Marks a package; Cython looks whether it is there and does not read it.
  return member.ends_with("/__init__.py");
}

bool declares(const fs::path& folder) {
  std::error_code failed;
  for (auto entry = fs::recursive_directory_iterator(folder, failed);
       !failed && entry != fs::recursive_directory_iterator(); entry.increment(failed))
    if (entry->path().extension() == ".pxd") return true;
  return false;
}

// "numpy-2.10.0" -> {"numpy", {2, 10, 0}}
std::pair<std::string, std::vector<unsigned long>> name_and_version(const std::string& folder) {
  const std::size_t dash = folder.rfind('-');
  std::pair<std::string, std::vector<unsigned long>> out{folder.substr(0, dash), {}};
  for (std::size_t at = dash; at != std::string::npos && at + 1 < folder.size(); at = folder.find('.', at + 1))
    out.second.push_back(std::strtoul(folder.c_str() + at + 1, nullptr, 10));
  return out;
}

}  // namespace

std::vector<fs::path> cython_sites(const std::vector<Interpreter>& interpreters) {
  return package_sites(cython, interpreters);
}

std::vector<fs::path> declaration_folders() {
  std::map<std::string, std::pair<std::vector<unsigned long>, fs::path>> newest;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(headers_folder(), failed)) {
    const std::string folder = entry.path().filename().string();
    if (folder.starts_with(".") || folder.starts_with(std::string(cython) + "-")) continue;
    auto [name, version] = name_and_version(folder);
    auto& known = newest[name];
    if (known.second.empty() || known.first < version) known = {std::move(version), entry.path()};
  }
  std::vector<fs::path> out;
  for (const auto& [name, known] : newest)
    if (declares(known.second)) out.push_back(known.second);
  return out;
}

Result<fs::path> install_for_cython(std::string_view package, Progress& progress) {
  const auto scratch = ScratchFolder::make("wheel");
  if (!scratch) return scratch.error();
  progress.stage("fetching " + std::string(package), 0);
  // Cython is run by the Python at hand: its own wheel for that is several times as fast as the plain one.
  const Result<fs::path> wheel = download_wheel(package, false, scratch->path());
  progress.finish();
  const auto failure = [&](const std::string& reason) {
    return Error{"cannot get " + std::string(package) + ": " + reason};
  };
  if (!wheel) return failure(wheel.message());
  const bool compiler = package == cython;
  const Result<fs::path> installed = unpack_wheel(
      package, *wheel,
      [&](std::string_view member) { return compiler ? member.starts_with("Cython/") : is_declaration(member); },
      [&](const fs::path& folder) -> std::string {
        std::error_code failed;
        if (compiler ? fs::exists(folder / "Cython/Compiler/Main.py", failed) : declares(folder)) return "";
        return wheel->filename().string() + (compiler ? " holds no Cython" : " declares nothing to Cython (no .pxd)");
      });
  if (!installed) return failure(installed.message());
  return installed;
}

}  // namespace ftaudit::python
