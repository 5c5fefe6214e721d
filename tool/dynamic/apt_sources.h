// Where this machine's apt gets its packages: the repositories of /etc/apt, read so that another suite of the same
// mirror can be asked for a *source* package. It changes nothing of apt's own set-up. Used by python_source.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"

namespace ftaudit::dynamic {

struct AptRepository {
  std::string uri;
  std::string signed_by;  // as written after Signed-By: a keyring's path or a key (several lines); may be empty
  std::string trusted;    // as written after Trusted, or empty

  bool operator==(const AptRepository&) const = default;
};

// The one-line format of sources.list: "deb [signed-by=/k.gpg] http://host/debian trixie main".
std::vector<AptRepository> parse_apt_list(std::string_view text);
// The deb822 format of *.sources: stanzas of "Field: value". Stanzas with "Enabled: no" are left out.
std::vector<AptRepository> parse_apt_sources(std::string_view text);

// All repositories of `folder` (sources.list and sources.list.d), each once; those that end in "/debian" first, as
// the others (security, third parties) seldom carry a whole suite.
std::vector<AptRepository> apt_repositories(const fs::path& folder = "/etc/apt");

// A deb822 stanza for the source packages of `suite` in that repository.
std::string source_stanza(const AptRepository& repository, std::string_view suite);

}  // namespace ftaudit::dynamic
