#include "dynamic/sightings/coverage.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "cython/frames.h"
#include "dynamic/runtime/layout.h"
#include "dynamic/tsan/tsan.h"

namespace ftaudit::dynamic {
namespace {

template <class T> T at(const std::string& bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

// "add" and "Lattice::add" both mean "grid::Lattice::add"; so do they with Cython's dots.
bool names(std::string_view shorter, std::string_view function) {
  if (function == shorter) return true;
  if (function.size() < shorter.size() + 2 || !function.ends_with(shorter)) return false;
  const std::string_view before = function.substr(0, function.size() - shorter.size());
  return before.ends_with("::") || before.ends_with(".");
}

bool mean_the_same(std::string_view a, std::string_view b) { return names(a, b) || names(b, a); }

}  // namespace

Status Coverage::add_file(const fs::path& path) {
  const Result<std::string> read = read_file(path, std::uintmax_t{256} << 20);
  if (!read) return read.error();
  const std::string& bytes = *read;
  const auto broken = [&](const char* how) { return Error{path.string() + " is no coverage file: " + how}; };
  if (bytes.size() < sizeof(ftaudit_coverage_header)) return broken("it is too short");
  const auto header = at<ftaudit_coverage_header>(bytes, 0);
  if (header.magic != FTAUDIT_COVERAGE_MAGIC) return broken("it begins otherwise");
  if (header.complete != 1) return broken("its module was still being loaded");
  const std::uint64_t functions_at = sizeof header,
                      pairs_at = functions_at + std::uint64_t{header.functions} * sizeof(ftaudit_function),
                      names_at = pairs_at + std::uint64_t{header.pairs} * sizeof(ftaudit_pair),
                      end = names_at + header.name_bytes;
  if (end != bytes.size()) return broken("its size is not what it says");
  std::vector<std::string> function_names;
  std::vector<Reached> counts;
  for (std::uint64_t i = 0; i < header.functions; i++) {
    const auto function = at<ftaudit_function>(bytes, functions_at + i * sizeof(ftaudit_function));
    if (function.name >= header.name_bytes) return broken("a name lies outside");
    const char* name = bytes.data() + names_at + function.name;
    const std::string symbol(name, strnlen(name, header.name_bytes - function.name));
    function_names.push_back(cython::source_name(symbol).value_or(source_name(symbol)));
    counts.push_back({function.count, function.parked, function.met});
  }
  std::map<std::pair<std::string, std::string>, std::uint64_t> seen;
  for (std::uint64_t i = 0; i < header.pairs; i++) {
    const auto pair = at<ftaudit_pair>(bytes, pairs_at + i * sizeof(ftaudit_pair));
    const std::uint64_t a = pair.key >> 32, b = pair.key & 0xffffffff;
    if (pair.key == 0 || pair.count == 0) continue;
    if (a == 0 || b == 0 || a > header.functions || b > header.functions) return broken("a pair names no function");
    seen[std::minmax(function_names[a - 1], function_names[b - 1])] += pair.count;
  }
  for (std::size_t i = 0; i < counts.size(); i++) {
    if (function_names[i].empty()) continue;
    Reached& known = functions_[function_names[i]];
    known.count += counts[i].count;
    known.parked += counts[i].parked;
    known.met += counts[i].met;
  }
  for (const auto& [pair, count] : seen) pairs_[pair] += count;
  return Done{};
}

std::size_t Coverage::add_folder(const fs::path& folder, std::vector<std::string>& complaints) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed))
    if (entry.path().extension() == ".coverage") files.push_back(entry.path());
  if (failed) complaints.push_back("cannot read " + folder.string() + ": " + failed.message());
  std::sort(files.begin(), files.end());
  std::size_t added = 0;
  for (const fs::path& file : files) {
    if (Status read = add_file(file); read) added++;
    else complaints.push_back(read.message());
  }
  return added;
}

void Coverage::add(const Coverage& other) {
  for (const auto& [name, reached] : other.functions_) {
    Reached& known = functions_[name];
    known.count += reached.count;
    known.parked += reached.parked;
    known.met += reached.met;
  }
  for (const auto& [pair, count] : other.pairs_) pairs_[pair] += count;
}

std::uint64_t Coverage::reached(std::string_view function) const {
  std::uint64_t count = 0;
  for (const auto& [name, reached] : functions_)
    if (mean_the_same(function, name)) count += reached.count;
  return count;
}

std::uint64_t Coverage::overlapped(std::string_view a, std::string_view b) const {
  std::uint64_t count = 0;
  for (const auto& [pair, times] : pairs_)
    if ((mean_the_same(a, pair.first) && mean_the_same(b, pair.second)) ||
        (mean_the_same(b, pair.first) && mean_the_same(a, pair.second)))
      count += times;
  return count;
}

}  // namespace ftaudit::dynamic
