// Pipfile.lock: JSON with exact versions, by name, for "default" and "develop"; it does not say who needs whom.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "packages/inputs/file_name.h"
#include "packages/inputs/reading.h"
#include "packages/names/names.h"

namespace ftaudit::packages {
namespace {

using nlohmann::json;

std::string text_at(const json& object, const char* key) {
  auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// The parser keeps no lines; the first line on which the name is a key is the one.
int line_of(const std::string& text, const std::string& name, std::size_t from) {
  std::size_t at = text.find("\"" + name + "\": {", from);
  return at == std::string::npos
             ? 0
             : static_cast<int>(1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

void read_section(const json& section, const std::string& text, std::size_t from, const fs::path& file,
                  Reading& reading) {
  for (const auto& [name, entry] : section.items()) {
    Wanted wanted;
    wanted.origin = {file.string(), line_of(text, name, from)};
    wanted.kind = Wanted::Kind::pinned;
    wanted.requirement.name = name;
    if (!is_name(name) || !entry.is_object()) {
      reading.remark(wanted.origin, "\"" + name.substr(0, 80) + "\" is no package");
      continue;
    }
    if (const std::string marker_text = text_at(entry, "markers"); !marker_text.empty()) {
      auto marker = Marker::parse(marker_text);
      if (!marker.ok()) reading.remark(wanted.origin, marker.message(), false);
      else if (!marker->holds(reading.environment)) continue;
    }
    const std::string version = text_at(entry, "version"), git = text_at(entry, "git"), path = text_at(entry, "path"),
                      place = text_at(entry, "file");
    if (version.starts_with("==")) wanted.version = trim(version.substr(version.starts_with("===") ? 3 : 2));
    else if (!version.empty())
      reading.remark(wanted.origin,
                     "\"" + name + "\" is locked to \"" + version.substr(0, 80) + "\", which is no exact version",
                     false);
    if (!git.empty()) wanted.kind = Wanted::Kind::source_tree, wanted.url = "git+" + git;
    if (!path.empty())
      wanted.kind = Wanted::Kind::source_tree, wanted.path = (file.parent_path() / path).lexically_normal();
    if (place.find("://") != std::string::npos) {
      wanted.url = place;
      classify_url(place, wanted);
      wanted.requirement.name = name;
    }
    if (auto editable = entry.find("editable"); editable != entry.end() && editable->is_boolean())
      wanted.editable = editable->get<bool>();
    if (auto hashes = entry.find("hashes"); hashes != entry.end() && hashes->is_array())
      for (const json& hash : *hashes)
        if (hash.is_string()) wanted.hashes.push_back(hash.get<std::string>());
    // A requirement without an exact version is left to the resolver's words: any.
    reading.input.wanted.push_back(std::move(wanted));
  }
}

}  // namespace

Status read_pipfile_lock(const fs::path& file, Reading& reading) {
  auto text = read_text(file);
  if (!text.ok()) return text.error();
  const json document = json::parse(*text, nullptr, false);
  if (document.is_discarded() || !document.is_object() || !document.contains("default") ||
      !document["default"].is_object())
    return Error{file.string() + ": not a lock file of Pipenv (JSON with \"default\")"};
  reading.input.read.push_back(file.string());
  if (auto meta = document.find("_meta"); meta != document.end() && meta->is_object())
    if (auto sources = meta->find("sources"); sources != meta->end() && sources->is_array())
      for (const json& source : *sources)
        if (source.is_object() && !text_at(source, "url").empty())
          reading.input.index.extra_index_urls.push_back(text_at(source, "url"));
  read_section(document["default"], *text, std::min(text->find("\"default\""), text->size()), file, reading);
  const auto& groups = reading.options.groups;
  const bool develop = std::ranges::any_of(
      groups, [](const std::string& group) { return group == "*" || group == "dev" || group == "develop"; });
  if (develop && document.contains("develop") && document["develop"].is_object())
    read_section(document["develop"], *text, std::min(text->find("\"develop\""), text->size()), file, reading);
  reading.input.resolved = true;
  return Done{};
}

}  // namespace ftaudit::packages
