// A distribution's core metadata (METADATA, PKG-INFO): name, version, what it requires, what it claims. Reads the text;
// where it comes from (an index, a wheel, an installed package) is its users' business.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "packages/names/requirement.h"

namespace ftaudit::packages {

struct Metadata {
  std::string name, version, summary, requires_python, metadata_version;
  std::vector<std::string> requires_dist;  // as written
  std::vector<std::string> provides_extra;
  std::vector<std::string> classifiers;
  std::vector<std::string> dynamic;       // lower case: fields that a build would fill in
  std::vector<std::string> project_urls;  // "Label, URL"
};

// Headers up to the first empty line. Nothing is refused but a text without a Name.
Result<Metadata> parse_metadata(std::string_view text);

}  // namespace ftaudit::packages
