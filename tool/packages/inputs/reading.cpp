#include "packages/inputs/reading.h"

#include "packages/inputs/file_name.h"

namespace ftaudit::packages {
namespace {

void append_utf8(std::string& text, std::uint32_t code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | code >> 6);
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    text += static_cast<char>(0xE0 | code >> 12);
    text += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// Requirements are ASCII but for comments, so a surrogate pair may become two replacement characters.
std::string from_utf16(std::string_view bytes, bool big_endian) {
  std::string text;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    auto first = static_cast<unsigned char>(bytes[i]), second = static_cast<unsigned char>(bytes[i + 1]);
    std::uint32_t code = big_endian ? first << 8 | second : second << 8 | first;
    append_utf8(text, code >= 0xD800 && code < 0xE000 ? 0xFFFD : code);
  }
  return text;
}

}  // namespace

Result<std::string> read_text(const fs::path& file) {
  auto bytes = read_file(file, input_file_limit);
  if (!bytes.ok()) return bytes;
  std::string& text = *bytes;
  if (text.starts_with("\xEF\xBB\xBF")) return text.substr(3);
  if (text.starts_with("\xFF\xFE")) return from_utf16(std::string_view(text).substr(2), false);
  if (text.starts_with("\xFE\xFF")) return from_utf16(std::string_view(text).substr(2), true);
  if (text.substr(0, 4096).find('\0') != std::string::npos) return Error{file.string() + ": not a text file"};
  return bytes;
}

void Reading::add_requirement(std::string_view text, const Origin& origin, std::span<const std::string> extras) {
  auto requirement = parse_requirement(text);
  if (!requirement.ok()) return remark(origin, requirement.message());
  if (!requirement->holds(environment, extras)) return;
  Wanted wanted;
  wanted.origin = origin;
  wanted.requirement = std::move(*requirement);
  if (!wanted.requirement.url.empty()) {
    const std::string name = wanted.requirement.name;
    wanted.url = wanted.requirement.url;
    classify_url(wanted.url, wanted);
    wanted.requirement.name = name;
  }
  input.wanted.push_back(std::move(wanted));
}

}  // namespace ftaudit::packages
