#include "cython/frames.h"

#include "base/files.h"
#include "cython/c_names.h"
#include "cython/lines.h"

namespace ftaudit::cython {

Frames::Frames() = default;
Frames::~Frames() = default;

std::optional<SourcePlace> Frames::at(const std::string& c_file, std::uint32_t line, std::string_view function) {
  const auto [it, is_new] = files_.try_emplace(c_file);
  if (is_new && !function.empty())
    if (const auto text = read_file(c_file, 256u << 20); text.ok())
      if (auto lines = std::make_unique<Lines>(*text); !lines->version().empty()) it->second = std::move(lines);
  if (it->second == nullptr) return std::nullopt;
  const Lines::Position position = it->second->at(line);
  if (position.line == 0 || position.source == Lines::own) return std::nullopt;
  SourcePlace out{it->second->sources()[position.source], position.line, ""};
  const CName name = taken_apart(function);
  if (name.kind == Kind::body || name.kind == Kind::generator || name.kind == Kind::wrapper)
    out.function = without_module(name.dotted(), it->second->module());
  return out;
}

}  // namespace ftaudit::cython
