#include "reports/repository.h"

namespace ftaudit::reports {

std::string repository_path(const std::string& file, const Surroundings& around) {
  return file.empty() || file.starts_with("/") ? file : around.folder + file;
}

std::string uri(std::string_view path) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  constexpr std::string_view kept = "-._~!$&'()*+,;=@/";
  std::string out = path.starts_with("/") ? "file://" : "";
  for (const unsigned char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       kept.find(static_cast<char>(c)) != kept.npos;
    if (plain) out += static_cast<char>(c);
    else (out += '%', out += hex[c >> 4], out += hex[c & 15]);
  }
  return out;
}

}  // namespace ftaudit::reports
