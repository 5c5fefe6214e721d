#include "reports/markup.h"

#include "base/text.h"
#include "reports/columns.h"

namespace ftaudit::reports {

std::string printable_lines(std::string_view text) {
  std::string out;
  bool first = true;
  for (std::string& line : split(text, '\n')) {
    if (!first) out += '\n';
    first = false;
    if (line.ends_with('\r')) line.pop_back();
    std::size_t at = 0;
    for (std::size_t tab; (tab = line.find('\t', at)) != std::string::npos; at = tab + 1)
      out += printable(std::string_view(line).substr(at, tab - at)) + '\t';
    out += printable(std::string_view(line).substr(at));
  }
  return out;
}

std::string markup(std::string_view text) {
  std::string out;
  for (const char c : printable_lines(text)) switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  return out;
}

}  // namespace ftaudit::reports
