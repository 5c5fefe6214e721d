#include "dynamic/preparation.h"

#include <algorithm>
#include <thread>

#include "base/interruption.h"
#include "base/log.h"
#include "base/text.h"
#include "dynamic/build/build.h"
#include "python/address_space.h"
#include "python/toolchain.h"

namespace ftaudit::dynamic {
namespace {

std::string seconds_since(std::chrono::steady_clock::time_point began) {
  return std::to_string(
             std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - began).count()) +
         " s";
}

// "clang-19" out of "clang-19 -pthread".
std::string first_word(const std::string& command) { return command.substr(0, command.find(' ')); }

class Preparation {
 public:
  Preparation(const PreparationRequest& request, const Workspace& workspace, Progress& progress)
      : request_(request), workspace_(workspace), progress_(progress), compiler_(python::find_clang()) {}

  Result<Prepared> make() {
    if (const Status suits = check_interpreters(); !suits) return suits.error();
    progress_.stage("making environments", 0);
    auto environment = workspace_.environment(request_.plain, "plain");
    progress_.finish();
    if (!environment) return environment.error();
    plain_python_ = *environment;
    if (const Status done = request_.build ? build_both() : take_installed(); !done) return done.error();
    if (out_.plain || out_.sanitized) {
      fill_environment();
      if (const Status checked = check(); !checked) return checked.error();
    }
    if (!out_.plain && !out_.sanitized)
      return Error{join(problems_, "; ") +
                   (request_.build ? "; what builds for another Python alone wants --python and --tsan-python, what "
                                     "builds only by hand is installed and run with --no-build"
                                   : "")};
    for (const std::string& problem : problems_) out_.notes.push_back(problem);
    return std::move(out_);
  }

 private:
  Status check_interpreters() {
    if (!request_.light || !request_.tsan) {
      if (const std::string problem = python::address_space_problem(); !problem.empty()) return Error{problem};
    }
    if (!request_.tsan) {
      if (request_.build && compiler_.empty())
        return Error{"no clang found, which extensions are built with to be watched; " + python::clang_remedy()};
      return Done{};
    }
    const auto facts = ask_python(request_.tsan->executable);
    if (!facts) return facts.error();
    if (!facts->tsan) return Error{request_.tsan->executable.string() + " is not built with ThreadSanitizer"};
    if (!facts->free_threaded)
      return Error{request_.tsan->executable.string() + " has a GIL; races need a free-threaded build"};
    compiler_ = first_word(facts->compiler);
    if (request_.build && compiler_.find("clang") == std::string::npos)
      return Error{request_.tsan->executable.string() + " was compiled by " + compiler_ +
                   "; the functions that ftaudit watches can only be named to clang. `ftaudit python install 3.13t "
                   "--tsan` builds one that suits"};
    return Done{};
  }

  Result<Built> build_one(BuildMode mode, const BackendUse& backend, const fs::path& target, Progress& progress) {
    const std::string name(name_of(mode));
    const auto copy = workspace_.copy_project(request_.project->root, "source-" + name);
    if (!copy) return copy.error();
    const Sanitizing kind = mode == BuildMode::tsan    ? Sanitizing::thread
                            : mode == BuildMode::light ? Sanitizing::light
                                                       : Sanitizing::plain;
    const auto made = write_instrumentation(workspace_.folder() / ("instrumentation-" + name), kind, compiler_);
    if (!made) return made.error();
    (mode == BuildMode::plain ? out_.plain_instrumentation : out_.instrumentation) = *made;
    return build({.mode = mode,
                  .source = *copy,
                  .builder = plain_python_,
                  .target = target,
                  .compiler = compiler_,
                  .backend = backend,
                  .flags = {made->compile_flags, made->link_flags, made->build_environment},
                  .folder = workspace_.folder() / ("build-" + name)},
                 progress);
  }

  // Both at once: most builds use one core.
  Status build_both() {
    const BackendUse backend = backend_of(*request_.project);
    if (!backend.refusal.empty()) return Error{backend.refusal};
    if (!backend.note.empty()) note(backend.note);
    const BuildMode mode = request_.light ? BuildMode::light : BuildMode::tsan;
    const python::Interpreter& host = request_.light ? request_.plain : *request_.tsan;
    const auto target = workspace_.environment_sharing(host, std::string(name_of(mode)), plain_python_);
    if (!target) return target.error();
    const auto began = std::chrono::steady_clock::now();
    std::optional<Result<Built>> plain;
    const std::unique_ptr<Progress> silent = make_progress(false);
    std::thread beside([&] { plain.emplace(build_one(BuildMode::plain, backend, plain_python_, *silent)); });
    const Result<Built> sanitized = build_one(mode, backend, *target, progress_);
    beside.join();
    if (asked_to_finish()) return Error{"interrupted while building"};
    const std::string with = mode == BuildMode::tsan ? "ThreadSanitizer" : "ThreadSanitizer (light mode)";
    if (sanitized) take(*sanitized, mode);
    else problems_.push_back("the build with " + with + " failed: " + sanitized.message());
    if (*plain) take(**plain, BuildMode::plain), wheel_ = (*plain)->wheel;
    else problems_.push_back("the plain build failed: " + plain->message());
    if (sanitized)
      request_.say("built by " + std::string(name_of(backend.backend)) + " with " + with + " in " +
                   seconds_since(began) + ": " + join(sanitized->names, ", "));
    return Done{};
  }

  void take(const Built& built, BuildMode mode) {
    Variant variant{
        .mode = mode, .python = built.python, .source = built.source, .modules = built.modules, .names = built.names};
    if (mode == BuildMode::light && out_.instrumentation)
      variant.environment.push_back("LD_PRELOAD=" + out_.instrumentation->preload.string());
    (mode == BuildMode::plain ? out_.plain : out_.sanitized) = std::move(variant);
  }

  // --no-build: modules where the interpreters find them.
  Status take_installed() {
    const auto find = [&](const python::Interpreter& python, BuildMode mode, const fs::path& shared) -> Status {
      const auto environment =
          workspace_.environment_sharing(python, "installed-" + std::string(name_of(mode)), shared, true);
      if (!environment) return environment.error();
      const auto copy = workspace_.copy_project(request_.project->root, "source-" + std::string(name_of(mode)));
      if (!copy) return copy.error();
      Variant variant{.mode = mode, .python = *environment, .source = *copy};
      for (const LocatedModule& module : locate_modules(*environment, request_.modules)) {
        if (module.file.empty()) return Error{module.name + " is not installed for " + python.executable.string()};
        variant.modules.push_back(module.file), variant.names.push_back(module.name);
        fs::path inside = fs::path(module.file).filename(), packages = fs::path(module.file).parent_path();
        for (auto dots = std::count(module.name.begin(), module.name.end(), '.'); dots > 0; --dots)
          inside = packages.filename() / inside, packages = packages.parent_path();
        lay_over(*copy, packages, {inside.generic_string()});
      }
      if (variant.modules.empty())
        return Error{"no extension module of this project is known, so none can be looked for in " +
                     python.executable.string()};
      (mode == BuildMode::plain ? out_.plain : out_.sanitized) = std::move(variant);
      return Done{};
    };
    if (request_.tsan)
      if (const Status found = find(*request_.tsan, BuildMode::tsan, plain_python_); !found)
        problems_.push_back(found.message());
    if (const Status found = find(request_.plain, BuildMode::plain, plain_python_); !found)
      problems_.push_back(found.message());
    return Done{};
  }

  // What the project and its tests need, in the plain environment, which the other one sees as well.
  void fill_environment() {
    if (!request_.tests) return install_runtime({});
    auto tests = describe_tests(request_.project->root, request_.plain.executable);
    if (!tests) {
      out_.notes.push_back(tests.message());
      return install_runtime({});
    }
    out_.tests = *tests;
    if (!request_.with.empty()) tests->requirements = request_.with, tests->extras.clear();
    std::vector<std::string> wanted = tests->requirements;
    if (tests->runner == Runner::pytest)
      for (const char* tool : {"pytest", "pytest-run-parallel"})
        if (std::find(wanted.begin(), wanted.end(), tool) == wanted.end()) wanted.push_back(tool);
    const auto began = std::chrono::steady_clock::now();
    progress_.stage("installing what the tests need", 0);
    install_runtime(tests->extras);
    if (!wanted.empty())
      if (const Status all = workspace_.install(plain_python_, wanted, progress_); !all)
        wanted = install_one_by_one(wanted);
    progress_.finish();
    if (!wanted.empty())
      request_.say("installed for the tests in " + seconds_since(began) + ": " + join(wanted, ", ") +
                   (tests->sources.empty() ? "" : " (said by " + join(tests->sources, ", ") + ")"));
  }

  // Those of them that could be installed.
  std::vector<std::string> install_one_by_one(const std::vector<std::string>& wanted) {
    std::vector<std::string> installed;
    for (const std::string& one : wanted) {
      const Status done = workspace_.install(plain_python_, {one}, progress_);
      if (done) installed.push_back(one);
      else if (!asked_to_finish()) note("the tests want " + one + ", which cannot be installed: " + done.message());
    }
    return installed;
  }

  // Said at once and kept for the report.
  void note(const std::string& text) {
    request_.say(text);
    out_.notes.push_back(text);
  }

  // The project's own dependencies, with its extras for tests where they can be had.
  void install_runtime(const std::vector<std::string>& extras) {
    if (wheel_.empty()) return;
    const std::string name = wheel_.filename().string().substr(0, wheel_.filename().string().find('-'));
    const std::string at = " @ file://" + wheel_.string();
    if (!extras.empty()) {
      const Status done = workspace_.install(plain_python_, {name + "[" + join(extras, ",") + "]" + at}, progress_);
      if (done) return;
      note("the extras " + join(extras, ", ") + " cannot be installed: " + done.message());
    }
    if (const Status done = workspace_.install(plain_python_, {name + at}, progress_); !done)
      note("its dependencies cannot be installed: " + done.message());
  }

  // Refuses what would lie; what can be mended is mended and said.
  Status check() {
    if (out_.sanitized) {
      std::vector<std::string> blind;
      for (const fs::path& file : out_.sanitized->modules) {
        const auto binary = examine_binary(file);
        if (!binary) return binary.error();
        if (!binary->other_runtime.empty() && !request_.light)
          return Error{file.filename().string() + " brings a sanitizer runtime of its own (" + binary->other_runtime +
                       "), and two in one process tell lies; build it with the interpreter's compiler (" + compiler_ +
                       ")"};
        if (!binary->instrumented) blind.push_back(file.filename().string());
      }
      if (blind.size() == out_.sanitized->modules.size()) {
        problems_.push_back((blind.size() == 1 ? blind.front() + " is" : "its modules are") +
                            " not instrumented, so ThreadSanitizer would see nothing of " +
                            (blind.size() == 1 ? "it" : "them") +
                            (request_.build ? "; the build does not use the compiler it is given"
                                            : "; build with -fsanitize=thread by " + compiler_));
        out_.sanitized.reset();
      } else if (!blind.empty()) {
        out_.notes.push_back("not instrumented, so races in there stay unseen: " + join(blind, ", "));
      }
    }
    return check_imports();
  }

  Status check_imports() {
    const std::vector<std::string> quiet{"TSAN_OPTIONS=report_bugs=0:exitcode=0"};
    const Variant& first = out_.plain ? *out_.plain : *out_.sanitized;
    if (!out_.plain && !out_.sanitized) return Done{};
    progress_.stage("importing", 0);
    out_.imports = try_imports(first.python, workspace_.folder(), first.names, false, quiet);
    for (const ImportOutcome& one : out_.imports) {
      if (!one.imported) out_.notes.push_back("importing " + one.module + " fails: " + one.problem);
      if (one.switched_gil_on)
        out_.notes.push_back("importing " + one.module +
                             " switches the GIL on; it was held off (PYTHON_GIL=0) in all runs");
    }
    if (out_.sanitized) {
      std::vector<std::string> environment = quiet;
      environment.insert(environment.end(), out_.sanitized->environment.begin(), out_.sanitized->environment.end());
      const auto under =
          try_imports(out_.sanitized->python, workspace_.folder(), out_.sanitized->names, true, environment);
      const auto works =
          std::find_if(under.begin(), under.end(), [](const ImportOutcome& one) { return one.imported; });
      if (works == under.end() && !under.empty()) {
        problems_.push_back("importing " + under.front().module +
                            " under ThreadSanitizer fails: " + under.front().problem);
        out_.sanitized.reset();
      }
    }
    progress_.finish();
    return Done{};
  }

  const PreparationRequest& request_;
  const Workspace& workspace_;
  Progress& progress_;
  std::string compiler_;
  fs::path plain_python_, wheel_;
  std::vector<std::string> problems_;
  Prepared out_;
};

}  // namespace

Result<Prepared> prepare(const PreparationRequest& request, const Workspace& workspace, Progress& progress) {
  return Preparation(request, workspace, progress).make();
}

}  // namespace ftaudit::dynamic
