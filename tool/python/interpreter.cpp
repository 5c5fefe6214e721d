#include "python/interpreter.h"

#include <sys/utsname.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <tuple>

#include "base/process.h"
#include "base/text.h"
#include "headers/carried.h"
#include "python/release.h"

namespace ftaudit::python {
namespace {

constexpr int oldest_minor = 13;

using headers::is_file;

std::vector<fs::path> entries(const fs::path& folder) { return headers::children(folder); }

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

fs::path canonical_or_same(const fs::path& path) {
  std::error_code failed;
  const fs::path resolved = fs::canonical(path, failed);
  return failed ? path : resolved;
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

// The text after `#define NAME`, without quotes; "" when there is no such line.
std::string macro(std::string_view header, std::string_view name) {
  for (const std::string& line : split(header, '\n')) {
    std::string_view text = trim(line);
    if (!text.starts_with("#")) continue;
    text = trim(text.substr(1));
    if (!text.starts_with("define")) continue;
    text = trim(text.substr(6));
    if (!text.starts_with(name)) continue;
    text.remove_prefix(name.size());
    if (!text.empty() && text.front() != ' ' && text.front() != '\t') continue;
    text = trim(text.substr(0, text.find("/*")));
    if (text.size() >= 2 && text.front() == '"') text = text.substr(1, text.find('"', 1) - 1);
    return std::string(text);
  }
  return {};
}

int number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Debian's /usr/include/<machine>-linux-gnu/python3.13, for headers in /usr/include/python3.13.
fs::path split_off_folder(const fs::path& headers) {
  utsname machine{};
  ::uname(&machine);
  for (const fs::path& sibling : entries(headers.parent_path())) {
    if (!sibling.filename().string().starts_with(std::string(machine.machine) + "-linux")) continue;
    if (is_file(sibling / headers.filename() / "pyconfig.h")) return sibling / headers.filename();
  }
  return {};
}

fs::path prefix_of_executable(const fs::path& executable) {
  return canonical_or_same(executable).parent_path().parent_path();
}

bool is_version(std::string_view request) {
  return !request.empty() && std::isdigit(static_cast<unsigned char>(request.front())) &&
         request.find_first_not_of("0123456789.tabrc") == std::string_view::npos;
}

bool answers(const Interpreter& interpreter, std::string_view request) {
  return request == interpreter.name || request == interpreter.version + (interpreter.free_threaded ? "t" : "");
}

struct Place {
  fs::path prefix;
  std::string origin;
};

void add_children(std::vector<Place>& places, const fs::path& folder, const std::string& origin) {
  for (const fs::path& child : entries(folder))
    if (child.filename().string().front() != '.') places.push_back({child, origin});
}

// Folders of PATH are often one folder under several names; each prefix counts once.
std::vector<Place> search_places() {
  std::vector<Place> places;
  for (const std::string& folder : split(environment("PATH"), ':'))
    for (const char* name :
         {"python3", "python3.13t", "python3.14t", "python3.15t", "python3.13", "python3.14", "python3.15"})
      if (!folder.empty() && is_file(fs::path(folder) / name)) {
        fs::path prefix = prefix_of_executable(fs::path(folder) / name);
        if (std::none_of(places.begin(), places.end(), [&](const Place& place) { return place.prefix == prefix; }))
          places.push_back({std::move(prefix), "PATH"});
      }
  const fs::path home = environment("HOME");
  const std::string pyenv = environment("PYENV_ROOT"), uv = environment("UV_PYTHON_INSTALL_DIR"),
                    data_home = environment("XDG_DATA_HOME"), conda = environment("CONDA_PREFIX");
  add_children(places, data_folder() / "python", "ftaudit");
  add_children(places, (pyenv.empty() ? home / ".pyenv" : fs::path(pyenv)) / "versions", "pyenv");
  if (!uv.empty()) add_children(places, uv, "uv");
  else add_children(places, (data_home.empty() ? home / ".local/share" : fs::path(data_home)) / "uv/python", "uv");
  if (!conda.empty()) places.push_back({conda, "conda"});
  places.push_back({"/usr", "system"});
  places.push_back({"/usr/local", "system"});
  for (const fs::path& folder : entries("/opt")) {
    if (!folder.filename().string().starts_with("python")) continue;
    places.push_back({folder, "opt"});
    add_children(places, folder, "opt");  // manylinux images: /opt/python/cp313-cp313t
  }
  if (const fs::path carried = headers::carried_root(); !carried.empty())
    add_children(places, carried / "python", headers::origin());
  return places;
}

// The Makefile an installation keeps (lib/python3.13t/config-3.13t-x86_64-linux-gnu) has what configure was told.
bool has_thread_sanitizer(const fs::path& prefix, const std::string& name) {
  for (const fs::path& folder : entries(prefix / "lib" / ("python" + name))) {
    if (!folder.filename().string().starts_with("config-")) continue;
    const auto makefile = read_file(folder / "Makefile", 4 << 20);
    if (makefile && makefile->find("-fsanitize=thread") != std::string::npos) return true;
  }
  return false;
}

std::string names_of(const std::vector<Interpreter>& interpreters) {
  std::vector<std::string> names;
  for (const Interpreter& interpreter : interpreters)
    names.push_back(interpreter.name + " (" + interpreter.version + ")");
  return join(names, ", ");
}

Result<Interpreter> checked(const Interpreter& interpreter, std::string_view request) {
  if (interpreter.major == 3 && interpreter.minor >= oldest_minor) return interpreter;
  return Error{std::string(request) + " is CPython " + interpreter.version + "; ftaudit needs 3.13 or newer"};
}

// Asks the interpreter itself where its headers are: shims and wrappers do not tell by where they lie.
std::optional<Interpreter> ask(const fs::path& executable) {
  const auto said = run({.argv = {executable.string(), "-I", "-c",
                                  "import sysconfig; print(sysconfig.get_path('include')); print('-fsanitize=thread' "
                                  "in (sysconfig.get_config_var('CFLAGS') or ''))"},
                         .timeout = std::chrono::seconds(20)});
  if (!said || !said->succeeded()) return std::nullopt;
  const std::vector<std::string> lines = split(trim(said->out), '\n');
  auto interpreter = interpreter_of_headers(fs::path(trim(lines.front())), "--python");
  if (interpreter) interpreter->executable = executable, interpreter->tsan = trim(lines.back()) == "True";
  return interpreter;
}

Result<Interpreter> interpreter_at(const fs::path& path, std::string_view request) {
  if (is_folder(path)) {
    if (is_file(path / "Python.h")) {
      if (const auto interpreter = interpreter_of_headers(path, "--python")) return checked(*interpreter, request);
      return Error{path.string() + " has Python.h but no patchlevel.h and pyconfig.h of CPython beside it"};
    }
    std::vector<Interpreter> inside = interpreters_in(path, "--python");
    if (inside.empty())  // a virtual environment has no headers of its own
      for (const char* name : {"python3", "python"})
        if (is_file(path / "bin" / name)) return interpreter_at(path / "bin" / name, request);
    if (inside.empty()) return Error{"no Python.h in " + path.string() + " or in its include/python3.*"};
    sort_by_preference(inside);
    return checked(inside.front(), request);
  }
  const fs::path target = canonical_or_same(path);
  std::vector<Interpreter> beside = interpreters_in(prefix_of_executable(path), "--python");
  for (Interpreter& interpreter : beside)
    if (!interpreter.executable.empty() && canonical_or_same(interpreter.executable) == target) {
      interpreter.executable = path;
      return checked(interpreter, request);
    }
  if (const auto interpreter = ask(path)) return checked(*interpreter, request);
  return Error{"no headers of CPython found for " + path.string() +
               "; install them (python3-dev), or run `ftaudit python install 3.13t --headers`"};
}

}  // namespace

std::optional<Interpreter> interpreter_of_headers(const fs::path& folder, std::string_view origin) {
  if (!is_file(folder / "Python.h")) return std::nullopt;
  const auto patchlevel = headers::text(folder / "patchlevel.h");
  if (!patchlevel) return std::nullopt;
  Interpreter found;
  found.version = macro(*patchlevel, "PY_VERSION");
  found.major = number(macro(*patchlevel, "PY_MAJOR_VERSION"));
  found.minor = number(macro(*patchlevel, "PY_MINOR_VERSION"));
  found.micro = number(macro(*patchlevel, "PY_MICRO_VERSION"));
  if (found.version.empty() || found.major == 0 || !macro(*patchlevel, "PYPY_VERSION").empty()) return std::nullopt;

  const auto own = headers::text(folder / "pyconfig.h");
  found.include_folders = {folder};
  std::string config = own ? *own : "";
  // Debian's own pyconfig.h only chooses among the machines', with defines of none of them.
  if (config.empty() || config.find("/pyconfig.h>") != std::string::npos) {
    const fs::path other = split_off_folder(folder);
    const auto split_off = other.empty() ? std::nullopt : headers::text(other / "pyconfig.h");
    if (!split_off) return std::nullopt;
    config = *split_off;
    if (!own) found.include_folders.push_back(other);
  }
  found.free_threaded = macro(config, "Py_GIL_DISABLED") == "1";
  found.name = std::to_string(found.major) + "." + std::to_string(found.minor) + (found.free_threaded ? "t" : "");
  found.origin = origin;
  return found;
}

std::vector<Interpreter> interpreters_in(const fs::path& prefix, std::string_view origin) {
  std::vector<Interpreter> found;
  for (const fs::path& folder : entries(prefix / "include")) {
    if (!folder.filename().string().starts_with("python3")) continue;
    auto interpreter = interpreter_of_headers(folder, origin);
    if (!interpreter) continue;
    interpreter->prefix = prefix;
    const fs::path executable = prefix / "bin" / ("python" + interpreter->name);
    if (is_file(executable)) interpreter->executable = executable;
    if (interpreter->minor >= oldest_minor) interpreter->tsan = has_thread_sanitizer(prefix, interpreter->name);
    found.push_back(std::move(*interpreter));
  }
  return found;
}

void sort_by_preference(std::vector<Interpreter>& interpreters) {
  const auto rank = [](const Interpreter& i) {
    return std::tuple(!i.free_threaded, i.tsan, i.minor > settled_minor, -i.minor,
                      headers::is_built_in(i.include_folders.front()), -i.micro, i.executable.empty(),
                      i.include_folders.front());
  };
  std::sort(interpreters.begin(), interpreters.end(),
            [&](const Interpreter& a, const Interpreter& b) { return rank(a) < rank(b); });
}

std::vector<Interpreter> find_interpreters() {
  std::vector<Interpreter> found;
  std::vector<fs::path> seen;
  for (const Place& place : search_places())
    for (Interpreter& interpreter : interpreters_in(place.prefix, place.origin)) {
      if (interpreter.major != 3 || interpreter.minor < oldest_minor) continue;
      const fs::path folder = canonical_or_same(interpreter.include_folders.front());
      if (std::find(seen.begin(), seen.end(), folder) != seen.end()) continue;
      seen.push_back(folder);
      found.push_back(std::move(interpreter));
    }
  sort_by_preference(found);
  return found;
}

Result<Interpreter> choose_interpreter(std::string_view request) {
  return choose_interpreter(request,
                            is_version(request) || request.empty() ? find_interpreters() : std::vector<Interpreter>());
}

Result<Interpreter> choose_interpreter(std::string_view request, const std::vector<Interpreter>& all) {
  if (!request.empty() && !is_version(request)) {
    if (is_folder(fs::path(request))) return interpreter_at(fs::path(request), request);
    const fs::path program = find_program(request);
    if (program.empty()) {
      // "ghcr.io/someone/cpython-tsan:3.14t"
      const bool image = request.find(':') != std::string_view::npos;
      return Error{std::string(request) +
                   ": no such Python; give a version (3.13t), an executable, its prefix or a folder of headers" +
                   (image ? ". One in a container image is used by running ftaudit in that container" : "")};
    }
    return interpreter_at(program, request);
  }
  for (const Interpreter& interpreter : all)
    if (request.empty() || answers(interpreter, request)) return interpreter;
  const std::string wanted = request.empty() ? "CPython 3.13 or newer" : "CPython " + std::string(request);
  const std::string there = all.empty() ? "" : "; there is " + names_of(all);
  const std::string version = choose_release(request) ? std::string(request) : "3.13t";
  return Error{"no headers of " + wanted +
               " found on PATH, in pyenv's, uv's and ftaudit's folders, /usr, /usr/local and /opt" + there +
               "; run `ftaudit python install " + version + " --headers`"};
}

std::string how_to_get(const std::string& version, const std::string& what, bool tsan) {
  const auto known = choose_release(version);
  return known.ok() ? "; `ftaudit python install " + version + (tsan ? " --tsan" : "") + "` builds " + what
                    : "; " + known.message();
}

Result<Interpreter> choose_runner(std::string_view request, bool tsan, int minor) {
  const std::string kind = tsan ? "free-threaded Python with ThreadSanitizer" : "free-threaded Python";
  if (is_version(request) && !request.empty() && !request.ends_with('t'))
    return Error{std::string(request) + " is the Python with the GIL; the free-threaded one is " +
                 std::string(request) + "t"};
  if (!request.empty() && !is_version(request)) {
    auto named = choose_interpreter(request);
    if (!named) return named;
    if (!named->free_threaded)
      return Error{std::string(request) + " is CPython " + named->version +
                   " with the GIL; a free-threaded one is needed"};
    if (named->executable.empty())
      return Error{std::string(request) + " has headers only; an interpreter that can be run is needed"};
    if (tsan && !named->tsan)
      return Error{std::string(request) + " is not built with ThreadSanitizer; `ftaudit python install " + named->name +
                   " --tsan` builds one"};
    return named;
  }
  for (const Interpreter& interpreter : find_interpreters())
    if (interpreter.free_threaded && !interpreter.executable.empty() && interpreter.tsan == tsan &&
        (minor == 0 || interpreter.minor == minor) && (request.empty() || answers(interpreter, request)))
      return interpreter;
  std::string version = !request.empty() ? std::string(request)
                        : minor != 0     ? "3." + std::to_string(minor) + "t"
                                         : "3.13t";
  return Error{"no " + kind + (minor != 0 || !request.empty() ? " " + version : "") + " that can be run" +
               how_to_get(version, "one", tsan)};
}

}  // namespace ftaudit::python
