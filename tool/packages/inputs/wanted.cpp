#include "packages/inputs/wanted.h"

#include <iterator>

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

void combine(Input& all, Input more) {
  const bool first = all.read.empty() && all.wanted.empty();
  all.resolved = more.resolved && (first || all.resolved);
  auto append = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  append(all.wanted, more.wanted);
  append(all.constraints, more.constraints);
  append(all.remarks, more.remarks);
  append(all.read, more.read);
  if (!more.index.index_url.empty()) all.index.index_url = more.index.index_url;
  append(all.index.extra_index_urls, more.index.extra_index_urls);
  append(all.index.find_links, more.index.find_links);
  append(all.index.trusted_hosts, more.index.trusted_hosts);
  all.index.no_index |= more.index.no_index;
  all.index.prereleases |= more.index.prereleases;
  all.index.offline |= more.index.offline;
}

}  // namespace ftaudit::packages
