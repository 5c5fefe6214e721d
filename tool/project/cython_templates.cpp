#include "project/cython_templates.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace ftaudit::project {
namespace {

// Cython never sees lines like {{if MPI}} and {{py: ...}}: Tempita takes them out, comment marks before them or not.
bool has_statements(std::string_view text) {
  for (std::string_view line : split(text, '\n')) {
    line = trim(line);
    line = trim(line.substr(std::min(line.find_first_not_of('#'), line.size())));
    if (!line.starts_with("{{")) continue;
    line = trim(line.substr(2));
    for (const std::string_view word : {"if ", "for ", "py:", "endif", "endfor", "default ", "def ", "inherit "})
      if (line.starts_with(word)) return true;
  }
  return false;
}

// Lines like {% if MPI %}, Jinja's: no text of Cython's own begins with one.
bool has_jinja(std::string_view text) {
  for (std::string_view line : split(text, '\n')) {
    line = trim(line);
    if (!line.starts_with("{%") || line.find("%}") == std::string_view::npos) continue;
    line = trim(line.substr(line.starts_with("{%-") || line.starts_with("{%+") ? 3 : 2));
    for (const std::string_view word : {"if ", "for ", "macro ", "set ", "block ", "include ", "import ", "from ",
                                        "extends ", "call ", "filter ", "raw", "with"})
      if (line.starts_with(word)) return true;
  }
  return false;
}

// @name@, and not the @ of a decorator.
bool has_settings(std::string_view text) {
  for (std::size_t at = 0; (at = text.find('@', at)) != std::string_view::npos; ++at) {
    std::size_t end = at + 1;
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_')) ++end;
    if (end > at + 1 && end < text.size() && text[end] == '@') return true;
  }
  return false;
}

Engine engine_of(std::string_view text) {
  return text.find("{{") == std::string_view::npos && has_settings(text) ? Engine::settings : Engine::tempita;
}

}  // namespace

bool is_read_by_cython(const fs::path& file) {
  const std::string suffix = file.extension().native();
  return suffix == ".pyx" || suffix == ".pxd" || suffix == ".pxi";
}

std::optional<OutcomeOf> outcome_of(const fs::path& file) {
  const std::string suffix = file.extension().native();
  constexpr std::array engines{".in", ".tp", ".j2", ".mako", ".src"};
  const bool by_suffix = std::ranges::find(engines, suffix) != engines.end();
  fs::path made = file;
  if (by_suffix) made = file.parent_path() / file.stem();
  else if (file.stem().extension() == ".templ") made = file.parent_path() / (file.stem().stem().native() + suffix);
  if (!is_read_by_cython(made)) return std::nullopt;
  if (suffix == ".j2" || suffix == ".mako" || suffix == ".src") return OutcomeOf{made, Engine::other};
  const auto text = read_file(file, 16u << 20);
  if (!text.ok()) return by_suffix ? std::optional(OutcomeOf{made, Engine::other}) : std::nullopt;
  if (has_jinja(*text)) return OutcomeOf{made, Engine::other};
  if (made == file && !has_statements(*text)) return std::nullopt;
  return OutcomeOf{made, engine_of(*text)};
}

}  // namespace ftaudit::project
