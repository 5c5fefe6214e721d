// One translation unit: what Clang is set up with, how often it is tried, and what became of it.
#include "base/text.h"
#include "capi/releases.h"
#include "frontend/carried_files.h"
#include "frontend/command_line.h"
#include "frontend/declarations.h"
#include "frontend/diagnostics.h"
#include "frontend/frontend.h"
#include "frontend/preprocessing.h"
#include "frontend/recorder.h"
#include "headers/carried.h"
#include "project/flag_filter.h"
#include "project/ground.h"
#include "project/tree.h"

namespace ftaudit::frontend {

using namespace clang;

namespace {

class Action final : public ASTFrontendAction {
 public:
  Action(const Settings& settings, model::Facts& facts, Preprocessing& preprocessing, Diagnostics& diagnostics)
      : settings_(settings), facts_(facts), preprocessing_(preprocessing), diagnostics_(diagnostics) {}
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance& compiler, StringRef) override {
    diagnostics_.began = true;
    compiler.getDiagnostics().setFatalsAsError(true);  // a missing header does not end the reading of the file
    compiler.getFrontendOpts().SkipFunctionBodies = true;
    preprocessing_.attach(compiler);
    return declarations(settings_, facts_, preprocessing_, diagnostics_);
  }

 protected:
  // Debian's Clang looks for its own headers on the disk, past the file system it was given, and where they are not
  // puts those of an installed Clang in their place.
  bool PrepareToExecuteAction(CompilerInstance& compiler) override {
    const fs::path own = headers::clang_folder();
    if (headers::is_built_in(own))
      for (HeaderSearchOptions::Entry& entry : compiler.getHeaderSearchOpts().UserEntries)
        if (entry.Group == clang::frontend::System && StringRef(entry.Path).starts_with("/usr/include/clang/"))
          entry.Path = (own / "include").string();
    return true;
  }

 private:
  const Settings& settings_;
  model::Facts& facts_;
  Preprocessing& preprocessing_;
  Diagnostics& diagnostics_;
};

// The first error for a report, which shows no text of files that are neither the project's nor headers it may search:
// where the kernel does not keep them out, their words must not come out in a message.
std::string shown_error(const Diagnostics& diagnostics, const project::Unit& unit, const Settings& settings) {
  if (diagnostics.first_file.empty() || diagnostics.first_in_system) return diagnostics.first;
  std::error_code failed;
  const fs::path file = fs::weakly_canonical(unit.folder / diagnostics.first_file, failed);
  std::vector<fs::path> own = project::named_places(unit.flags, unit.folder);
  own.insert(own.end(), {settings.root, project::repository_top(settings.root)});
  for (const fs::path& place : own)
    if (project::is_below(file, fs::weakly_canonical(place, failed))) return diagnostics.first;
  return diagnostics.first_place + "an error in a file outside the project";
}

// Code for a newer CPython wants its headers.
std::string advice_on(const std::string& newer) {
  const std::string release = "3." + std::to_string(capi::came_with(newer));
  return newer + " came with CPython " + release + ": `--python " + release +
         "t` reads with its headers, which `ftaudit python install " + release + "t --headers` brings";
}

// One step down the ladder of flags. False: these flags were refused, and fewer may do.
bool read_with(const project::Unit& unit, const Settings& settings, Step step, model::Facts& facts,
               Diagnostics& diagnostics, std::vector<Read>* reads) {
  facts = {};
  diagnostics = {};
  facts.files.push_back(shown_path(unit.file, settings.root));
  model::Unit& described = facts.units.emplace_back();
  described.file = model::FileId(0);
  if (unit.generated_by != project::Generator::none) described.generator = project::name_of(unit.generated_by);
  const bool cxx =
      std::find(unit.flags.begin(), unit.flags.end(), "c++") != unit.flags.end() || unit.file.extension() != ".c";
  described.language = cxx ? "c++" : "c";

  FileSystemOptions where;
  where.WorkingDir = unit.folder.string();
  const IntrusiveRefCntPtr<Recorder> recorder(
      new Recorder(llvm::makeIntrusiveRefCnt<CarriedFiles>(llvm::vfs::getRealFileSystem())));
  const IntrusiveRefCntPtr<FileManager> files(new FileManager(where, recorder));
  Preprocessing preprocessing;
  tooling::ToolInvocation invocation(command_line(unit, settings, step),
                                     std::make_unique<Action>(settings, facts, preprocessing, diagnostics), files.get(),
                                     std::make_shared<PCHContainerOperations>());
  invocation.setDiagnosticConsumer(&diagnostics);
  invocation.run();
  if (reads != nullptr) *reads = recorder->reads();
  return !diagnostics.refused;
}

void run(const project::Unit& unit, const Settings& settings, Parsed& parsed, std::vector<Read>* reads) {
  model::Facts& facts = parsed.facts;
  Diagnostics diagnostics;
  Step step = Step::whole;
  while (!read_with(unit, settings, step, facts, diagnostics, reads) && step != Step::bare)
    step = static_cast<Step>(static_cast<int>(step) + 1);
  if (std::vector<std::string> left_out; step != Step::whole && !diagnostics.refused) {
    flags_of(unit, step, &left_out);
    facts.omissions.push_back(
        {model::FileId(0),
         "read without " + join(left_out, " ") +
             (step == Step::any_processor ? ", which is for another processor" : ", which Clang does not take here")});
  }

  model::Unit& done = facts.units[0];
  done.errors = diagnostics.errors;
  done.first_error = shown_error(diagnostics, unit, settings);
  if (!diagnostics.newer.empty()) done.first_error += "; " + advice_on(diagnostics.newer);
  done.missing_headers = diagnostics.missing;
  done.parsed = !facts.functions.empty() || !facts.globals.empty() || diagnostics.errors == 0;
  parsed.failed = !done.parsed;
  if (parsed.failed)
    facts.omissions.push_back(
        {model::FileId(0), done.first_error.empty() ? "Clang could not read it" : done.first_error});
}

}  // namespace

Parsed parse(const project::Unit& unit, const Settings& settings, std::vector<Read>* reads) {
  Parsed parsed;
  // Generated code nests deeper than a default stack; Clang and the lowering both recurse over it.
  llvm::thread worker(std::optional<unsigned>(256u << 20), [&] { run(unit, settings, parsed, reads); });
  worker.join();
  return parsed;
}

}  // namespace ftaudit::frontend
