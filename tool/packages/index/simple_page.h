// A project's page as an index serves it: JSON (PEP 691) or HTML (PEP 503). Reads text that a stranger wrote; fetches
// nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "packages/index/project_page.h"

namespace ftaudit::packages {

// The files in the page's order; `url` is the page's own, against which links are resolved. What is no wheel and no
// sdist, or has a name that is no file name, is left out. The error says why the text is no such page.
Result<std::vector<IndexFile>> parse_simple_page(std::string_view text, std::string_view content_type,
                                                 const std::string& url);

}  // namespace ftaudit::packages
