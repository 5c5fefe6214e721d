#include "reports/line_hash.h"

#include <cstdint>
#include <cstdio>
#include <map>

#include "reports/characters.h"

namespace ftaudit::reports {

namespace {

constexpr std::size_t window = 100;
constexpr std::uint64_t base = 37;

// The units that count, and where among them each line starts.
struct Units {
  std::u16string text;
  std::vector<std::size_t> starts;
};

Units units_of(std::string_view file) {
  Units out;
  bool at_start = true, after_return = false;
  const auto add = [&](char16_t unit) {
    if (at_start) out.starts.push_back(out.text.size());
    at_start = unit == u'\n';
    out.text += unit;
  };
  for (const char16_t unit : utf16(file)) {
    const bool second_half = after_return && unit == u'\n';
    after_return = unit == u'\r';
    if (unit != u' ' && unit != u'\t' && !second_half) add(after_return ? u'\n' : unit);
  }
  add(u'\uFFFF');
  return out;
}

}  // namespace

std::vector<std::string> line_hashes(std::string_view file) {
  const Units units = units_of(file);
  std::uint64_t leaving = 1;  // base to the power of the window: what a unit weighs when it drops out
  for (std::size_t i = 0; i < window; ++i) leaving *= base;

  std::vector<std::string> out;
  std::map<std::uint64_t, unsigned> seen;
  std::uint64_t hash = 0;
  std::size_t end = 0;  // the hash is of [end - window, end)
  const auto unit = [&](std::size_t i) -> std::uint64_t { return i < units.text.size() ? units.text[i] : 0; };
  for (const std::size_t start : units.starts) {
    for (; end < start + window; ++end)
      hash = hash * base + unit(end) - (end >= window ? leaving * unit(end - window) : 0);
    char text[32];
    std::snprintf(text, sizeof text, "%llx:%u", static_cast<unsigned long long>(hash), ++seen[hash]);
    out.emplace_back(text);
  }
  return out;
}

}  // namespace ftaudit::reports
