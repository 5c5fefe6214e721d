#include "project/python_support.h"

#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/nesting.h"
#include "base/text.h"

namespace ftaudit::project {
namespace {

constexpr std::size_t most_bytes = 4 << 20;

// The numbers of "3.14.0rc1" as far as they go: 3, 14, 0.
std::vector<int> numbers(std::string_view text) {
  std::vector<int> out;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    int value = 0;
    const auto [stop, failed] = std::from_chars(at, end, value);
    if (failed != std::errc()) break;
    out.push_back(value);
    if (stop == end || *stop != '.') break;
    at = stop + 1;
  }
  return out;
}

void classify(PythonSupport& out, std::string_view classifier) {
  constexpr std::string_view prefix = "Programming Language :: Python :: 3.";
  classifier = trim(classifier);
  if (!classifier.starts_with(prefix)) return;
  const std::vector<int> version = numbers(classifier.substr(prefix.size()));
  if (version.size() == 1) out.classified.push_back(version[0]);
}

// Of an sdist: what its build said when it was made, also where a program computed it.
bool read_metadata(const fs::path& file, PythonSupport& out) {
  const auto text = read_file(file, most_bytes);
  if (!text.ok()) return false;
  for (const std::string& line : split(*text, '\n')) {
    if (trim(line).empty()) break;  // the description
    if (line.starts_with("Requires-Python:")) out.requires_python = trim(std::string_view(line).substr(16));
    if (line.starts_with("Classifier:")) classify(out, std::string_view(line).substr(11));
  }
  return !out.requires_python.empty() || !out.classified.empty();
}

bool read_toml(const fs::path& file, PythonSupport& out) {
  const auto text = read_file(file, most_bytes);
  if (!text.ok() || !check_toml_nesting(*text).ok()) return false;  // said where the build is read
  try {
    const toml::table document = toml::parse(*text, file.string());
    out.requires_python = document["project"]["requires-python"].value_or(std::string());
    if (const toml::array* all = document["project"]["classifiers"].as_array())
      for (const toml::node& one : *all) classify(out, one.value_or(std::string_view()));
  } catch (const toml::parse_error&) {
    return false;  // said there, too
  }
  return !out.requires_python.empty() || !out.classified.empty();
}

// setup.cfg: `python_requires = ...` of [options], and the indented lines after `classifiers =`.
bool read_setup_cfg(const fs::path& file, PythonSupport& out) {
  const auto text = read_file(file, most_bytes);
  if (!text.ok()) return false;
  for (const std::string& line : split(*text, '\n')) {
    const std::size_t equals = line.find('=');
    if (line.starts_with("python_requires") && equals != std::string::npos)
      out.requires_python = trim(std::string_view(line).substr(equals + 1));
    classify(out, line);
  }
  return !out.requires_python.empty() || !out.classified.empty();
}

}  // namespace

bool clause_admits(std::string_view clause, int minor) {
  clause = trim(clause);
  const std::size_t at = clause.find_first_not_of("<>=!~");
  if (at == std::string_view::npos || at == 0) return true;
  const std::string_view comparison = clause.substr(0, at);
  const std::vector<int> version = numbers(trim(clause.substr(at)));
  if (version.empty()) return true;
  const int major = version[0], other = version.size() > 1 ? version[1] : 0;
  const bool patched = version.size() > 2 && version[2] > 0, exact = version.size() > 2;
  const bool wildcard = clause.ends_with(".*");
  if (comparison == ">=" || comparison == ">") return major < 3 || (major == 3 && minor >= other);
  if (comparison == "<")
    return major > 3 || (major == 3 && version.size() > 1 && (minor < other || (minor == other && patched)));
  if (comparison == "<=") return major > 3 || (major == 3 && minor <= other);
  if (comparison == "!=") return !(major == 3 && version.size() > 1 && minor == other && !exact && wildcard);
  if (comparison == "==" || comparison == "===") return major == 3 && (version.size() == 1 || minor == other);
  if (comparison == "~=") return major == 3 && (exact ? minor == other : minor >= other);
  return true;
}

bool PythonSupport::admits(int minor) const {
  const std::vector<std::string> clauses = split(requires_python, ',');
  return std::all_of(clauses.begin(), clauses.end(),
                     [&](const std::string& clause) { return clause_admits(clause, minor); });
}

PythonSupport python_support(const fs::path& root) {
  PythonSupport out;
  constexpr struct {
    const char* name;
    bool (*read)(const fs::path&, PythonSupport&);
  } files[]{{"PKG-INFO", read_metadata}, {"pyproject.toml", read_toml}, {"setup.cfg", read_setup_cfg}};
  for (const auto& [name, read] : files) {
    if (!read(root / name, out)) continue;
    out.said_by = name;
    break;
  }
  std::sort(out.classified.begin(), out.classified.end());
  return out;
}

}  // namespace ftaudit::project
