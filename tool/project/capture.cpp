// Runs a project's own build in a copy of its tree, with compilers on PATH that write down how they are called.
#include <algorithm>
#include <cstdlib>
#include <set>

#include "base/process.h"
#include "base/text.h"
#include "project/archive.h"
#include "project/selection.h"

namespace ftaudit::project {
namespace {

// "gcc", "x86_64-linux-gnu-g++", "clang-19", ...; not gcc-ar or clang-format.
bool is_compiler_name(std::string name) {
  const std::size_t dash = name.rfind('-');
  if (dash != std::string::npos && name.find_first_not_of("0123456789.", dash + 1) == std::string::npos)
    name.resize(dash);
  for (const std::string compiler : {"cc", "gcc", "clang", "c++", "g++", "clang++"})
    if (name == compiler || name.ends_with("-" + compiler)) return true;
  return false;
}

// A script for each compiler on PATH that stores its folder and arguments, then becomes the compiler. One file a call:
// builds run many at once.
Status write_recorders(const fs::path& bin, const fs::path& records) {
  std::error_code failed;
  fs::create_directories(bin, failed);
  fs::create_directories(records, failed);
  const char* path = std::getenv("PATH");
  for (const std::string& folder : split(path != nullptr ? path : "", ':')) {
    for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
      const std::string name = entry->path().filename().string();
      const fs::path script = bin / name;
      if (!is_compiler_name(name) || entry->path().native().find('\'') != std::string::npos ||
          fs::exists(script, failed))
        continue;
      const std::string text = "#!/bin/sh\nrecord=$(mktemp '" + records.string() +
                               "/XXXXXXXXXXXX') && printf '%s\\0' \"$PWD\" \"$0\" \"$@\" > \"$record\"\nexec '" +
                               entry->path().string() + "' \"$@\"\n";
      if (auto written = write_file(script, text); !written.ok()) return written;
      fs::permissions(script, fs::perms::owner_all, failed);
    }
  }
  if (fs::is_empty(bin, failed)) return Error{"no C compiler on PATH to record the build with"};
  return Done{};
}

// The recorder to name in CC or CXX: of the compiler it names now, else the first of `names` that there is.
std::string chosen(const char* variable, const fs::path& bin, std::initializer_list<const char*> names) {
  std::error_code failed;
  if (const char* set = std::getenv(variable); set != nullptr && *set != '\0') {
    const std::string name = fs::path(split(set, ' ')[0]).filename().string();
    if (fs::exists(bin / name, failed)) return (bin / name).string();
  }
  for (const char* name : names)
    if (fs::exists(bin / name, failed)) return (bin / name).string();
  return names.begin()[0];
}

std::vector<CompileEntry> read_records(const fs::path& records) {
  std::vector<CompileEntry> out;
  std::error_code failed;
  for (fs::directory_iterator record(records, failed), end; !failed && record != end; record.increment(failed)) {
    auto text = read_file(record->path(), 64 << 20);
    if (!text.ok()) continue;
    std::vector<std::string> words = split(*text, '\0');
    if (words.size() < 3) continue;
    words.pop_back();  // what follows the last NUL
    const fs::path folder = words.front();
    words.erase(words.begin());
    for (CompileEntry& entry : entries_of_call(folder, words)) out.push_back(std::move(entry));
  }
  // Records have random names; order by what was compiled.
  std::ranges::sort(out, [](const CompileEntry& a, const CompileEntry& b) {
    return std::tie(a.file, a.target, a.flags) < std::tie(b.file, b.target, b.flags);
  });
  return out;
}

// Sources that build systems write to try the compiler out. Most are gone when the build ends, some stay.
bool is_probe(const fs::path& file) {
  return std::ranges::any_of(file, [](const fs::path& part) {
    const std::string name = part.string();
    return name == "meson-private" || name == "CMakeScratch" || name == "CMakeTmp" || name.starts_with("CompilerId");
  });
}

std::vector<std::string> default_build(const std::string& backend) {
  // --no-clean: headers of build requirements (numpy's) lie in pip's temporary folders, which must outlive the build.
  std::vector<std::string> out{"python3",        "-m",         "pip",         "wheel",        "--no-deps",
                               "--no-cache-dir", "--no-clean", "--wheel-dir", "ftaudit-wheel"};
  // These two build in a folder that vanishes, and generated sources with it, unless they are given one.
  if (backend == "mesonpy" || backend.starts_with("scikit_build_core"))
    out.push_back("--config-settings=build-dir=ftaudit-build");
  out.push_back(".");
  return out;
}

std::string last_of(const Outcome& outcome, std::size_t bytes) {
  std::string text(trim(outcome.out + outcome.err));
  if (text.size() > bytes) text = "..." + text.substr(text.size() - bytes);
  return text;
}

}  // namespace

Result<Project> capture(const fs::path& path, const std::vector<std::string>& build, const Options& options,
                        std::chrono::minutes timeout) {
  std::error_code failed;
  const fs::path full = fs::canonical(path, failed);
  if (failed) return Error{path.string() + ": " + failed.message()};
  auto scratch = ScratchFolder::make("capture");
  if (!scratch.ok()) return scratch.error();
  const fs::path top = fs::canonical(scratch->path());
  fs::path root = top / "tree";
  if (fs::is_directory(full)) {
    fs::copy(full, root, fs::copy_options::recursive | fs::copy_options::copy_symlinks, failed);
    if (failed) return Error{"cannot copy " + path.string() + " to build it: " + failed.message()};
  } else {
    if (auto unpacked = unpack(full, root); !unpacked.ok()) return unpacked.error();
    fs::directory_iterator only(root, failed);
    if (only != fs::directory_iterator() && only->is_directory()) root = only->path();
  }
  if (auto written = write_recorders(top / "bin", top / "records"); !written.ok()) return written.error();

  fs::create_directories(top / "tmp", failed);
  const Tree before(root);
  const Outside outside = outside_of(root, options.memory);
  const Description description = read_description(before, options.include_tests, outside);
  const char* old_path = std::getenv("PATH");
  auto outcome =
      run({.argv = build.empty() ? default_build(description.backend) : build,
           .folder = root,
           .environment = {"TMPDIR=" + (top / "tmp").string(),
                           "PATH=" + (top / "bin").string() + ":" + (old_path != nullptr ? old_path : "/usr/bin:/bin"),
                           "CC=" + chosen("CC", top / "bin", {"gcc", "cc", "clang"}),
                           "CXX=" + chosen("CXX", top / "bin", {"g++", "c++", "clang++"})},
           .timeout = timeout});
  if (!outcome.ok()) return outcome.error();
  std::vector<CompileEntry> entries = read_records(top / "records");
  std::erase_if(entries, [&](const CompileEntry& entry) {
    return !is_below(entry.file, root) || is_probe(entry.file) || !fs::exists(entry.file, failed);
  });
  if (entries.empty())
    return Error{path.string() + ": its build (" + outcome->describe() +
                 ") compiled no C or C++ source of it. It said:\n" + last_of(*outcome, 4000)};

  Project out;
  out.root = root;
  out.pythons = python_support(root);
  const Tree tree(root);
  out.name = description.name.empty() ? full.filename().string() : description.name;
  out.backend = description.backend;
  out.build_requires = description.build_requires;
  out.limited_api = description.limited_api;
  out.notes = description.notes;
  if (!outcome->succeeded())
    out.notes.push_back("the build ended with " + outcome->describe() +
                        "; what it compiled before is audited. It said:\n" + last_of(*outcome, 1000));
  select_units({.root = root, .path = root}, tree, description, entries, options, outside, out);
  out.unpacked = std::move(*scratch);
  return out;
}

}  // namespace ftaudit::project
