#include "python/toolchain.h"

#include <cstdlib>
#include <map>
#include <mutex>

#include "base/process.h"
#include "base/text.h"

namespace ftaudit::python {
namespace {

constexpr int oldest = 18, newest = 25;

// "-19" of "/usr/bin/clang-19"; "" of "clang".
std::string suffix_of(const std::string& clang) {
  const std::string name = fs::path(clang).filename();
  const std::size_t dash = name.rfind('-');
  return dash == std::string::npos ? "" : name.substr(dash);
}

std::string resource_folder_of(const std::string& clang) {
  static std::mutex guard;
  static std::map<std::string, std::string> known;
  const std::lock_guard lock(guard);
  const auto [at, fresh] = known.try_emplace(clang);
  if (fresh)
    if (const auto said = run({.argv = {clang, "-print-resource-dir"}, .timeout = std::chrono::seconds(20)});
        said && said->succeeded())
      at->second = trim(said->out);
  return at->second;
}

bool has_apt() { return !find_program("apt-get").empty(); }

}  // namespace

std::string find_clang() {
  if (const char* named = std::getenv("FTAUDIT_CC");
      named != nullptr && fs::path(named).filename().string().find("clang") != std::string::npos)
    return named;
  for (int version = newest; version >= oldest; --version)
    if (const std::string name = "clang-" + std::to_string(version); !find_program(name).empty()) return name;
  return find_program("clang").empty() ? "" : "clang";
}

fs::path tsan_runtime(const std::string& clang) {
  if (clang.empty()) return {};
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(resource_folder_of(clang)) / "lib", ignored))
    if (entry.path().filename().string().starts_with("libclang_rt.tsan") && entry.path().extension() == ".a")
      return entry.path();
  return {};
}

fs::path find_symbolizer() {
  const std::string clang = find_clang();
  if (const fs::path beside = find_program("llvm-symbolizer" + suffix_of(clang)); !beside.empty()) return beside;
  if (const fs::path plain = find_program("llvm-symbolizer"); !plain.empty()) return plain;
  for (int version = newest; version >= oldest; --version)
    if (const fs::path other = find_program("llvm-symbolizer-" + std::to_string(version)); !other.empty()) return other;
  return {};
}

std::string clang_remedy() {
  if (has_apt()) return "apt-get install clang-19 libclang-rt-19-dev";
  return "install clang, 18 or newer, with its runtime libraries (compiler-rt)";
}

std::string tsan_remedy(const std::string& clang) {
  const std::string suffix = suffix_of(clang);
  if (!has_apt()) return "install the runtime libraries (compiler-rt) of " + clang;
  return "apt-get install libclang-rt" + (suffix.empty() ? "" : suffix) + "-dev";
}

}  // namespace ftaudit::python
