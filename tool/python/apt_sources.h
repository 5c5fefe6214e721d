// Where this machine's apt gets its packages: the repositories of /etc/apt, read so that a *source* archive can be
// fetched from the same mirror. It changes nothing of apt's own set-up. Used by python_source.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"

namespace ftaudit::python {

// The URIs in the one-line format of sources.list: "deb [signed-by=/k.gpg] http://host/debian trixie main".
std::vector<std::string> parse_apt_list(std::string_view text);
// In the deb822 format of *.sources: stanzas of "Field: value". Stanzas with "Enabled: no" are left out.
std::vector<std::string> parse_apt_sources(std::string_view text);

// Those of all repositories of `folder` (sources.list and sources.list.d), each once, without a slash at the end; those
// that end in "/debian" first, as the others (security, third parties) seldom have everything.
std::vector<std::string> apt_repositories(const fs::path& folder = "/etc/apt");

}  // namespace ftaudit::python
