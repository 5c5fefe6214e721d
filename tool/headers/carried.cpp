#include "headers/carried.h"

#include <algorithm>
#include <cstdlib>

#include "headers/blob.h"
#include "headers/linked.h"

namespace ftaudit::headers {
namespace {

// Nothing can ever lie below a device.
const fs::path built_in_root = "/dev/null/ftaudit";

const Blob& blob() {
  static const Blob known(linked().blob);
  return known;
}

fs::path named_folder() {
  const char* value = std::getenv("FTAUDIT_HEADERS");
  return value != nullptr && *value != '\0' ? fs::absolute(value).lexically_normal() : fs::path();
}

// "a/b" of "/dev/null/ftaudit/a/b"; none for a path that is not built in.
std::optional<std::string> inside(const fs::path& path) {
  const std::string text = path.native();
  if (!text.starts_with(built_in_root.native())) return std::nullopt;
  std::string below = path.lexically_normal().native().substr(built_in_root.native().size());
  while (below.ends_with('/')) below.pop_back();
  if (!below.empty() && below.front() != '/') return std::nullopt;
  return below.empty() ? below : below.substr(1);
}

fs::path of_distribution() {
  const std::string major = FTAUDIT_LLVM_MAJOR;
  for (const fs::path& folder :
       {fs::path("/usr/lib/llvm-" + major) / "lib/clang" / major, fs::path("/usr/lib/clang") / major,
        fs::path("/usr/lib64/clang") / major, fs::path("/usr/local/lib/clang") / major})
    if (is_file(folder / "include/stddef.h")) return folder;
  return {};
}

}  // namespace

fs::path carried_root() {
  if (fs::path named = named_folder(); !named.empty()) return named;
  return blob().empty() ? fs::path() : built_in_root;
}

std::string origin() {
  const fs::path named = named_folder();
  return !named.empty() ? named.string() : blob().empty() ? "" : "built in";
}

std::string identity() { return named_folder().empty() ? std::string(blob().identity()) : ""; }

bool is_built_in(const fs::path& path) { return inside(path).has_value(); }

std::string shown(const fs::path& path) {
  const auto own = inside(path);
  return own ? "built in: " + *own : path.string();
}

bool exists(const fs::path& path) {
  if (const auto own = inside(path)) return blob().is_file(*own) || blob().is_folder(*own);
  std::error_code ignored;
  return fs::exists(path, ignored);
}

bool is_file(const fs::path& path) {
  if (const auto own = inside(path)) return blob().is_file(*own);
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

std::optional<std::string> text(const fs::path& path) {
  if (const auto own = inside(path)) return blob().text(*own);
  auto read = read_file(path, 16u << 20);
  return read.ok() ? std::optional(std::move(*read)) : std::nullopt;
}

std::optional<std::uint64_t> size(const fs::path& path) {
  const auto own = inside(path);
  return own ? blob().size(*own) : std::nullopt;
}

std::vector<fs::path> children(const fs::path& folder) {
  std::vector<fs::path> out;
  if (const auto own = inside(folder)) {
    for (const std::string& name : blob().children(*own)) out.push_back(folder / name);
    return out;
  }
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, fs::directory_options::skip_permission_denied, ignored))
    out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

fs::path clang_folder() {
  const fs::path root = carried_root();
  const auto whole = [](const fs::path& folder) { return is_file(folder / "include/stddef.h"); };
  if (!root.empty() && !is_built_in(root) && whole(root / "clang")) return root / "clang";
  if (const fs::path beside = linked().clang_folder; !beside.empty() && whole(beside)) return beside;
  if (!root.empty() && whole(root / "clang")) return root / "clang";
  return of_distribution();
}

bool machine_has_c() { return is_file("/usr/include/stdio.h"); }

bool machine_has_cxx() {
  const std::vector<fs::path> versions = children("/usr/include/c++");
  return std::any_of(versions.begin(), versions.end(),
                     [](const fs::path& folder) { return is_file(folder / "vector"); });
}

std::vector<std::string> library_flags() {
  const fs::path root = carried_root() / "sysroot";
  if (carried_root().empty() || !headers::exists(root / "usr/include/stdio.h")) return {};
  // A folder that was named is meant, whatever the machine has.
  if (!machine_has_c() || !is_built_in(root)) return {"--sysroot=" + root.string()};
  if (machine_has_cxx()) return {};
  std::vector<std::string> out;
  for (const fs::path& version : children(root / "usr/include/c++")) {
    out.push_back("-stdlib++-isystem" + version.string());
    // The part that differs between machines: usr/include/x86_64-linux-gnu/c++/12.
    for (const fs::path& machine : children(root / "usr/include"))
      if (const fs::path part = machine / "c++" / version.filename(); headers::exists(part))
        out.push_back("-stdlib++-isystem" + part.string());
  }
  return out;
}

}  // namespace ftaudit::headers
