#include "python/build.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "base/log.h"
#include "base/process.h"
#include "base/text.h"
#include "python/source.h"
#include "python/toolchain.h"
#include "python/unpack.h"

namespace ftaudit::python {
namespace {

using namespace std::chrono_literals;

// What CPython 3.13 compiles and configure asks, for the progress line only.
constexpr std::size_t compilations = 285, questions = 750;

// Measured with CPython 3.13.5, rounded up: the unpacked source and the build; what is installed.
constexpr std::uintmax_t build_bytes = 400u << 20, headers_build_bytes = 100u << 20, installed_bytes = 120u << 20;

// Held while building: two builds of one Python must not share a folder. Released by the kernel, also after a crash.
class Lock {
 public:
  static Result<Lock> take(const fs::path& file) {
    const int handle = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (handle < 0) return Error{"cannot write " + file.string() + ": " + std::strerror(errno)};
    if (::flock(handle, LOCK_EX | LOCK_NB) != 0) {
      log::warning("another `ftaudit python install` is at work; waiting for it");
      while (::flock(handle, LOCK_EX) != 0 && errno == EINTR) {}
    }
    return Lock(handle);
  }
  Lock(Lock&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}
  Lock& operator=(Lock&&) = delete;
  ~Lock() {
    if (handle_ >= 0) ::close(handle_);
  }

 private:
  explicit Lock(int handle) : handle_(handle) {}
  int handle_;
};

// With ThreadSanitizer only clang: the functions that `confirm` watches are named to it, and interpreter and extension
// must share one runtime.
std::string compiler(bool tsan) {
  const std::string clang = find_clang();
  if (tsan) return clang;
  if (const char* chosen = std::getenv("CC"); chosen != nullptr && *chosen != '\0') return chosen;
  if (!clang.empty()) return clang;
  for (const char* name : {"gcc", "cc"})
    if (!find_program(name).empty()) return name;
  return {};
}

// "clang++-19" of "clang-19".
std::string cxx_of(std::string clang) { return clang.insert(clang.rfind("clang") + 5, "++"); }

bool has_header(const char* header) {
  for (const char* folder : {"/usr/include", "/usr/local/include"})
    if (fs::exists(fs::path(folder) / header)) return true;
  for (const char* triple : {"x86_64-linux-gnu", "aarch64-linux-gnu"})
    if (fs::exists(fs::path("/usr/include") / triple / header)) return true;
  return false;
}

struct Library {
  const char *header, *package, *lost;
  bool pip_needs_it;
};
constexpr Library libraries[] = {
    {"zlib.h", "zlib1g-dev", "zlib (and so pip)", true},
    {"openssl/ssl.h", "libssl-dev", "ssl (and so downloads by pip)", true},
    {"ffi.h", "libffi-dev", "ctypes", false},
    {"bzlib.h", "libbz2-dev", "bz2", false},
    {"lzma.h", "liblzma-dev", "lzma", false},
    {"sqlite3.h", "libsqlite3-dev", "sqlite3", false},
};

Status check_space(const fs::path& folder, std::uintmax_t needed) {
  std::error_code failed;
  const fs::space_info space = fs::space(folder, failed);
  if (failed || space.available >= needed) return Done{};
  return Error{"not enough space in " + folder.string() + ": " + std::to_string(space.available >> 20) + " MB free, " +
               std::to_string(needed >> 20) + " MB needed"};
}

// One step of the build. A failed one leaves its output in `log` and says the line that matters most.
Status step(Command command, const char* name, const fs::path& log_file) {
  const auto outcome = run(command);
  if (!outcome) return outcome.error();
  if (outcome->succeeded()) return Done{};
  const bool written = write_file(log_file, outcome->out + "\n" + outcome->err).ok();
  std::string reason;
  for (const std::string& line : split(outcome->err, '\n'))
    if (reason.empty() && (line.find("error:") != std::string::npos || line.find("No space left") != std::string::npos))
      reason = std::string(trim(line));
  if (reason.empty()) reason = outcome->describe();
  return Error{std::string(name) + " failed: " + reason +
               (written ? " (its output is in " + log_file.string() + ")" : "")};
}

// Everything but the documentation; for headers also without the library, which is four fifths of the rest.
Placement source_files(bool headers_only) {
  return [headers_only](std::string_view member) -> fs::path {
    const std::size_t top = member.find('/');
    if (top == std::string_view::npos) return {};
    const std::string_view path = member.substr(top + 1);
    if (path.starts_with("Doc/") || (headers_only && path.starts_with("Lib/"))) return {};
    return fs::path(path);
  };
}

class Builder {
 public:
  Builder(const PythonBuild& build, Progress& progress, fs::path folder, fs::path final_prefix)
      : build_(build),
        progress_(progress),
        source_(folder / "source"),
        objects_(folder / "objects"),
        installed_(folder / "installed"),
        reached_(folder / "reached"),
        prefix_(std::move(final_prefix)),
        log_(pythons_folder() / (build.choice.folder_name() + ".log")) {}

  // Unpacks, configures, compiles and installs below the folder; the result is what becomes the prefix. What an
  // interrupted build of the same recipe has done already is not done again.
  Result<fs::path> make_prefix(const fs::path& archive) {
    const std::string recipe = join(configure_command(), "\n") + "\n" + join(environment(), "\n");
    const auto before = read_file(reached_, 1 << 20);
    const bool configured = before && *before == "configured\n" + recipe,
               unpacked = configured || (before && *before == "unpacked\n" + recipe);
    if (!unpacked) {
      std::error_code failed;
      for (const fs::path& folder : {source_, objects_}) fs::remove_all(folder, failed);
      if (const Status done = unpack_source(archive); !done) return done.error();
      if (const Status noted = write_file(reached_, "unpacked\n" + recipe); !noted) return noted.error();
    }
    if (!configured) {
      if (const Status done = configure(); !done) return done.error();
      if (const Status noted = write_file(reached_, "configured\n" + recipe); !noted) return noted.error();
    }
    if (!build_.headers_only)
      if (const Status done = compile(); !done) return done.error();
    if (const Status done = install(); !done) return done.error();
    return fs::path(installed_.string() + prefix_.string());
  }

 private:
  Status unpack_source(const fs::path& archive) {
    progress_.stage("unpacking " + archive.filename().string(), 0);
    const Status unpacked = unpack(archive, source_, source_files(build_.headers_only));
    if (!unpacked) return unpacked;
    std::error_code failed;
    fs::create_directories(objects_, failed);
    if (failed) return Error{"cannot make " + objects_.string() + ": " + failed.message()};
    return Done{};
  }

  std::vector<std::string> configure_command() const {
    std::vector<std::string> argv{(source_ / "configure").string(), "--prefix=" + prefix_.string(),
                                  "--disable-test-modules"};
    // Line tables are all that a report wants; full debug information would double the build.
    argv.push_back(build_.choice.tsan ? "OPT=-O2 -gline-tables-only" : "OPT=-O2");
    if (build_.choice.free_threaded) argv.push_back("--disable-gil");
    if (build_.choice.tsan) argv.insert(argv.end(), {"--with-thread-sanitizer", "--without-static-libpython"});
    if (build_.choice.optimized) argv.insert(argv.end(), {"--enable-optimizations", "--with-lto"});
    return argv;
  }

  Status configure() {
    progress_.stage("configuring CPython " + std::string(build_.choice.release->version), questions);
    std::size_t asked = 0;
    const Status done =
        step({.argv = configure_command(),
              .folder = objects_,
              .environment = environment(),
              .timeout = 20min,
              .on_line = [&](std::string_view line) { progress_.step(std::min(++asked, questions - 1), line); }},
             "configure", log_);
    return done.ok() ? compile_library_once() : done;
  }

  // `make install` compiles the library at three levels of optimisation, of which two are next to never used.
  Status compile_library_once() const {
    const fs::path file = objects_ / "Makefile";
    auto text = read_file(file, 16 << 20);
    if (!text) return text.error();
    constexpr std::string_view thrice = "-o 0 -o 1 -o 2 ";
    for (std::size_t at; (at = text->find(thrice)) != std::string::npos;) text->replace(at, thrice.size(), "-o 0 ");
    return write_file(file, *text);
  }

  Status compile() {
    progress_.stage("compiling CPython " + std::string(build_.choice.release->version), compilations);
    std::size_t compiled = 0;
    const unsigned jobs = build_.jobs != 0 ? build_.jobs : std::max(1u, std::thread::hardware_concurrency());
    return step({.argv = {"make", "-j" + std::to_string(jobs)},
                 .folder = objects_,
                 .environment = environment(),
                 .timeout = build_.choice.optimized ? 6h : 90min,
                 .on_line =
                     [&](std::string_view line) {
                       if (line.find(" -c ") == std::string_view::npos) return;
                       progress_.step(std::min(++compiled, compilations - 1), line.substr(line.find_last_of(" /") + 1));
                     }},
                "make", log_);
  }

  Status install() {
    progress_.stage(build_.headers_only ? "installing headers" : "installing", 0);
    // ensurepip=no: the wheels that `-m venv` puts pip from are installed all the same, and nobody's pip is run here.
    std::vector<std::string> argv{"make", build_.headers_only ? "inclinstall" : "altinstall", "ENSUREPIP=no",
                                  "DESTDIR=" + installed_.string()};
    return step({.argv = argv,
                 .folder = objects_,
                 .environment = environment(),
                 .timeout = 20min,
                 .on_line = [&](std::string_view line) { progress_.step(0, line); }},
                "make install", log_);
  }

  std::vector<std::string> environment() const {
    // What the caller's shell says of flags and Pythons is about other programs than this one.
    std::vector<std::string> out{"CC=" + compiler(build_.choice.tsan),
                                 "LC_ALL=C",
                                 "CFLAGS=",
                                 "CPPFLAGS=",
                                 "LDFLAGS=",
                                 "MAKEFLAGS=",
                                 "PYTHONHOME=",
                                 "PYTHONPATH="};
    // Beside a clang lie the programs of its version that merge profiles and archive what is optimised at link time.
    if (build_.choice.optimized) {
      std::error_code failed;
      const fs::path clang = fs::canonical(find_program(compiler(false)), failed);
      const char* path = std::getenv("PATH");
      if (!failed)
        out.push_back("PATH=" + clang.parent_path().string() + ":" + (path != nullptr ? path : "/usr/bin:/bin"));
    }
    // The build runs what it builds, and CPython's own races are no reason to stop it.
    if (build_.choice.tsan)
      out.insert(out.end(), {"CXX=" + cxx_of(find_clang()), "TSAN_OPTIONS=report_bugs=0:exitcode=0"});
    return out;
  }

  const PythonBuild& build_;
  Progress& progress_;
  fs::path source_, objects_, installed_, reached_, prefix_, log_;
};

// Moves the finished prefix to its name. Across file systems it is copied next to it first, so that the name still
// appears in one step.
Status put_in_place(const fs::path& made, const fs::path& prefix) {
  const fs::path arriving = prefix.parent_path() / ("." + prefix.filename().string() + ".new");
  const fs::path leaving = prefix.parent_path() / ("." + prefix.filename().string() + ".old");
  std::error_code failed;
  fs::remove_all(arriving, failed), fs::remove_all(leaving, failed);
  fs::rename(made, arriving, failed);
  if (failed) fs::copy(made, arriving, fs::copy_options::recursive | fs::copy_options::copy_symlinks, failed);
  if (failed) {
    std::error_code ignored;
    fs::remove_all(arriving, ignored);
    return Error{"cannot write " + arriving.string() + ": " + failed.message()};
  }
  if (fs::exists(prefix)) fs::rename(prefix, leaving, failed);
  if (!failed) fs::rename(arriving, prefix, failed);
  if (failed) return Error{"cannot put " + prefix.string() + " in place: " + failed.message()};
  fs::remove_all(leaving, failed);
  return Done{};
}

bool complete(const PythonBuild& build, const fs::path& prefix) {
  const std::string python = "python" + build.choice.name();
  std::error_code ignored;
  return fs::exists(prefix / "include" / python / "Python.h", ignored) &&
         (build.headers_only || fs::exists(prefix / "bin" / python, ignored));
}

bool nothing_to_do(const PythonBuild& build, const fs::path& prefix) {
  // Asking for headers, even with force, never takes a whole interpreter away.
  PythonBuild whole = build;
  whole.headers_only = false;
  return build.force ? build.headers_only && complete(whole, prefix) : complete(build, prefix);
}

Status check_tools(const PythonBuild& build) {
  const std::string cc = compiler(build.choice.tsan);
  if (cc.empty() && build.choice.tsan)
    return Error{"no clang found, which a Python with ThreadSanitizer is built with: " + clang_remedy()};
  if (cc.empty())
    return Error{"no C compiler found (clang, gcc or cc); install one, for example `apt-get install gcc`"};
  if (build.choice.tsan && tsan_runtime(cc).empty())
    return Error{cc + " has no runtime of ThreadSanitizer: " + tsan_remedy(cc)};
  for (const std::string& name : {cc.substr(0, cc.find(' ')), std::string("make")})
    if (find_program(name).empty())
      return Error{"no " + name + " found; install it, for example `apt-get install " + name + "`"};
  if (build.headers_only) return Done{};
  if (pythons_folder().string().find_first_of(" \t") != std::string::npos)
    return Error{"CPython cannot be built for a folder with blanks in its name (" + pythons_folder().string() +
                 "); set XDG_DATA_HOME to another one"};
  if (build.force) return Done{};
  std::string packages;
  for (const Library& library : libraries)
    if (library.pip_needs_it && !has_header(library.header)) packages += std::string(" ") + library.package;
  if (packages.empty()) return Done{};
  return Error{"pip would not work in this Python: run `apt-get install" + packages +
               " libffi-dev` first, or build it all the same with --force"};
}

}  // namespace

fs::path pythons_folder() { return data_folder() / "python"; }

Result<BuiltPython> build_python(const PythonBuild& build, Progress& progress) {
  BuiltPython built{.prefix = pythons_folder() / build.choice.folder_name()};
  if (nothing_to_do(build, built.prefix)) {
    built.already_there = true;
    return built;
  }
  if (const Status found = check_tools(build); !found) return found.error();
  std::error_code failed;
  fs::create_directories(pythons_folder(), failed);
  if (failed) return Error{"cannot make " + pythons_folder().string() + ": " + failed.message()};
  const auto lock = Lock::take(pythons_folder() / ".lock");
  if (!lock) return lock.error();
  if (nothing_to_do(build, built.prefix)) {
    built.already_there = true;
    return built;
  }
  // Beside the result and not in a scratch folder: what an interrupted build did is still there for the next one.
  const fs::path folder =
      pythons_folder() / ("." + build.choice.folder_name() + (build.headers_only ? ".headers" : ".building"));
  fs::create_directories(folder, failed);
  if (const Status enough =
          check_space(folder, build.headers_only ? headers_build_bytes : build_bytes + installed_bytes);
      !enough)
    return enough.error();

  const auto archive = obtain_source(*build.choice.release, build.source, progress);
  if (!archive) return archive.error();
  // Headers do not know where they lie; a plain prefix spares them the data folder's blanks.
  const auto made =
      Builder(build, progress, folder, build.headers_only ? fs::path("/python") : built.prefix).make_prefix(*archive);
  progress.finish();
  const Status moved = !made ? Status(made.error())
                       : !fs::exists(*made, failed) || !complete(build, *made)
                           ? Status(Error{"the build of CPython finished without " + build.choice.name() + " in it"})
                           : put_in_place(*made, built.prefix);
  // What failed once would fail again; only an interruption leaves the folder.
  fs::remove_all(folder, failed);
  if (!moved) return moved.error();
  fs::remove(pythons_folder() / (build.choice.folder_name() + ".log"), failed);
  for (const Library& library : libraries)
    if (!build.headers_only && !has_header(library.header))
      built.left_out.push_back(std::string(library.lost) + ", for want of " + library.package);
  return built;
}

}  // namespace ftaudit::python
