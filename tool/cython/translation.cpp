#include "cython/translation.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <set>

#include "base/log.h"
#include "base/process.h"
#include "base/sha256.h"
#include "base/text.h"
#include "cython/retelling.h"
#include "cython/source_head.h"
#include "project/outside.h"

namespace ftaudit::cython {
namespace {

// The version that a Cython says it is, without running it.
std::string version_in(const fs::path& site) {
  const auto text = read_file(site / "Cython/Shadow.py", 1u << 20);
  if (!text.ok()) return "";
  constexpr std::string_view says = "__version__ = \"";
  const std::size_t at = text->find(says);
  if (at == std::string::npos) return "";
  const std::size_t start = at + says.size();
  return text->substr(start, text->find('"', start) - start);
}

// "pkg/m.c: \" and then a file a line, blanks in names escaped.
std::vector<fs::path> read_depfile(const fs::path& file) {
  std::vector<fs::path> out;
  const auto text = read_file(file, 16u << 20);
  if (!text.ok()) return out;
  const std::size_t colon = text->find(": ");
  std::string word;
  for (std::size_t i = colon == std::string::npos ? text->size() : colon + 2; i <= text->size(); ++i) {
    const char c = i < text->size() ? (*text)[i] : ' ';
    if (c == '\\' && i + 1 < text->size() && (*text)[i + 1] == ' ') word += ' ', ++i;
    else if (c == '\\' && i + 1 < text->size() && (*text)[i + 1] == '\n') ++i;
    else if (c != ' ' && c != '\n') word += c;
    else if (!word.empty()) out.emplace_back(std::move(word)), word.clear();
  }
  return out;
}

// "/home/me/pkg/m.pyx:3:8: 'other.pxd' not found"
struct Complaint {
  std::string file;
  std::uint32_t line = 0;
  std::string text;
};

// "[Errno 13] Permission denied: '/etc/passwd'"
std::string refused_file(std::string_view said) {
  constexpr std::string_view refused = "[Errno 13] Permission denied: '";
  const std::size_t at = said.find(refused);
  if (at == std::string_view::npos) return "";
  const std::size_t start = at + refused.size();
  return std::string(said.substr(start, said.find('\'', start) - start));
}

// What Cython says itself, a line each: between two rules stands an excerpt of whatever file it is.
std::vector<std::string> own_words(std::string_view said) {
  std::vector<std::string> out;
  bool excerpt = false;
  for (std::string& line : split(said, '\n')) {
    if (line.starts_with("------------------------------")) excerpt = !excerpt;
    else if (!excerpt && !line.empty() && line[0] != ' ') out.push_back(std::move(line));
  }
  return out;
}

std::optional<Complaint> first_complaint(const std::vector<std::string>& said) {
  for (const std::string& line : said) {
    if (line.starts_with("warning:")) continue;
    for (std::size_t at = line.find(':'); at != std::string::npos; at = line.find(':', at + 1)) {
      std::uint32_t numbers[2] = {0, 0};
      const char* here = line.data() + at + 1;
      const char* const end = line.data() + line.size();
      const auto first = std::from_chars(here, end, numbers[0]);
      if (first.ec != std::errc() || first.ptr == end || *first.ptr != ':') continue;
      const auto second = std::from_chars(first.ptr + 1, end, numbers[1]);
      if (second.ec != std::errc() || second.ptr == end || *second.ptr != ':') continue;
      return Complaint{line.substr(0, at), numbers[0], std::string(trim(std::string_view(second.ptr + 1, end)))};
    }
  }
  return std::nullopt;
}

// Cython's own command line. Nearly all that it makes stays until the end: looking for garbage is a third of the time.
// Whatever the build and the source say, the C tells its lines: without, nobody knows which of it the author wrote. A
// directive in a source's head has the last word over the command line, so it is answered where it is read.
constexpr const char* start = R"(
import gc, sys
gc.disable()
sys.path.insert(0, sys.argv.pop(1))
sys.argv[0] = 'cython'
from Cython.Compiler.Main import setuptools_main
try:
    from Cython.Compiler import Options
    as_said = Options.parse_directive_value
    Options.parse_directive_value = lambda name, value, *more, **named: (
        name == 'emit_code_comments' or as_said(name, value, *more, **named))
except (ImportError, AttributeError):
    pass
setuptools_main()
)";

class Run {
 public:
  Run(const project::CythonSource& source, const Settings& settings, const std::string& text)
      : source_(source), settings_(settings), head_(head_of(text)), cxx_(source.cxx || head_.cxx || uses_cxx(text)) {}

  Translation run(const fs::path& folder) {
    folder_ = folder;
    Translation out = once();
    // A folder that only the build knows, or a language that only the build says: both can be told from the complaint.
    for (int again = 0; again < 3 && out.c_file.empty() && learn(out.problem); ++again) out = once();
    return out;
  }

 private:
  std::vector<std::string> command(const fs::path& target) const {
    // -I: neither the folder we stand in nor PYTHONPATH is searched, so a project's cython.py is nobody's.
    std::vector<std::string> out{project::reading_python().string(), "-I", "-S", "-B", "-c", start,
                                 settings_.compiler.site.string()};
    // Only the first complaint is told, and says what to try next.
    out.insert(out.end(), {"--fast-fail", "--depfile", "-o", target.string()});
    if (cxx_) out.push_back("--cplus");
    if (!source_.module.empty()) out.insert(out.end(), {"--module-name", source_.module});
    for (const std::string& directive : source_.directives) out.insert(out.end(), {"-X", directive});
    for (const std::string& value : source_.values) out.insert(out.end(), {"-E", value});
    for (const fs::path& path : search_) out.insert(out.end(), {"-I", path.string()});
    for (const fs::path& path : source_.search) out.insert(out.end(), {"-I", path.string()});
    for (const fs::path& path : settings_.search) out.insert(out.end(), {"-I", path.string()});
    out.push_back(source_.file.string());
    return out;
  }

  // What Cython may open: it writes to our folder for this source alone.
  sandbox::Places places(const fs::path& python) const {
    sandbox::Places out = sandbox::places_of_lone_program(python);
    out.readable.insert(out.readable.end(), {settings_.root, settings_.compiler.site});
    for (const auto* folders : {&settings_.search, &source_.search})
      out.readable.insert(out.readable.end(), folders->begin(), folders->end());
    if (!settings_.templates.empty()) out.readable.push_back(settings_.templates);
    out.writable.push_back(folder_);
    return out;
  }

  Translation once() {
    Translation out;
    const fs::path target = folder_ / (source_.file.stem().string() + (cxx_ ? ".cpp" : ".c"));
    const std::vector<std::string> argv = command(target);
    if (argv.front().empty()) return out.problem = "there is no python3 to run Cython with", out;
    const Result<sandbox::Ground> ground = sandbox::Ground::make(places(argv.front()));
    if (!ground.ok()) return out.problem = ground.message(), out;
    const auto ended = ftaudit::run({.argv = argv,
                                     .folder = folder_,
                                     .environment = {"LC_ALL=C.UTF-8", "PYTHONDONTWRITEBYTECODE=1"},
                                     .timeout = settings_.timeout,
                                     .memory_bytes = settings_.memory_bytes,
                                     .ground = &*ground,
                                     .calls = sandbox::Calls::working,
                                     .output_limit = 1u << 20});
    if (!ended.ok()) return out.problem = "Cython was not run: " + ended.message(), out;
    if (ended->timed_out)
      return out.problem = "Cython did not end within " + std::to_string(settings_.timeout.count()) + " s", out;
    out.read = read_depfile(target.string() + ".dep");
    for (fs::path& path : out.read) {
      if (path.is_relative()) path = folder_ / path;
      if (!may_be_read(path))
        return out.problem =
                   "it includes " + path.filename().string() + ", which lies outside the project: not translated",
               out;
    }
    if (!ended->succeeded()) {
      out.problem = why(ended->err + ended->out, *ended);
      return out;
    }
    out.c_file = target;
    return out;
  }

  bool may_be_read(const fs::path& path) const {
    std::error_code failed;
    const fs::path real = fs::weakly_canonical(path, failed);
    const auto below = [&](const fs::path& folder) {
      return !shown_path(real, fs::weakly_canonical(folder, failed)).starts_with("/");
    };
    return below(settings_.root) || (!settings_.templates.empty() && below(settings_.templates)) ||
           below(settings_.compiler.site) || below(folder_) ||
           std::any_of(settings_.search.begin(), settings_.search.end(), below);
  }

  // One sentence that repeats nothing of what stands in files elsewhere.
  std::string why(std::string_view said, const Outcome& ended) {
    const std::vector<std::string> words = own_words(said);
    if (std::ranges::any_of(words, [](const std::string& line) { return line.starts_with("MemoryError"); }))
      return "Cython needed more than " + std::to_string(settings_.memory_bytes >> 30) + " GiB of memory";
    if (const std::string file = refused_file(said); !file.empty())
      return may_be_read(file) ? shown_path(file, settings_.root) + " cannot be read"
                               : "it includes a file outside the project: not translated";
    const auto complaint = first_complaint(words);
    if (!complaint) return "Cython " + settings_.compiler.version + " failed: " + ended.describe();
    const std::string shown = shown_path(complaint->file, settings_.root);
    if (shown.starts_with("/") && !may_be_read(complaint->file))
      return "it includes a file outside the project: not translated";
    return "Cython " + settings_.compiler.version + ": " +
           (shown.starts_with("/") ? fs::path(complaint->file).filename().string() : shown) + ":" +
           std::to_string(complaint->line) + ": " + complaint->text.substr(0, 200);
  }

  // Something to do otherwise next time; false when there is nothing.
  bool learn(const std::string& problem) {
    if (!cxx_ &&
        (problem.find("only allowed in c++") != std::string::npos ||
         problem.find("requires C++") != std::string::npos || problem.find("C++ classes") != std::string::npos))
      return cxx_ = true;
    const std::size_t end = problem.find("' not found");
    const std::size_t start = end == std::string::npos ? end : problem.rfind('\'', end - 1);
    if (start == std::string::npos) return false;
    const std::string name = problem.substr(start + 1, end - start - 1);
    bool more = false;
    for (const fs::path& root : {settings_.root, settings_.templates})
      for (const fs::path& folder : root.empty() ? std::vector<fs::path>() : folders_with(name, root))
        if (std::find(search_.begin(), search_.end(), folder) == search_.end() && search_.size() < 20)
          search_.push_back(folder), more = true;
    return more;
  }

  // Folders below `root` from which `name` ("pkg/m.pxd", "m.pxd") can be found.
  static std::vector<fs::path> folders_with(const std::string& name, const fs::path& root) {
    std::vector<fs::path> out;
    std::error_code failed;
    std::size_t seen = 0;
    for (auto entry = fs::recursive_directory_iterator(root, failed);
         !failed && entry != fs::recursive_directory_iterator() && ++seen < 50'000; entry.increment(failed)) {
      if (entry->is_directory(failed) && entry->path().filename().string().starts_with(".")) {
        entry.disable_recursion_pending();
        continue;
      }
      const std::string path = entry->path().string();
      if (path.size() > name.size() && path.ends_with("/" + name))
        out.emplace_back(path.substr(0, path.size() - name.size() - 1));
    }
    std::sort(out.begin(), out.end());
    return out;
  }

  const project::CythonSource& source_;
  const Settings& settings_;
  SourceHead head_;
  bool cxx_;
  fs::path folder_;
  std::vector<fs::path> search_;
};

// What was kept: a digest and a path a line, of everything that was read.
std::optional<Translation> kept(const fs::path& folder) {
  const auto list = read_file(folder / "made-from", 16u << 20);
  if (!list.ok()) return std::nullopt;
  Translation out;
  for (const std::string& line : split(*list, '\n')) {
    const std::size_t blank = line.find(' ');
    if (blank == std::string::npos) continue;
    const fs::path path = line.substr(blank + 1);
    if (out.c_file.empty()) {
      out.c_file = folder / path;
      continue;
    }
    const auto digest = sha256_of_file(path);
    if (!digest.ok() || *digest != line.substr(0, blank)) return std::nullopt;
    out.read.push_back(path);
  }
  std::error_code failed;
  if (out.c_file.empty() || !fs::is_regular_file(out.c_file, failed)) return std::nullopt;
  return out;
}

void keep(const fs::path& folder, const Translation& made) {
  std::string list = "made " + made.c_file.filename().string() + "\n";
  for (const fs::path& path : made.read) {
    const auto digest = sha256_of_file(path);
    if (!digest.ok()) return;
    list += *digest + " " + path.string() + "\n";
  }
  (void)write_file(folder / "made-from", list);
}

}  // namespace

void compile_ahead(const Compiler& compiler) {
  const fs::path kept = compiler.site / "Cython/Compiler/__pycache__";
  std::error_code failed;
  if (fs::exists(kept, failed) || ::access(kept.parent_path().c_str(), W_OK) != 0) return;
  const fs::path package = compiler.site / "Cython";
  const auto ended =
      ftaudit::run({.argv = {project::reading_python().string(), "-I", "-S", "-c",
                             "import compileall, sys\n"
                             "for folder in sys.argv[1:]: compileall.compile_dir(folder, maxlevels=0, quiet=2)",
                             package.string(), (package / "Plex").string(), (package / "Tempita").string(),
                             (package / "Compiler").string()},
                    .timeout = std::chrono::seconds(60)});
  if (!ended.ok() || !ended->succeeded()) log::info("Cython was not compiled ahead: it starts slowly");
}

std::optional<Compiler> compiler_in(const std::vector<fs::path>& sites) {
  for (const fs::path& site : sites)
    if (std::string version = version_in(site); !version.empty() && does_without_gil(version))
      return Compiler{fs::absolute(site), std::move(version)};
  return std::nullopt;
}

Translation translate(const project::CythonSource& source, const Settings& settings) {
  Translation out;
  const auto text = read_file(source.file, 64u << 20);
  if (!text.ok()) return out.problem = text.message(), out;
  Sha256 key;
  const auto add = [&](std::string_view part) { key.add(part), key.add(std::string_view("\0", 1)); };
  add(start), add(settings.compiler.version), add(source.file.string()), add(source.module),
      add(source.cxx ? "c++" : "c");
  for (const auto* list : {&source.directives, &source.values})
    for (const std::string& each : *list) add(each);
  for (const auto* list : {&source.search, &settings.search})
    for (const fs::path& each : *list) add(each.string());
  add(settings.templates.string());
  std::error_code failed;
  // A declaration file of the same name is read without being asked for.
  add(fs::exists(fs::path(source.file).replace_extension(".pxd"), failed) ? "pxd" : "");
  const fs::path folder = settings.cache / key.hex().substr(0, 32);
  if (auto known = kept(folder)) return *known;
  fs::remove_all(folder, failed);
  fs::create_directories(folder, failed);
  if (failed) return out.problem = "cannot write " + folder.string() + ": " + failed.message(), out;
  out = Run(source, settings, *text).run(folder);
  if (out.c_file.empty()) fs::remove_all(folder, failed);
  else keep(folder, out);
  return out;
}

}  // namespace ftaudit::cython
