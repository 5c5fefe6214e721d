#include "cython/frames.h"

#include "cython/c_names.h"
#include "cython/lines.h"
#include "cython/sources.h"

namespace ftaudit::cython {
namespace {

bool is_users(Kind kind) { return kind == Kind::body || kind == Kind::generator; }

}  // namespace

Frames::Frames() = default;
Frames::~Frames() = default;

std::optional<SourcePlace> Frames::at(const fs::path& root, const std::string& c_file, std::uint32_t line,
                                      std::string_view function) {
  const auto [it, is_new] = files_.try_emplace(root / c_file);
  if (is_new)
    if (const auto text = read_file(it->first, 256u << 20); text.ok())
      if (auto lines = std::make_unique<Lines>(*text); !lines->version().empty()) it->second = std::move(lines);
  if (it->second == nullptr) return std::nullopt;
  const Lines& lines = *it->second;
  const CName name = taken_apart(function, lines);
  const bool initialises = function.starts_with("PyInit_");
  if (name.kind == Kind::other && !initialises && !function.empty()) return std::nullopt;
  const Lines::Position position = lines.at(line);
  if (!is_users(name.kind) || position.line == 0 || position.source == Lines::own) return SourcePlace{.own = true};
  const auto shown = Sources(root).meant(lines.sources()[position.source], c_file, "");
  if (!shown) return SourcePlace{.own = true};
  return SourcePlace{*shown, position.line, without_module(name.dotted(), lines.module())};
}

std::optional<std::string> source_name(std::string_view c_name) {
  const CName name = taken_apart(c_name);
  if (name.kind == Kind::other) return std::nullopt;
  return is_users(name.kind) || name.kind == Kind::variable ? name.dotted() : "";
}

}  // namespace ftaudit::cython
