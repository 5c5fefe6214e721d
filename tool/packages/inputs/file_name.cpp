#include "packages/inputs/file_name.h"

#include <algorithm>

#include "base/text.h"
#include "packages/names/names.h"

namespace ftaudit::packages {
namespace {

constexpr std::string_view sdist_ends[] = {".tar.gz", ".tgz", ".zip", ".tar.bz2", ".tar.xz", ".tar.zst", ".tar"};

std::string_view last_part(std::string_view url) {
  url = url.substr(0, url.find_first_of("#?"));
  return url.substr(url.rfind('/') == std::string_view::npos ? 0 : url.rfind('/') + 1);
}

std::string percent_decoded(std::string_view text) {
  auto digit = [](char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  };
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
      decoded += static_cast<char>(digit(text[i + 1]) << 4 | digit(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

}  // namespace

bool parse_sdist_name(std::string_view file_name, std::string& name, std::string& version) {
  for (std::string_view end : sdist_ends) {
    if (!to_lower(file_name).ends_with(end)) continue;
    std::string_view stem = file_name.substr(0, file_name.size() - end.size());
    std::size_t dash = stem.rfind('-');
    // Older names have dashes in the version ("1.0-1"): the longest version that is one.
    for (std::size_t at = stem.find('-'); at != std::string_view::npos; at = stem.find('-', at + 1))
      if (at > 0 && is_name(stem.substr(0, at)) && Version::parse(stem.substr(at + 1))) {
        name = stem.substr(0, at);
        version = stem.substr(at + 1);
        return true;
      }
    if (dash == std::string_view::npos || !is_name(stem.substr(0, dash))) return false;
    name = stem.substr(0, dash);
    version.clear();
    return true;
  }
  return false;
}

void classify_file(std::string_view file_name, Wanted& wanted) {
  if (auto wheel = parse_wheel_name(file_name); wheel.ok()) {
    wanted.kind = Wanted::Kind::wheel;
    wanted.requirement.name = wheel->name;
    wanted.version = wheel->version;
    return;
  }
  std::string name, version;
  if (parse_sdist_name(file_name, name, version)) {
    wanted.kind = Wanted::Kind::sdist;
    wanted.requirement.name = name;
    wanted.version = version;
    return;
  }
  for (std::string_view end : sdist_ends)  // "main.zip": an archive that does not say of what
    if (to_lower(file_name).ends_with(end)) wanted.kind = Wanted::Kind::sdist;
}

void classify_url(std::string_view url, Wanted& wanted) {
  wanted.kind = Wanted::Kind::source_tree;
  std::string_view scheme = url.substr(0, url.find(':'));
  if (scheme.find('+') == std::string_view::npos && scheme != "git") {
    wanted.kind = Wanted::Kind::requirement;
    classify_file(percent_decoded(last_part(url)), wanted);
    if (wanted.kind == Wanted::Kind::requirement) wanted.kind = Wanted::Kind::source_tree;
  }
  std::size_t egg = url.find("egg=", std::min(url.find('#'), url.size()));
  if (egg == std::string_view::npos) return;
  std::string_view name = url.substr(egg + 4);
  name = name.substr(0, name.find_first_of("&["));
  if (is_name(name)) wanted.requirement.name = name;
}

}  // namespace ftaudit::packages
