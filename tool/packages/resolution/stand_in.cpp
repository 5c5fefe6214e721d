#include "packages/resolution/stand_in.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>

#include "packages/index/index.h"
#include "packages/names/names.h"
#include "packages/wheels/wheels.h"

namespace ftaudit::packages {
namespace {

constexpr std::uint64_t sdist_limit = std::uint64_t{32} << 20;

Result<std::string> text_of_wheel(Index& index, const IndexFile& file) {
  if (file.has_metadata) return index.metadata(file);
  Cache cache(cache_folder() / "packages");
  const std::string key = "inside " + file.url + " " + file.sha256;
  if (file.path.empty())
    if (auto entry = cache.get("metadata", key)) return std::move(entry->content);
  auto source = file.path.empty() ? index.bytes(file) : open_file(file.path);
  auto wheel = read_wheel(*source, {}, false);
  if (!wheel.ok()) return wheel.error();
  if (file.path.empty()) cache.put("metadata", key, wheel->metadata);
  return std::move(wheel->metadata);
}

Result<std::string> text_of_sdist(Index& index, const IndexFile& file) {
  Cache cache(cache_folder() / "packages");
  const std::string key = "inside " + file.url + " " + file.sha256;
  if (file.path.empty())
    if (auto entry = cache.get("metadata", key)) return std::move(entry->content);
  auto scratch = ScratchFolder::make("sdist");
  if (!scratch.ok()) return scratch.error();
  auto path = file.path.empty() ? index.download(file, scratch->path(), sdist_limit) : Result<fs::path>(file.path);
  if (!path.ok()) return path.error();
  auto archive = read_source_archive(*path);
  if (!archive.ok()) {
    std::string why = archive.message();  // scratch is gone when this is read
    if (const std::string at = scratch->path().string() + "/"; why.starts_with(at)) why.erase(0, at.size());
    return Error{why};
  }
  if (file.path.empty()) cache.put("metadata", key, archive->metadata);
  return std::move(archive->metadata);
}

// Whether the dependencies in an sdist's PKG-INFO are those every build will have (PEP 643: version 2.2, not dynamic).
bool is_final(const Metadata& metadata) {
  auto version = Version::parse(metadata.metadata_version);
  return version && *version >= *Version::parse("2.2") &&
         std::ranges::find(metadata.dynamic, "requires-dist") == metadata.dynamic.end();
}

}  // namespace

Result<Metadata> metadata_without_building(Index& index, const Release& release) {
  std::string why = "it has no files";
  // One wheel after the other would be many for a release with fifty: they seldom differ, and seldom fail.
  for (std::size_t i = 0; i < std::min<std::size_t>(2, release.wheels.size()); ++i) {
    auto text = text_of_wheel(index, release.wheels[i]);
    auto metadata = text.ok() ? parse_metadata(*text) : Result<Metadata>(text.error());
    if (metadata.ok()) return metadata;
    why = metadata.message();
  }
  for (const IndexFile& file : release.sdists) {
    auto text = text_of_sdist(index, file);
    auto metadata = text.ok() ? parse_metadata(*text) : Result<Metadata>(text.error());
    if (metadata.ok() && is_final(*metadata)) return metadata;
    why = metadata.ok()
              ? "only a build of " + file.name + " would say its dependencies, and ftaudit runs no code of packages"
              : metadata.message();
  }
  return Error{why};
}

Status write_stand_in(const fs::path& folder, const std::string& name, const std::string& version,
                      const std::vector<std::string>& requires_dist, const std::vector<std::string>& extras) {
  std::string stem = normal_name(name);
  std::ranges::replace(stem, '-', '_');
  stem += "-" + version;
  std::string metadata = "Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n";
  for (const std::string& extra : extras) metadata += "Provides-Extra: " + extra + "\n";
  for (const std::string& need : requires_dist)
    if (parse_requirement(need).ok()) metadata += "Requires-Dist: " + need + "\n";
  const std::string info = stem + ".dist-info/";
  const std::pair<std::string, std::string> files[] = {
      {info + "METADATA", metadata},
      {info + "WHEEL", "Wheel-Version: 1.0\nGenerator: ftaudit\nRoot-Is-Purelib: true\nTag: py3-none-any\n"},
      {info + "RECORD", info + "METADATA,,\n" + info + "WHEEL,,\n" + info + "RECORD,,\n"}};
  archive* zip = archive_write_new();
  archive_write_set_format_zip(zip);
  const fs::path path = folder / (stem + "-py3-none-any.whl");
  bool good = archive_write_open_filename(zip, path.c_str()) == ARCHIVE_OK;
  for (const auto& [file, text] : files) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, file.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    good = good && archive_write_header(zip, entry) == ARCHIVE_OK &&
           archive_write_data(zip, text.data(), text.size()) == static_cast<la_ssize_t>(text.size());
    archive_entry_free(entry);
  }
  good = archive_write_close(zip) == ARCHIVE_OK && good;
  archive_write_free(zip);
  if (!good) return Error{path.string() + ": cannot be written"};
  return Done{};
}

}  // namespace ftaudit::packages
