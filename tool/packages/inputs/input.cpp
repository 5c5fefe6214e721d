#include "packages/inputs/input.h"

#include <algorithm>

#include "base/text.h"
#include "packages/inputs/file_name.h"
#include "packages/inputs/reading.h"

namespace ftaudit::packages {
namespace {

bool is_site_packages(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == ".dist-info" || it->path().extension() == ".egg-info") return true;
  return false;
}

// A virtual environment's (or a prefix's) folder of packages; empty when it has none.
std::vector<fs::path> site_packages_of(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  if (fs::is_directory(folder / "Lib" / "site-packages", error)) found.push_back(folder / "Lib" / "site-packages");
  for (const char* lib : {"lib", "lib64"})
    for (fs::directory_iterator it(folder / lib, error), end; !error && it != end; it.increment(error)) {
      fs::path site = it->path() / "site-packages";
      std::error_code ignored;
      if (it->path().filename().string().starts_with("python") && fs::is_directory(site, ignored) &&
          std::ranges::none_of(found, [&](const fs::path& known) { return fs::equivalent(known, site, ignored); }))
        found.push_back(site);
    }
  return found;
}

Status read_archives(const fs::path& folder, Reading& reading) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    files.push_back(it->path());
  if (error) return Error{folder.string() + ": " + error.message()};
  std::ranges::sort(files);
  std::size_t found = 0;
  for (const fs::path& file : files) {
    Wanted wanted;
    classify_file(file.filename().string(), wanted);
    if (wanted.kind != Wanted::Kind::wheel && wanted.kind != Wanted::Kind::sdist) {
      if (file.extension() == ".whl")
        reading.remark({file.string(), 0}, "\"" + file.filename().string() + "\" is no wheel's file name");
      continue;
    }
    wanted.path = file;
    wanted.origin.file = folder.string();
    reading.input.wanted.push_back(std::move(wanted));
    ++found;
  }
  reading.input.resolved = true;
  if (!found)
    return Error{folder.string() +
                 ": nothing to audit in this folder: it holds no wheels, no requirements.txt, no lock file, no "
                 "pyproject.toml and no installed packages"};
  reading.input.read.push_back(folder.string());
  return Done{};
}

// The files that an application may keep its packages in. A row a format; of a folder the first that is there counts.
struct Format {
  std::string_view name;                 // as it is mostly called
  bool (*is)(const std::string& lower);  // by its name, in lower case
  Status (*read)(const fs::path&, Reading&);
};
constexpr Format formats[] = {
    {"uv.lock", [](const std::string& name) { return name == "uv.lock"; }, read_uv_lock},
    {"pylock.toml", [](const std::string& name) { return name.starts_with("pylock.") && name.ends_with(".toml"); },
     read_pylock},
    {"poetry.lock", [](const std::string& name) { return name == "poetry.lock"; }, read_poetry_lock},
    {"Pipfile.lock", [](const std::string& name) { return name == "pipfile.lock"; }, read_pipfile_lock},
    {"requirements.txt", [](const std::string& name) { return name == "requirements.txt"; }, read_requirement_file},
    {"pyproject.toml", [](const std::string& name) { return name.ends_with(".toml"); }, read_pyproject},
};

// What its name does not tell is read as requirements.
Status read_by_name(const fs::path& file, Reading& reading) {
  const std::string lower = to_lower(file.filename().string());
  for (const Format& format : formats)
    if (format.is(lower)) return format.read(file, reading);
  return read_requirement_file(file, reading);
}

Status read_folder(const fs::path& folder, Reading& reading) {
  std::error_code ignored;
  if (is_site_packages(folder)) return read_environment(folder, reading);
  for (const Format& format : formats)
    if (fs::is_regular_file(folder / format.name, ignored)) return format.read(folder / format.name, reading);
  auto sites = site_packages_of(folder);
  for (const fs::path& site : sites)
    if (auto status = read_environment(site, reading); !status.ok()) return status;
  return sites.empty() ? read_archives(folder, reading) : Status(Done{});
}

Status read_path(const fs::path& path, Reading& reading) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return read_folder(path, reading);
  Wanted wanted;
  classify_file(path.filename().string(), wanted);
  if (wanted.kind == Wanted::Kind::wheel || wanted.kind == Wanted::Kind::sdist) {
    wanted.path = path;
    reading.input.read.push_back(path.string());
    reading.input.wanted.push_back(std::move(wanted));
    return Done{};
  }
  if (path.extension() == ".whl")
    return Error{path.string() + ": no wheel's file name (name-version-python-abi-platform.whl)"};
  return read_by_name(path, reading);
}

// What is not there and cannot be a requirement was meant as a path.
bool looks_like_path(std::string_view text) {
  if (text.find('/') != std::string_view::npos && text.find('@') == std::string_view::npos) return true;
  return std::ranges::any_of(
      std::to_array<std::string_view>({".txt", ".toml", ".lock", ".whl", ".in", ".tar.gz", ".zip"}),
      [&](std::string_view end) { return text.ends_with(end); });
}

}  // namespace

Result<Input> read_requirements(const fs::path& file, const InputOptions& options) {
  Reading reading(options);
  auto status = read_requirement_file(file, reading);
  if (!status.ok()) return status.error();
  return std::move(reading.input);
}

Result<Input> read_input(const std::string& what, const InputOptions& options) {
  Reading reading(options);
  std::error_code error;
  if (fs::exists(what, error)) {
    if (auto status = read_path(what, reading); !status.ok()) return status.error();
    return std::move(reading.input);
  }
  if (looks_like_path(what)) return Error{what + ": no such file or folder"};
  auto requirement = parse_requirement(what);
  if (!requirement.ok()) return Error{requirement.message() + "; nor is it a file or folder"};
  reading.add_requirement(what, {});
  if (reading.input.wanted.empty())
    reading.remark({}, "\"" + what + "\" is not for this target: its marker leaves it out");
  return std::move(reading.input);
}

}  // namespace ftaudit::packages
