#include "project/source_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>

#include "base/text.h"

namespace ftaudit::project {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

std::string_view word_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_word(text[end])) ++end;
  return text.substr(at, end - at);
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && std::isspace(static_cast<unsigned char>(text[at]))) ++at;
  return at;
}

// As skip_blanks, and over comments and directives too: what may stand between a function's head and its body.
std::size_t skip_to_code(std::string_view text, std::size_t at) {
  for (;;) {
    at = skip_blanks(text, at);
    if (at < text.size() && (text[at] == '#' || text.substr(at).starts_with("//")))
      at = std::min(text.find('\n', at), text.size());
    else if (text.substr(std::min(at, text.size())).starts_with("/*"))
      at = std::min(text.find("*/", at), text.size() - 2) + 2;
    else return at;
  }
}

std::string_view line_around(std::string_view text, std::size_t at) {
  const std::size_t before = text.rfind('\n', at);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  return text.substr(begin, text.find('\n', at) - begin);
}

// A directive's line, from its '#': #include, #include_next, #import; and #define of an init macro.
void read_directive(std::string_view line, SourceText& out) {
  line = trim(line.substr(1));
  if (line.starts_with("include") || line.starts_with("import")) {
    const std::size_t open = line.find_first_of("<\"");
    if (open == std::string_view::npos || line.find_first_not_of("abcdefghijklmnopqrstuvwxyz_ \t") < open) return;
    const std::size_t close = line.find(line[open] == '<' ? '>' : '"', open + 1);
    if (close == std::string_view::npos || close == open + 1) return;
    out.includes.push_back({std::string(line.substr(open + 1, close - open - 1)), line[open] == '<'});
  }
}

// Walks the text once: strings and comments are stepped over so that an #include within them is none.
void read_directives(std::string_view text, SourceText& out) {
  bool line_start = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      line_start = true;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      continue;
    } else if (c == '/' && i + 1 < text.size() && text[i + 1] == '*') {
      const std::size_t end = text.find("*/", i + 2);
      if (end == std::string_view::npos) return;
      i = end + 1;  // the line's start is still to come
    } else if (c == '/' && i + 1 < text.size() && text[i + 1] == '/') {
      i = std::min(text.find('\n', i), text.size()) - 1;
    } else if (c == '#' && line_start) {
      const std::size_t end = std::min(text.find('\n', i), text.size());
      read_directive(text.substr(i, end - i), out);
      // A comment that opens on a directive's line may run over several.
      const std::size_t comment = text.substr(i, end - i).find("/*");
      i = comment == std::string_view::npos ? end - 1 : i + comment - 1;
      line_start = comment == std::string_view::npos;
    } else if (c == '"' || c == '\'') {
      line_start = false;
      // Digit separators and apostrophes in #error texts: a literal never crosses its line.
      for (++i; i < text.size() && text[i] != c && text[i] != '\n'; ++i)
        if (text[i] == '\\') ++i;
      if (i < text.size() && text[i] == '\n') line_start = true;
    } else {
      line_start = false;
    }
  }
}

// PyInit_x as a definition: not a declaration, not a call, not a mention in a table.
void read_init_functions(std::string_view text, std::string_view prefix, SourceText& out) {
  for (std::size_t at = text.find(prefix); at != std::string_view::npos; at = text.find(prefix, at + 1)) {
    if (at > 0 && is_word(text[at - 1])) continue;
    const std::string_view name = word_at(text, at + prefix.size());
    const std::string_view line = trim(line_around(text, at));
    const bool in_define = line.starts_with("#") && line.substr(1).find("define") != std::string_view::npos;
    std::size_t after = skip_blanks(text, at + prefix.size() + name.size());
    if (in_define && text.substr(after).starts_with("##")) {
      const std::size_t macro = line.find("define") + 7;
      if (macro < line.size()) {
        const std::string_view macro_name = word_at(line, skip_blanks(line, macro));
        if (!macro_name.empty()) out.init_macros.emplace_back(macro_name);
      }
      continue;
    }
    if (name.empty()) continue;
    if (in_define) {
      if (line.ends_with(name)) out.modules.emplace_back(name);
      continue;
    }
    if (after >= text.size() || text[after] != '(') continue;
    after = text.find(')', after);
    if (after == std::string_view::npos) continue;
    after = skip_to_code(text, after + 1);
    if (after < text.size() && text[after] == '{') out.modules.emplace_back(name);
  }
}

Generator generator_of(std::string_view text) {
  const std::string_view head = text.substr(0, 4096);
  const auto says = [&](std::string_view words) { return head.find(words) != std::string_view::npos; };
  if (says("Generated by Cython")) return Generator::cython;
  if (says("automatically generated by SWIG") || says("generated by SWIG")) return Generator::swig;
  if (says("generated with f2py") || (says("File: ") && says("f2py"))) return Generator::f2py;
  if (says("_CFFI_") && text.substr(0, 60'000).find("_cffi_") != std::string_view::npos) return Generator::cffi;
  if (says("CPy.h") && (says("mypyc") || says("__native"))) return Generator::mypyc;
  if (says("pythonic/core.hpp")) return Generator::pythran;
  std::string lower = to_lower(head.substr(0, 1024));
  for (const std::string_view words : {"autogenerated", "auto-generated", "automatically generated", "@generated"})
    if (lower.find(words) != std::string::npos) return Generator::other;
  return Generator::none;
}

// Cython writes the module's full name down: #define __Pyx_MODULE_NAME "pkg.m"
std::string cython_module(std::string_view text) {
  constexpr std::string_view define = "#define __Pyx_MODULE_NAME \"";
  const std::size_t at = text.find(define);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = text.substr(at + define.size(), 500);
  const std::size_t quote = rest.find_first_of("\"\n");
  return quote == std::string_view::npos || rest[quote] == '\n' ? std::string() : std::string(rest.substr(0, quote));
}

// static const char *__pyx_f[] = { "pkg/m.pyx", "<stringsource>", }: the first is the module's own source.
std::string cython_source(std::string_view text) {
  constexpr std::string_view table = "__pyx_f[] = {";
  const std::size_t at = text.find(table);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = trim(text.substr(at + table.size(), 1000));
  const std::size_t quote = rest.empty() || rest[0] != '"' ? std::string_view::npos : rest.find_first_of("\"\n", 1);
  if (quote == std::string_view::npos || rest[quote] == '\n') return {};
  const std::string_view name = rest.substr(1, quote - 1);
  return name.ends_with(".pyx") ? std::string(name) : std::string();
}

}  // namespace

SourceText read_source_text(std::string_view text) {
  SourceText out;
  out.binary = std::memchr(text.data(), '\0', std::min<std::size_t>(text.size(), 8192)) != nullptr;
  if (out.binary) return out;
  out.generated_by = generator_of(text);
  read_directives(text, out);
  out.full_name = cython_module(text);
  if (out.generated_by == Generator::cython) out.made_of = cython_source(text);
  for (const std::string_view prefix : {"PyInit_", "PyModExport_"}) read_init_functions(text, prefix, out);
  for (const std::string_view macro :
       {"PYBIND11_MODULE", "PYBIND11_PLUGIN", "NB_MODULE", "BOOST_PYTHON_MODULE", "PYBIND11_EMBEDDED_MODULE"})
    for (std::string& name : macro_arguments(text, macro)) out.modules.push_back(std::move(name));
  for (const std::string_view newer : {"co_await ", "std::jthread", "atomic<std::shared_ptr<", "std::atomic_ref<"})
    out.newer_cxx = out.newer_cxx || text.find(newer) != std::string_view::npos;
  std::ranges::sort(out.modules);
  out.modules.erase(std::unique(out.modules.begin(), out.modules.end()), out.modules.end());
  return out;
}

std::vector<std::string> macro_arguments(std::string_view text, std::string_view macro) {
  std::vector<std::string> out;
  for (std::size_t at = text.find(macro); at != std::string_view::npos; at = text.find(macro, at + 1)) {
    if (at > 0 && is_word(text[at - 1])) continue;
    if (trim(line_around(text, at)).starts_with("#")) continue;
    const std::size_t open = skip_blanks(text, at + macro.size());
    if (open >= text.size() || text[open] != '(') continue;
    const std::string_view name = word_at(text, skip_blanks(text, open + 1));
    if (!name.empty()) out.emplace_back(name);
  }
  return out;
}

bool names_python(std::string_view include) {
  static constexpr std::array<std::string_view, 9> exact{"Python.h",          "structmember.h",  "frameobject.h",
                                                         "boost/python.hpp",  "pyconfig.h",      "cppy/cppy.h",
                                                         "torch/extension.h", "CXX/Objects.hxx", "CXX/Extensions.hxx"};
  static constexpr std::array<std::string_view, 7> prefixes{
      "pybind11/", "nanobind/", "numpy/", "boost/python/", "python3", "xtensor-python/", "greenlet/greenlet.h"};
  if (std::ranges::find(exact, include) != exact.end()) return true;
  if (include.ends_with("/Python.h")) return true;
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return include.starts_with(prefix); });
}

bool is_standard_header(std::string_view name) {
  // Names without suffix are C++'s.
  if (name.find('/') == std::string_view::npos && name.find('.') == std::string_view::npos) return true;
  static constexpr std::array<std::string_view, 8> prefixes{"sys/", "linux/", "netinet/", "arpa/",
                                                            "asm/", "bits/",  "mach/",    "net/"};
  if (std::ranges::any_of(prefixes, [&](std::string_view prefix) { return name.starts_with(prefix); })) return true;
  static constexpr std::array<std::string_view, 62> names{
      "assert.h",  "complex.h",  "ctype.h",   "errno.h",    "fenv.h",     "float.h",       "inttypes.h", "iso646.h",
      "limits.h",  "locale.h",   "math.h",    "setjmp.h",   "signal.h",   "stdalign.h",    "stdarg.h",   "stdatomic.h",
      "stdbool.h", "stddef.h",   "stdint.h",  "stdio.h",    "stdlib.h",   "stdnoreturn.h", "string.h",   "tgmath.h",
      "threads.h", "time.h",     "uchar.h",   "wchar.h",    "wctype.h",   "unistd.h",      "fcntl.h",    "pthread.h",
      "dirent.h",  "dlfcn.h",    "poll.h",    "netdb.h",    "grp.h",      "pwd.h",         "sched.h",    "semaphore.h",
      "strings.h", "syslog.h",   "termios.h", "utime.h",    "wait.h",     "windows.h",     "winsock2.h", "io.h",
      "malloc.h",  "memory.h",   "alloca.h",  "endian.h",   "byteswap.h", "execinfo.h",    "getopt.h",   "glob.h",
      "iconv.h",   "langinfo.h", "regex.h",   "resource.h", "spawn.h",    "features.h"};
  return std::ranges::find(names, name) != names.end();
}

}  // namespace ftaudit::project
