#include "packages/names/requirement.h"

#include "base/text.h"
#include "packages/names/name.h"

namespace ftaudit::packages {
namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

Error unreadable(std::string_view text, std::string_view why) {
  std::string shown(text.substr(0, 120));
  if (text.size() > 120) shown += "...";
  return Error{"\"" + shown + "\" is no requirement: " + std::string(why)};
}

std::string_view take_name(std::string_view& rest) {
  std::size_t length = 0;
  while (length < rest.size() && is_name_character(rest[length])) ++length;
  std::string_view name = rest.substr(0, length);
  rest = trim(rest.substr(length));
  return name;
}

Status take_extras(std::string_view text, std::string_view& rest, std::vector<std::string>& extras) {
  if (!rest.starts_with('[')) return Done{};
  std::size_t end = rest.find(']');
  if (end == std::string_view::npos) return unreadable(text, "the \"[\" of its extras is never closed");
  std::string_view inside = trim(rest.substr(1, end - 1));
  rest = trim(rest.substr(end + 1));
  if (inside.empty()) return Done{};
  for (const std::string& part : split(inside, ',')) {
    std::string extra(trim(part));
    if (!is_name(extra)) return unreadable(text, "\"" + extra.substr(0, 80) + "\" is no name of an extra");
    extras.push_back(std::move(extra));
  }
  return Done{};
}

// A comma may end the list; two in a row only inside what "===" compares as text.
bool has_gap(std::string_view versions) {
  auto parts = split(versions, ',');
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    if (trim(parts[i]).starts_with("===")) return false;
    if (trim(parts[i]).empty()) return true;
  }
  return false;
}

// "; marker" or nothing.
Status take_marker(std::string_view text, std::string_view rest, std::optional<Marker>& marker) {
  rest = trim(rest);
  if (rest.empty()) return Done{};
  if (rest.front() != ';') return unreadable(text, "\"" + std::string(rest.substr(0, 80)) + "\" was not expected");
  auto parsed = Marker::parse(rest.substr(1));
  if (!parsed.ok()) return unreadable(text, parsed.message());
  marker = std::move(*parsed);
  return Done{};
}

}  // namespace

bool Requirement::holds(const Environment& environment, std::span<const std::string> wanted_extras) const {
  return !marker || marker->holds(environment, wanted_extras);
}

std::string Requirement::text() const {
  std::string text = name;
  if (!extras.empty()) text += "[" + join(extras, ",") + "]";
  if (!url.empty()) text += " @ " + url + (marker ? " " : "");
  else text += specifiers.text();
  if (marker) text += "; " + marker->text();
  return text;
}

Result<Requirement> parse_requirement(std::string_view text) {
  Requirement requirement;
  std::string_view rest = trim(text);
  requirement.name = take_name(rest);
  if (requirement.name.empty()) return unreadable(text, "it does not begin with a name");
  if (!is_name(requirement.name))
    return unreadable(text, "\"" + requirement.name.substr(0, 80) + "\" cannot be a name");
  if (auto status = take_extras(text, rest, requirement.extras); !status.ok()) return status.error();
  if (rest.starts_with('@')) {
    rest = trim(rest.substr(1));
    std::size_t end = rest.find_first_of(" \t");
    requirement.url = rest.substr(0, end);
    if (requirement.url.empty()) return unreadable(text, "no URL follows the \"@\"");
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end);
    if (auto status = take_marker(text, rest, requirement.marker); !status.ok()) return status.error();
    return requirement;
  }
  const bool enclosed = rest.starts_with('(');
  std::size_t end = enclosed ? rest.find(')') : rest.find(';');
  if (enclosed && end == std::string_view::npos) return unreadable(text, "the \"(\" of its versions is never closed");
  std::string_view versions =
      trim(rest.substr(enclosed ? 1 : 0, end == std::string_view::npos ? end : end - (enclosed ? 1 : 0)));
  if (has_gap(versions)) return unreadable(text, "a version is missing at a comma");
  auto specifiers = Specifiers::parse(versions);
  if (!specifiers.ok()) return unreadable(text, specifiers.message());
  requirement.specifiers = std::move(*specifiers);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + (enclosed ? 1 : 0));
  if (auto status = take_marker(text, rest, requirement.marker); !status.ok()) return status.error();
  return requirement;
}

}  // namespace ftaudit::packages
