#include "project/sending.h"

#include "base/bytes.h"

namespace ftaudit {

inline void fields(ByteWriter& v, const fs::path& x) { v(x.native()); }
inline void fields(ByteReader& v, fs::path& x) {
  std::string text;
  v(text);
  x = std::move(text);
}

namespace project {

constexpr Generator last_value(Generator) { return Generator::other; }

namespace {

template <class V, class X> void visit_unit(V& v, X& x) {
  v(x.file, x.folder, x.flags, x.modules, x.generated_by, x.guessed_flags);
}
template <class V, class X> void visit_project(V& v, X& x) {
  v(x.root, x.name, x.units, x.modules, x.skipped, x.limited_api, x.build_requires, x.backend, x.notes,
    x.compile_commands, x.looked_at);
}

}  // namespace

template <class V> void fields(V& v, Unit& x) { visit_unit(v, x); }
template <class V> void fields(V& v, const Unit& x) { visit_unit(v, x); }
template <class V> void fields(V& v, Skip& x) { v(x.file, x.reason, x.asked); }
template <class V> void fields(V& v, const Skip& x) { v(x.file, x.reason, x.asked); }
template <class V> void fields(V& v, LimitedApi& x) { v(x.file, x.line, x.what, x.unless_free_threaded); }
template <class V> void fields(V& v, const LimitedApi& x) { v(x.file, x.line, x.what, x.unless_free_threaded); }
template <class V> void fields(V& v, Module& x) { v(x.name, x.described, x.line); }
template <class V> void fields(V& v, const Module& x) { v(x.name, x.described, x.line); }
template <class V> void fields(V& v, Project& x) { visit_project(v, x); }
template <class V> void fields(V& v, const Project& x) { visit_project(v, x); }

std::string to_bytes(const Project& project) {
  ByteWriter writer;
  writer(project);
  return std::move(writer.bytes);
}

Result<Project> project_from_bytes(std::string_view bytes) {
  Project out;
  ByteReader reader(bytes);
  reader(out);
  if (reader.failed() || !reader.at_end()) return Error{"what its reader said makes no sense"};
  return out;
}

}  // namespace project
}  // namespace ftaudit
