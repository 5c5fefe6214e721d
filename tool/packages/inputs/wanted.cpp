#include "packages/inputs/wanted.h"

namespace ftaudit::packages {

std::string Origin::text() const {
  return line ? file + ":" + std::to_string(line) : file.empty() ? "the command line" : file;
}

std::string shown_url(std::string_view url) {
  std::string shown(url);
  std::size_t start = shown.find("://");
  if (start == std::string::npos) return shown;
  start += 3;
  std::size_t at = shown.substr(0, shown.find_first_of("/?#", start)).rfind('@');
  if (at != std::string::npos && at >= start) shown.erase(start, at + 1 - start);
  // Tokens also travel in queries.
  if (std::size_t query = shown.find('?'); query != std::string::npos) {
    std::size_t fragment = shown.find('#', query);
    shown.replace(query, (fragment == std::string::npos ? shown.size() : fragment) - query, "?...");
  }
  return shown;
}

}  // namespace ftaudit::packages
