#include "dynamic/build/workspace.h"

#include <algorithm>
#include <cctype>

#include "base/log.h"
#include "base/process.h"
#include "base/text.h"

namespace ftaudit::dynamic {
namespace {

using namespace std::chrono_literals;

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

// What was made by building or running, not by an author.
bool is_left_over(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  std::error_code ignored;
  if (entry.is_directory(ignored)) {
    if (name == "__pycache__" || name == "node_modules" || name.ends_with(".egg-info") || name.ends_with(".dist-info"))
      return true;
    for (const char* cache :
         {".tox", ".nox", ".venv", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".eggs", ".hypothesis"})
      if (name == cache) return true;
    if (is_there(entry.path() / "pyvenv.cfg")) return true;
    if (is_there(entry.path() / "CMakeCache.txt") || is_there(entry.path() / "meson-private")) return true;
    if (name != "build" && name != "dist") return false;
    // "build" may be a package; a build tree has these.
    for (const auto& inside : fs::directory_iterator(entry.path(), ignored)) {
      const std::string part = inside.path().filename().string();
      if (part.starts_with("lib.") || part.starts_with("temp.") || part.starts_with("bdist.") ||
          part.ends_with(".whl") || part.ends_with(".tar.gz"))
        return true;
    }
    return false;
  }
  return name.ends_with(".pyc") || (name.ends_with(".so") && (name.find(".cpython-") != std::string::npos ||
                                                              name.find(".abi3.") != std::string::npos));
}

Status copy_tree(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  fs::create_directories(to, failed);
  if (failed) return Error{"cannot make " + to.string() + ": " + failed.message()};
  for (fs::directory_iterator entry(from, fs::directory_options::skip_permission_denied, failed), end;
       !failed && entry != end; entry.increment(failed)) {
    if (is_left_over(*entry)) continue;
    const fs::path there = to / entry->path().filename();
    std::error_code wrong;
    if (entry->is_symlink(wrong)) fs::copy_symlink(entry->path(), there, wrong);
    else if (entry->is_directory(wrong)) {
      if (const Status done = copy_tree(entry->path(), there); !done) return done;
    } else if (entry->is_regular_file(wrong)) {
      fs::copy_file(entry->path(), there, fs::copy_options::overwrite_existing, wrong);
    }
    if (wrong) return Error{"cannot copy " + entry->path().string() + ": " + wrong.message()};
  }
  return Done{};
}

std::vector<std::string> packaging_environment(const fs::path& python) {
  return {"PIP_DISABLE_PIP_VERSION_CHECK=1",
          "PIP_NO_INPUT=1",
          "PIP_PREFER_BINARY=1",
          "PIP_REQUIRE_VIRTUALENV=",
          "PIP_USER=",
          "PYTHONHOME=",
          "PYTHONPATH=",
          "PYTHON_GIL=",
          "PYTHONDONTWRITEBYTECODE=1",
          "VIRTUAL_ENV=" + python.parent_path().parent_path().string(),
          "LC_ALL=C.UTF-8"};
}

// "connection broken by 'NewConnectionError('<...>: Failed to establish a new connection: [Errno 111] Connection
// refused')': /simple/spam/": "[Errno 111] Connection refused".
std::string cause_of(std::string_view broken) {
  const std::string_view error = broken.substr(0, broken.rfind("': /"));
  std::string_view cause = trim(error.substr(error.rfind(": ") == error.npos ? 0 : error.rfind(": ") + 2));
  while (cause.ends_with('\'') || cause.ends_with('"') || (cause.ends_with(')') && cause.find('(') == cause.npos))
    cause.remove_suffix(1);
  return std::string(cause);
}

}  // namespace

std::string reason_of_failure(std::string_view output) {
  std::string compiler, said, last, unreached;
  for (const std::string& raw : split(output, '\n')) {
    const std::string line(trim(raw));
    if (line.empty()) continue;
    if (const std::size_t at = line.find("connection broken by '"); at != std::string::npos)
      unreached = cause_of(std::string_view(line).substr(at));
    const bool is_frame =
        line.starts_with("File \"") || line.starts_with("[end of output]") || line.starts_with("note:");
    if (compiler.empty() &&
        (line.find(" error: ") != std::string::npos || line.find("fatal error:") != std::string::npos ||
         line.find("CMake Error") != std::string::npos || line.find("undefined symbol") != std::string::npos ||
         line.find("undefined reference") != std::string::npos) &&
        !line.starts_with("error: subprocess"))
      compiler = line;
    if (line.find("Error: ") != std::string::npos || line.starts_with("ERROR: ") || line.starts_with("error: ")) {
      // The first of pip's own lines says the most; what follows only repeats that it failed.
      if (said.empty() || (said.find("subprocess-exited-with-error") != std::string::npos)) said = line;
    }
    if (!is_frame) last = line;
  }
  std::string reason = !compiler.empty() ? compiler : !said.empty() ? said : last;
  // pip goes on without an index that it cannot reach, and then says that there is no such package.
  if (!unreached.empty() && compiler.empty() && said.find("Could not find a version") != std::string::npos)
    reason = "the package index cannot be reached: " + unreached;
  if (reason.size() > 400) reason = reason.substr(0, 400) + "...";
  return reason;
}

Result<Workspace> Workspace::make(const fs::path& keep) {
  std::error_code failed;
  if (keep.empty()) {
    auto scratch = ScratchFolder::make("confirm");
    if (!scratch) return scratch.error();
    const fs::path folder = fs::canonical(scratch->path(), failed);
    return Workspace(folder, std::move(*scratch));
  }
  if (is_there(keep) && !fs::is_empty(keep, failed)) return Error{"--keep " + keep.string() + ": not an empty folder"};
  fs::create_directories(keep, failed);
  if (failed) return Error{"cannot make " + keep.string() + ": " + failed.message()};
  return Workspace(fs::canonical(keep, failed), std::nullopt);
}

Result<fs::path> Workspace::copy_project(const fs::path& root, const std::string& name) const {
  const fs::path to = folder_ / name;
  if (const Status copied = copy_tree(root, to); !copied) return copied.error();
  return to;
}

Result<fs::path> Workspace::environment(const python::Interpreter& python, const std::string& name) const {
  const fs::path folder = folder_ / name;
  std::string problem;
  if (!find_program("uv").empty()) {
    const auto made =
        run({.argv = {"uv", "venv", "--quiet", "--seed", "--python", python.executable.string(), folder.string()},
             .timeout = 3min});
    if (made && made->succeeded() && is_there(folder / "bin/pip")) return folder / "bin/python";
    problem = made ? made->err : made.message();
    log::info("uv venv: " + reason_of_failure(problem));
  }
  const auto made = run({.argv = {python.executable.string(), "-m", "venv", "--clear", folder.string()},
                         .environment = {"PYTHONHOME=", "PYTHONPATH="},
                         .timeout = 5min});
  if (!made) return made.error();
  if (made->succeeded()) return folder / "bin/python";
  return Error{python.executable.string() +
               " cannot make a virtual environment: " + reason_of_failure(made->out + made->err)};
}

Result<fs::path> Workspace::environment_sharing(const python::Interpreter& python, const std::string& name,
                                                const fs::path& shared, bool system) const {
  const fs::path folder = folder_ / name, packages = folder / "lib" / ("python" + python.name) / "site-packages";
  std::error_code failed;
  const fs::path executable = fs::canonical(python.executable, failed);
  fs::create_directories(packages, failed);
  fs::create_directories(folder / "bin", failed);
  if (failed) return Error{"cannot make " + folder.string() + ": " + failed.message()};
  const std::string settings = "home = " + executable.parent_path().string() +
                               "\ninclude-system-site-packages = " + (system ? "true" : "false") +
                               "\nversion = " + python.version + "\n";
  if (const Status written = write_file(folder / "pyvenv.cfg", settings); !written) return written.error();
  std::string seen;
  // The interpreter may be that of a virtual environment itself: its packages are what is installed for it.
  if (system && is_there(python.executable.parent_path().parent_path() / "pyvenv.cfg"))
    seen += site_packages(fs::absolute(python.executable, failed)).string() + "\n";
  if (!shared.empty()) seen += site_packages(shared).string() + "\n";
  if (!seen.empty())
    if (const Status written = write_file(packages / "ftaudit_shared.pth", seen); !written) return written.error();
  fs::create_symlink(executable, folder / "bin/python", failed);
  if (failed) return Error{"cannot make " + (folder / "bin/python").string() + ": " + failed.message()};
  for (const std::string& other : {std::string("python3"), "python" + python.name})
    fs::create_symlink("python", folder / "bin" / other, failed);
  return folder / "bin/python";
}

Status Workspace::install(const fs::path& python, const std::vector<std::string>& what, Progress& progress,
                          const fs::path& from) const {
  std::vector<std::string> environment = packaging_environment(python);
  environment.insert(environment.end(), index_.begin(), index_.end());
  const auto attempt = [&](std::vector<std::string> argv) -> Status {
    argv.insert(argv.end(), what.begin(), what.end());
    const auto done = run({.argv = argv,
                           .folder = from.empty() ? folder_ : from,
                           .environment = environment,
                           .timeout = 20min,
                           .on_line = [&](std::string_view line) { progress.step(0, trim(line)); }});
    if (!done) return done.error();
    if (done->succeeded()) return Done{};
    return Error{done->timed_out ? "it took longer than 20 minutes" : reason_of_failure(done->out + "\n" + done->err)};
  };
  if (!find_program("uv").empty()) {
    // It would take the newest release and compile it where only an older one has a wheel; pip below prefers the older.
    const Status done = attempt({"uv", "pip", "install", "--no-build", "--python", python.string()});
    if (done) return done;
    log::info("uv pip install: " + done.message() + "; trying pip");
  }
  return attempt({python.string(), "-m", "pip", "install", "--prefer-binary", "--no-warn-script-location"});
}

fs::path site_packages(const fs::path& python) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(python.parent_path().parent_path() / "lib", ignored))
    if (is_there(entry.path() / "site-packages")) return entry.path() / "site-packages";
  return python.parent_path().parent_path() / "lib";
}

}  // namespace ftaudit::dynamic
