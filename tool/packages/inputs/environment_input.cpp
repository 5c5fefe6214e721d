// What is installed in an environment, read from its *.dist-info and *.egg-info folders; no interpreter is started.
#include <algorithm>

#include "packages/inputs/reading.h"
#include "packages/names/names.h"

namespace ftaudit::packages {
namespace {

struct Installed {
  Wanted wanted;
  Metadata metadata;
  bool requested = false;  // installed because somebody named it (PEP 376)
};

std::optional<Installed> read_installed(const fs::path& folder, Reading& reading) {
  const bool dist_info = folder.extension() == ".dist-info";
  std::error_code ignored;
  const fs::path file = dist_info                           ? folder / "METADATA"
                        : fs::is_directory(folder, ignored) ? folder / "PKG-INFO"
                                                            : folder;
  const Origin origin{folder.string(), 0};
  auto text = read_file(file, 16u << 20);
  auto metadata = text.ok() ? parse_metadata(*text) : Result<Metadata>(text.error());
  if (!metadata.ok() || !is_name(metadata->name)) {
    reading.remark(origin, text.ok() ? file.string() + ": no metadata of a package" : text.message());
    return std::nullopt;
  }
  Installed installed;
  installed.metadata = std::move(*metadata);
  installed.requested = fs::exists(folder / "REQUESTED", ignored);
  Wanted& wanted = installed.wanted;
  wanted.kind = Wanted::Kind::pinned;
  wanted.requirement.name = installed.metadata.name;
  wanted.version = installed.metadata.version;
  wanted.path = folder;
  wanted.origin = origin;
  wanted.depends_on_known = dist_info;
  auto direct_url = read_file(folder / "direct_url.json", 1u << 20);
  wanted.editable = direct_url.ok() && direct_url->find("\"editable\": true") != std::string::npos;
  return installed;
}

// Extras are not remembered by an environment: an extra's needs count when they are there.
void join_needs(std::vector<Installed>& all, Reading& reading) {
  std::set<std::string> present;
  for (const Installed& one : all) present.insert(normal_name(one.wanted.requirement.name));
  std::set<std::string> needed;
  for (Installed& one : all) {
    for (const std::string& text : one.metadata.requires_dist) {
      auto need = parse_requirement(text);
      if (!need.ok()) continue;
      const std::string name = normal_name(need->name);
      const bool plain = need->holds(reading.environment);
      if (!plain && (!need->holds(reading.environment, one.metadata.provides_extra) || !present.contains(name)))
        continue;
      if (!present.contains(name)) {
        reading.remark(one.wanted.origin,
                       one.wanted.requirement.name + " needs " + need->name + ", which is not installed", false);
        continue;
      }
      auto& names = one.wanted.depends_on;
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
      if (name != normal_name(one.wanted.requirement.name)) needed.insert(name);
    }
  }
  const bool any_requested = std::ranges::any_of(all, &Installed::requested);
  for (Installed& one : all)
    one.wanted.direct = any_requested ? one.requested || !needed.contains(normal_name(one.wanted.requirement.name))
                                      : !needed.contains(normal_name(one.wanted.requirement.name));
}

}  // namespace

Status read_environment(const fs::path& site_packages, Reading& reading) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (fs::directory_iterator it(site_packages, error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == ".dist-info" || it->path().extension() == ".egg-info") folders.push_back(it->path());
  if (error) return Error{site_packages.string() + ": " + error.message()};
  std::ranges::sort(folders);
  std::vector<Installed> all;
  std::set<std::string> seen;
  for (const fs::path& folder : folders)
    if (auto installed = read_installed(folder, reading);
        installed && seen.insert(normal_name(installed->wanted.requirement.name)).second)
      all.push_back(std::move(*installed));
  join_needs(all, reading);
  reading.input.read.push_back(site_packages.string());
  for (Installed& one : all) reading.input.wanted.push_back(std::move(one.wanted));
  reading.input.resolved = true;
  return Done{};
}

}  // namespace ftaudit::packages
