#include "dynamic/build/instrumented_build.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>

#include "base/log.h"
#include "base/process.h"
#include "base/text.h"

namespace ftaudit::dynamic {
namespace {

// "spam/_speedups.cpython-313t-x86_64-linux-gnu.so" -> "spam._speedups"; "" for a library that is no module.
std::string module_name(const std::string& relative) {
  const std::size_t folder = relative.rfind('/');
  const std::string file = relative.substr(folder == std::string::npos ? 0 : folder + 1);
  const std::size_t dot = file.find('.');
  if (!relative.ends_with(".so") || dot == std::string::npos || file.find("-none-any") != std::string::npos) return {};
  // libfoo.so beside the modules is a library they share.
  if (file.substr(dot) == ".so" && file.starts_with("lib")) return {};
  std::string name = (folder == std::string::npos ? "" : relative.substr(0, folder + 1)) + file.substr(0, dot);
  std::replace(name.begin(), name.end(), '/', '.');
  return name.find('-') == std::string::npos ? name : std::string();
}

// Where projects keep their packages.
std::array<fs::path, 4> package_roots(const fs::path& source) {
  return {source, source / "src", source / "lib", source / "python"};
}

class Build {
 public:
  Build(const BuildRequest& request, Progress& progress) : request_(request), progress_(progress) {}

  Result<Built> make() {
    std::error_code failed;
    fs::create_directories(request_.folder, failed);
    auto wrapper = write_compiler_wrapper(request_.folder / "bin", request_.compiler, request_.flags);
    if (!wrapper) return wrapper.error();
    environment_ = std::move(wrapper->environment);
    environment_.insert(environment_.end(), request_.backend.environment.begin(), request_.backend.environment.end());
    // Executables that a build makes and runs are instrumented too, and what they do is nobody's business here.
    for (const char* setting :
         {"TSAN_OPTIONS=report_bugs=0:exitcode=0:die_after_fork=0",
          "PYTHONHOME=", "PYTHONPATH=", "PYTHON_GIL=", "PIP_DISABLE_PIP_VERSION_CHECK=1", "PIP_NO_INPUT=1",
          // A build requirement whose newest version has no wheel for this Python would be compiled first.
          "PIP_PREFER_BINARY=1", "DEBUGINFOD_URLS=", "LC_ALL=C.UTF-8",
          "CFLAGS=", "CXXFLAGS=", "CPPFLAGS=", "LDFLAGS=", "CCACHE_DISABLE=1"})
      environment_.push_back(setting);
    built_ = {.python = request_.target, .source = request_.source, .log = request_.folder / "build.log"};
    const Status done = request_.backend.backend == Backend::plain_cmake ? with_cmake() : with_pip();
    if (!done) return done.error();
    const fs::path packages = site_packages(request_.target);
    find_modules(packages, installed_, built_.modules, built_.names);
    if (built_.modules.empty())
      return Error{"the build went through, but installed no extension module (its output is in " +
                   built_.log.string() + ")"};
    lay_over(request_.source, packages, installed_);
    return std::move(built_);
  }

 private:
  // Output goes to the log whatever becomes of the command.
  Status step(std::vector<std::string> argv, const fs::path& folder, const std::string& what) {
    progress_.stage(what, 0);
    std::size_t lines = 0;
    const auto done = run({.argv = argv,
                           .folder = folder,
                           .environment = environment_,
                           .timeout = request_.timeout,
                           .on_line = [&](std::string_view line) { progress_.step(++lines, trim(line)); }});
    progress_.finish();
    if (!done) return done.error();
    std::ofstream(built_.log, std::ios::app) << "$ " << join(argv, " ") << "\n" << done->out << done->err << "\n";
    if (done->succeeded()) return Done{};
    const std::string reason = done->timed_out
                                   ? "it took longer than " + std::to_string(request_.timeout.count()) + " s"
                                   : reason_of_failure(done->out + "\n" + done->err);
    return Error{reason + " (its output is in " + built_.log.string() + ")"};
  }

  Status with_pip() {
    const fs::path wheels = request_.folder / "wheel";
    std::error_code failed;
    std::vector<std::string> settings;
    bool made = false;
    if (!find_program("uv").empty()) {
      // --no-build is for what the build requires, not for the project.
      std::vector<std::string> argv{
          "uv", "build", "--wheel", "--no-build", "--python", request_.builder.string(), "--out-dir", wheels.string()};
      for (const std::string& setting : request_.backend.settings)
        argv.insert(argv.end(), {"--config-setting", setting});
      argv.push_back(request_.source.string());
      made = step(argv, request_.source,
                  "building (" + std::string(name_of(request_.mode)) + ", " +
                      std::string(name_of(request_.backend.backend)) + ")")
                 .ok();
    }
    if (!made) {
      std::vector<std::string> argv{
          request_.builder.string(), "-m", "pip", "wheel", "-v", "--no-deps", "--wheel-dir", wheels.string()};
      for (const std::string& setting : request_.backend.settings) argv.push_back("--config-settings=" + setting);
      argv.push_back(request_.source.string());
      if (const Status done = step(argv, request_.folder,
                                   "building (" + std::string(name_of(request_.mode)) + ", " +
                                       std::string(name_of(request_.backend.backend)) + ")");
          !done)
        return done;
    }
    for (const auto& entry : fs::directory_iterator(wheels, failed))
      if (entry.path().extension() == ".whl") built_.wheel = entry.path();
    if (built_.wheel.empty())
      return Error{"the build went through, but left no wheel (its output is in " + built_.log.string() + ")"};
    if (built_.wheel.filename().string().ends_with("-none-any.whl"))
      return Error{"the build made a wheel without extension modules (" + built_.wheel.filename().string() +
                   "); its setup leaves them out when they do not compile (its output is in " + built_.log.string() +
                   ")"};
    // Without dependencies: those are for whoever runs the tests.
    std::vector<std::string> argv{
        request_.builder.string(), "-m", "pip", "install", "--no-deps", "--no-index", "--no-compile",
        "--force-reinstall"};
    if (request_.builder != request_.target)
      argv.insert(argv.end(), {"--target", site_packages(request_.target).string()});
    argv.push_back(built_.wheel.string());
    if (const Status done = step(argv, request_.folder, "installing"); !done) return done;
    return list_wheel();
  }

  Status list_wheel() {
    const auto listed =
        run({.argv = {request_.builder.string(), "-I", "-S", "-c",
                      "import sys, zipfile\nfor name in zipfile.ZipFile(sys.argv[1]).namelist(): print(name)",
                      built_.wheel.string()},
             .timeout = std::chrono::minutes(2)});
    if (!listed) return listed.error();
    for (const std::string& line : split(listed->out, '\n')) {
      std::string name(trim(line));
      // A wheel's parts for other places: NAME.data/platlib/... lands in site-packages as well.
      for (const char* scheme : {".data/platlib/", ".data/purelib/"})
        if (const std::size_t at = name.find(scheme); at != std::string::npos)
          name = name.substr(at + std::string_view(scheme).size());
      if (!name.empty() && !name.ends_with('/')) installed_.push_back(name);
    }
    return Done{};
  }

  Status with_cmake() {
    const fs::path tree = request_.folder / "cmake";
    const auto builder = fs::path(request_.builder).string();
    std::vector<std::string> argv{"cmake",
                                  "-S",
                                  request_.source.string(),
                                  "-B",
                                  tree.string(),
                                  "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
                                  "-DPython_EXECUTABLE=" + builder,
                                  "-DPython3_EXECUTABLE=" + builder,
                                  "-DPYTHON_EXECUTABLE=" + builder,
                                  "-DCMAKE_INTERPROCEDURAL_OPTIMIZATION=OFF"};
    if (find_program("cmake").empty())
      return Error{"it is built by CMake, which is not installed; `apt-get install cmake`"};
    if (const Status done =
            step(argv, request_.folder, "configuring (" + std::string(name_of(request_.mode)) + ", CMake)");
        !done)
      return done;
    if (const Status done = step({"cmake", "--build", tree.string(), "--parallel"}, request_.folder,
                                 "building (" + std::string(name_of(request_.mode)) + ", CMake)");
        !done)
      return done;
    return install_of_cmake(tree);
  }

  // Where the project's own rules put things; what has no rules is a module at the top.
  Status install_of_cmake(const fs::path& tree) {
    const fs::path stage = request_.folder / "staged";
    environment_.push_back("DESTDIR=" + stage.string());
    std::error_code failed;
    constexpr std::string_view below = "site-packages/";
    // Rules that fail, for a part that was not built for example, are in the log and leave what was built.
    if (step({"cmake", "--install", tree.string(), "--prefix", "/"}, request_.folder, "installing"))
      each_file(stage, [&](const fs::path& file) {
        std::string name = file.lexically_relative(stage).generic_string();
        if (const std::size_t at = name.find(below); at != std::string::npos) name = name.substr(at + below.size());
        take(file, name);
      });
    if (std::none_of(installed_.begin(), installed_.end(),
                     [](const std::string& name) { return !module_name(name).empty(); }))
      each_file(tree, [&](const fs::path& file) {
        if (file.filename().string().find(".so") != std::string::npos &&
            file.string().find("CMakeFiles") == std::string::npos)
          take(file, file.filename().string());
      });
    // The Python of their packages is often left where it is.
    const fs::path packages = site_packages(request_.target);
    for (const std::string& name : std::vector(installed_)) {
      const std::string package = name.substr(0, name.find('/'));
      for (const fs::path& root : package_roots(request_.source))
        if (package != name && !fs::exists(packages / package / "__init__.py", failed) &&
            fs::exists(root / package / "__init__.py", failed))
          each_file(root / package, [&](const fs::path& file) {
            if (file.extension() == ".py") take(file, file.lexically_relative(root).generic_string());
          });
    }
    return Done{};
  }

  // Into the environment, by its name there.
  void take(const fs::path& file, const std::string& name) {
    std::error_code failed;
    const fs::path there = site_packages(request_.target) / name;
    fs::create_directories(there.parent_path(), failed);
    fs::copy_file(file, there, fs::copy_options::overwrite_existing, failed);
    if (!failed) installed_.push_back(name);
  }

  static void each_file(const fs::path& folder, const std::function<void(const fs::path&)>& act) {
    std::error_code failed;
    for (fs::recursive_directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed))
      if (entry->is_regular_file(failed)) act(entry->path());
  }

  const BuildRequest& request_;
  Progress& progress_;
  std::vector<std::string> environment_;
  std::vector<std::string> installed_;  // relative to the packages' folder
  Built built_;
};

}  // namespace

std::string_view name_of(BuildMode mode) {
  return mode == BuildMode::tsan ? "tsan" : mode == BuildMode::plain ? "plain" : "light";
}

Result<Built> build(const BuildRequest& request, Progress& progress) { return Build(request, progress).make(); }

void lay_over(const fs::path& source, const fs::path& packages, const std::vector<std::string>& installed) {
  std::error_code failed;
  for (const std::string& name : installed) {
    const std::string top = name.substr(0, name.find('/'));
    for (const fs::path& root : package_roots(source)) {
      const fs::path there = root / name;
      if (top == name ? !name.ends_with(".so") || root != source : !fs::exists(root / top, failed)) continue;
      if (fs::exists(there, failed) && !name.ends_with(".so")) continue;
      fs::create_directories(there.parent_path(), failed);
      fs::copy_file(packages / name, there, fs::copy_options::overwrite_existing, failed);
    }
  }
}

void find_modules(const fs::path& packages, const std::vector<std::string>& installed, std::vector<fs::path>& files,
                  std::vector<std::string>& names) {
  std::vector<std::string> listed = installed;
  std::error_code failed;
  if (listed.empty())
    for (fs::recursive_directory_iterator entry(packages, failed), end; !failed && entry != end;
         entry.increment(failed))
      if (entry->path().extension() == ".so")
        listed.push_back(fs::relative(entry->path(), packages, failed).generic_string());
  std::sort(listed.begin(), listed.end());
  for (const std::string& relative : listed) {
    const std::string name = module_name(relative);
    if (name.empty() || !fs::exists(packages / relative, failed)) continue;
    files.push_back(packages / relative);
    names.push_back(name);
  }
}

}  // namespace ftaudit::dynamic
