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

// All members by name: one that is added and not sent does not compile.
template <class V, class X> void visit_unit(V& v, X& x) {
  auto& [file, folder, flags, modules, generated_by, made_from, guessed_flags] = x;
  v(file, folder, flags, modules, generated_by, made_from, guessed_flags);
}
template <class V, class X> void visit_cython(V& v, X& x) {
  auto& [file, made, folder, flags, modules, module, cxx, directives, values, search, listed] = x;
  v(file, made, folder, flags, modules, module, cxx, directives, values, search, listed);
}
template <class V, class X> void visit_template(V& v, X& x) {
  auto& [file, made, expanded, text] = x;
  v(file, made, expanded, text);
}
template <class V, class X> void visit_skip(V& v, X& x) {
  auto& [file, reason, asked] = x;
  v(file, reason, asked);
}
template <class V, class X> void visit_limited_api(V& v, X& x) {
  auto& [file, line, what, unless_free_threaded] = x;
  v(file, line, what, unless_free_threaded);
}
template <class V, class X> void visit_module(V& v, X& x) {
  auto& [name, described, line] = x;
  v(name, described, line);
}
template <class V, class X> void visit_old_c(V& v, X& x) {
  auto& [file, source, version] = x;
  v(file, source, version);
}
template <class V, class X> void visit_pythons(V& v, X& x) {
  auto& [requires_python, classified, said_by] = x;
  v(requires_python, classified, said_by);
}
template <class V, class X> void visit_project(V& v, X& x) {
  auto& [root, name, units, modules, skipped, old_c, cython, cython_templates, expanded, limited_api, pythons,
         build_requires, backend, notes, compile_commands, looked_at, unpacked] = x;
  v(root, name, units, modules, skipped, old_c, cython, cython_templates, expanded, limited_api, pythons,
    build_requires, backend, notes, compile_commands, looked_at);
}

}  // namespace

template <class V> void fields(V& v, Unit& x) { visit_unit(v, x); }
template <class V> void fields(V& v, const Unit& x) { visit_unit(v, x); }
template <class V> void fields(V& v, CythonSource& x) { visit_cython(v, x); }
template <class V> void fields(V& v, const CythonSource& x) { visit_cython(v, x); }
template <class V> void fields(V& v, CythonTemplate& x) { visit_template(v, x); }
template <class V> void fields(V& v, const CythonTemplate& x) { visit_template(v, x); }
template <class V> void fields(V& v, Skip& x) { visit_skip(v, x); }
template <class V> void fields(V& v, const Skip& x) { visit_skip(v, x); }
template <class V> void fields(V& v, LimitedApi& x) { visit_limited_api(v, x); }
template <class V> void fields(V& v, const LimitedApi& x) { visit_limited_api(v, x); }
template <class V> void fields(V& v, Module& x) { visit_module(v, x); }
template <class V> void fields(V& v, const Module& x) { visit_module(v, x); }
template <class V> void fields(V& v, Project::OldC& x) { visit_old_c(v, x); }
template <class V> void fields(V& v, const Project::OldC& x) { visit_old_c(v, x); }
template <class V> void fields(V& v, PythonSupport& x) { visit_pythons(v, x); }
template <class V> void fields(V& v, const PythonSupport& x) { visit_pythons(v, x); }
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
