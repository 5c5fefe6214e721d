#include "packages/names/metadata.h"

#include <algorithm>

#include "base/text.h"

namespace ftaudit::packages {

Result<Metadata> parse_metadata(std::string_view text) {
  Metadata metadata;
  const std::pair<std::string_view, std::string*> single[] = {{"name", &metadata.name},
                                                              {"version", &metadata.version},
                                                              {"summary", &metadata.summary},
                                                              {"requires-python", &metadata.requires_python},
                                                              {"metadata-version", &metadata.metadata_version}};
  const std::pair<std::string_view, std::vector<std::string>*> several[] = {
      {"requires-dist", &metadata.requires_dist},
      {"provides-extra", &metadata.provides_extra},
      {"classifier", &metadata.classifiers},
      {"dynamic", &metadata.dynamic},
      {"project-url", &metadata.project_urls}};
  std::string* last = nullptr;
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) break;
    if (line.front() == ' ' || line.front() == '\t') {  // goes on
      if (last) *last += " " + std::string(trim(line));
      continue;
    }
    last = nullptr;
    std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string key = to_lower(line.substr(0, colon));
    const std::string value(trim(line.substr(colon + 1)));
    for (auto [name, field] : single)
      if (key == name && field->empty()) *field = value, last = field;
    for (auto [name, list] : several)
      if (key == name) last = &list->emplace_back(value);
  }
  for (std::string& field : metadata.dynamic) field = to_lower(field);
  if (metadata.name.empty()) return Error{"metadata without a Name"};
  return metadata;
}

}  // namespace ftaudit::packages
