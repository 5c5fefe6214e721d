// Names of distributions and extras as the ecosystem compares them: "Foo.Bar_baz" and "foo-bar-baz" are one project.
// Knows nothing of versions or of what an index holds. Used everywhere in packages.
#pragma once

#include <string>
#include <string_view>

namespace ftaudit::packages {

// Lower case, each run of '-', '_' and '.' one '-' (PEP 503).
std::string normal_name(std::string_view name);

// Whether it may name a distribution: letters, digits, '.', '-', '_', with a letter or digit at both ends (PEP 508).
bool is_name(std::string_view text);

}  // namespace ftaudit::packages
