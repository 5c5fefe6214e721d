#include "python/apt_sources.h"

#include <algorithm>
#include <map>
#include <sstream>

#include "base/text.h"

namespace ftaudit::python {
namespace {

// What apt can fetch a source package from without somebody changing a disc.
bool usable(std::string_view uri) { return uri.find(":/") != std::string_view::npos && !uri.starts_with("cdrom:"); }

std::vector<std::string> words(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> found;
  for (std::string word; stream >> word;) found.push_back(word);
  return found;
}

void add_stanza(std::map<std::string, std::string>& fields, std::vector<std::string>& found) {
  const bool enabled = to_lower(trim(fields["enabled"])) != "no";
  for (const std::string& uri : words(fields["uris"]))
    if (enabled && usable(uri)) found.push_back(uri);
  fields.clear();
}

}  // namespace

std::vector<std::string> parse_apt_list(std::string_view text) {
  std::vector<std::string> found;
  for (const std::string& line : split(text, '\n')) {
    std::string_view rest = trim(std::string_view(line).substr(0, line.find('#')));
    if (!rest.starts_with("deb ") && !rest.starts_with("deb\t") && !rest.starts_with("deb-src")) continue;
    rest = trim(rest.substr(rest.find_first_of(" \t[")));
    if (rest.starts_with("[")) {  // options
      const std::size_t end = rest.find(']');
      if (end == std::string_view::npos) continue;
      rest = trim(rest.substr(end + 1));
    }
    if (std::string uri(rest.substr(0, rest.find_first_of(" \t"))); usable(uri)) found.push_back(std::move(uri));
  }
  return found;
}

std::vector<std::string> parse_apt_sources(std::string_view text) {
  std::vector<std::string> found;
  std::map<std::string, std::string> fields;
  std::string current;
  for (const std::string& line : split(text, '\n')) {
    if (line.starts_with("#")) continue;
    if (trim(line).empty()) {
      add_stanza(fields, found);
    } else if (line.front() == ' ' || line.front() == '\t') {
      fields[current] += "\n" + line;  // further URIs
    } else if (const std::size_t colon = line.find(':'); colon != std::string::npos) {
      current = to_lower(trim(line.substr(0, colon)));
      fields[current] = std::string(trim(std::string_view(line).substr(colon + 1)));
    }
  }
  add_stanza(fields, found);
  return found;
}

std::vector<std::string> apt_repositories(const fs::path& folder) {
  std::vector<fs::path> files{folder / "sources.list"};
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder / "sources.list.d", ignored)) files.push_back(entry.path());
  std::sort(files.begin() + 1, files.end());

  std::vector<std::string> found;
  for (const fs::path& file : files) {
    const auto text = read_file(file, 1 << 20);
    if (!text) continue;
    std::vector<std::string> here;
    if (file.extension() == ".list") here = parse_apt_list(*text);
    else if (file.extension() == ".sources") here = parse_apt_sources(*text);
    for (std::string& uri : here) {
      while (uri.ends_with("/")) uri.pop_back();
      if (std::find(found.begin(), found.end(), uri) == found.end()) found.push_back(std::move(uri));
    }
  }
  std::stable_partition(found.begin(), found.end(), [](const std::string& uri) { return uri.ends_with("/debian"); });
  return found;
}

}  // namespace ftaudit::python
