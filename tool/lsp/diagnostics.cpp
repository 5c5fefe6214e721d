#include "lsp/diagnostics.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "reports/characters.h"

namespace ftaudit::lsp {
namespace {

constexpr std::size_t most_related = 20;

int severity_of(Severity severity) {
  switch (severity) {
    case Severity::high: return 1;
    case Severity::medium: return 2;
    case Severity::low: return 3;
    case Severity::info: break;
  }
  return 4;
}

Json position_of(const fs::path& file, std::uint32_t line, std::uint32_t column, Texts& texts) {
  const std::uint32_t number = std::max(line, 1u);
  return {{"line", number - 1}, {"character", column == 0 ? 0 : reports::utf16_units(texts.line(file, number), column - 1)}};
}

fs::path file_of(const Location& location, const fs::path& root) { return (root / location.file).lexically_normal(); }

}  // namespace

std::string uri_of(const fs::path& file) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out = "file://";
  for (const char c : file.native()) {
    const auto byte = static_cast<unsigned char>(c);
    if (plain.find(c) != std::string_view::npos) out += c;
    else out += '%', out += digits[byte >> 4], out += digits[byte & 15];
  }
  return out;
}

fs::path path_of_uri(std::string_view uri) {
  constexpr std::string_view scheme = "file://";
  if (!uri.starts_with(scheme)) return {};
  uri.remove_prefix(scheme.size());
  uri.remove_prefix(std::min(uri.find('/'), uri.size()));  // a host
  std::string out;
  for (std::size_t i = 0; i < uri.size(); ++i) {
    unsigned value = 0;
    const char* const at = uri.data() + i + 1;
    if (uri[i] == '%' && i + 2 < uri.size() && std::from_chars(at, at + 2, value, 16).ptr == at + 2)
      out += static_cast<char>(value), i += 2;
    else out += uri[i];
  }
  return fs::path(out).lexically_normal();
}

std::string_view Texts::line(const fs::path& file, std::uint32_t line) {
  const auto [at, fresh] = files_.try_emplace(file);
  if (fresh)
    if (const auto text = read_file(file, 64u << 20); text.ok()) at->second = split(*text, '\n');
  return line >= 1 && line <= at->second.size() ? std::string_view(at->second[line - 1]) : std::string_view();
}

Json range_of(const Location& location, const fs::path& root, Texts& texts) {
  const fs::path file = file_of(location, root);
  const Json start = position_of(file, location.line, location.column, texts);
  if (location.end_line < location.line) return {{"start", start}, {"end", start}};
  return {{"start", start}, {"end", position_of(file, location.end_line, location.end_column, texts)}};
}

Json diagnostic_of(const Finding& finding, const fs::path& root, Texts& texts) {
  Json out{{"range", range_of(finding.location, root, texts)},
           {"severity", severity_of(finding.severity)},
           {"code", finding.rule},
           {"source", "ftaudit"},
           {"message", finding.what + "\n" + finding.why + "\ninstead: " + finding.instead},
           {"data", finding.fingerprint}};
  Json related = Json::array();
  for (const Step& step : finding.trace)
    if (!step.location.file.empty() && related.size() < most_related)
      related.push_back(
          {{"location",
            {{"uri", uri_of(file_of(step.location, root))}, {"range", range_of(step.location, root, texts)}}},
           {"message", step.what}});
  if (!related.empty()) out["relatedInformation"] = std::move(related);
  return out;
}

Json action_of(const Finding& finding, const fs::path& root, Texts& texts) {
  if (finding.fixes.empty()) return nullptr;
  Json changes = Json::object();
  for (const Fix& fix : finding.fixes)
    changes[uri_of(file_of(fix.range, root))].push_back(
        {{"range", range_of(fix.range, root, texts)}, {"newText", fix.text}});
  return {{"title", finding.rule + ": " + finding.instead},
          {"kind", "quickfix"},
          {"isPreferred", true},
          {"diagnostics", Json::array({diagnostic_of(finding, root, texts)})},
          {"edit", {{"changes", std::move(changes)}}}};
}

}  // namespace ftaudit::lsp
