// Findings in an editor's terms: positions count lines from 0 and UTF-16 code units, files are URIs, the other side of
// a race is related information, a fix is an edit of a workspace. Used by the server.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "finding/document.h"
#include "lsp/connection.h"

namespace ftaudit::lsp {

std::string uri_of(const fs::path& file);    // "file:///home/me/a%20b.c"
fs::path path_of_uri(std::string_view uri);  // empty for what is no file

// Lines of files as they are now, to count columns in.
class Texts {
 public:
  std::string_view line(const fs::path& file, std::uint32_t line);

 private:
  std::map<fs::path, std::vector<std::string>> files_;
};

Json range_of(const Location& location, const fs::path& root, Texts& texts);
Json diagnostic_of(const Finding& finding, const fs::path& root, Texts& texts);
// The edits of a finding as a quick fix; null when it has none.
Json action_of(const Finding& finding, const fs::path& root, Texts& texts);

}  // namespace ftaudit::lsp
