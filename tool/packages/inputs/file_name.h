// What the name of a file or a URL says: a wheel, an sdist, of which project and version.
#pragma once

#include <string>
#include <string_view>

#include "packages/inputs/wanted.h"

namespace ftaudit::packages {

// What a URL, or a path, names by its last part: fills kind, name and version of `wanted`.
void classify_file(std::string_view file_name, Wanted& wanted);
void classify_url(std::string_view url, Wanted& wanted);

// "name-1.0.tar.gz" -> name and version; false when it is no sdist's name.
bool parse_sdist_name(std::string_view file_name, std::string& name, std::string& version);

}  // namespace ftaudit::packages
