#include "audit/source_texts.h"

#include <algorithm>

#include "base/sha256.h"
#include "base/text.h"

namespace ftaudit::audit {

const std::vector<std::string>& SourceTexts::lines(const std::string& file) {
  auto [it, is_new] = files_.try_emplace(file);
  if (is_new)
    if (auto text = read_file(root_ / file); text.ok()) it->second = split(*text, '\n');
  return it->second;
}

std::string SourceTexts::text(const Location& where) {
  const std::vector<std::string>& all = lines(where.file);
  std::string out;
  for (std::uint32_t line = where.line;
       line >= 1 && line <= std::max(where.line, where.end_line) && line <= all.size() && line < where.line + 10;
       ++line) {
    std::string_view part = all[line - 1];
    const std::size_t end = line == where.end_line && where.end_column > 0 ? where.end_column - 1 : part.size();
    part = part.substr(0, std::min(end, part.size()));
    if (line == where.line && where.column > 0)
      part.remove_prefix(std::min<std::size_t>(where.column - 1, part.size()));
    out.append(part).append("\n");
  }
  return out;
}

std::string SourceTexts::around(const Location& where) {
  const std::vector<std::string>& all = lines(where.file);
  if (where.line == 0 || where.line > all.size()) return {};
  Sha256 digest;
  const std::uint32_t last = std::max(where.line, where.end_line);
  for (std::uint32_t line = where.line > 3 ? where.line - 3 : 1; line <= last + 3 && line <= all.size(); ++line)
    if (line < where.line || line > last) digest.add(trim(all[line - 1])), digest.add("\n");
  return digest.hex().substr(0, 10);
}

}  // namespace ftaudit::audit
