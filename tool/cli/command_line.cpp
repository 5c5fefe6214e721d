#include "cli/command_line.h"

#include <algorithm>
#include <iostream>

#include "base/exit_code.h"
#include "base/files.h"
#include "base/log.h"
#include "cli/configuration.h"
#include "project/flag_filter.h"

namespace ftaudit::cli {
namespace {

// The program's arguments with every command, read once.
struct Reading {
  Program program{"ftaudit", "Tells whether a C or C++ extension of CPython survives without the GIL.",
                  std::string("ftaudit ") + FTAUDIT_VERSION};
  CommandLine line;

  explicit Reading(const ScanOptions& defaults) {
    Arguments all = program.arguments();
    all.footer(
        "Example: ftaudit scan path/to/extension\nExit codes: 0 nothing found, 1 findings, 2 bad usage, 3 incomplete, "
        "130 interrupted");
    all.taken(
           "--color",
           [this](const std::string& when) {
             line.colour = when == "always" ? When::always : when == "never" ? When::never : When::automatic;
             return "";
           },
           "auto, always or never (NO_COLOR is obeyed)")
        .one_of({"auto", "always", "never"})
        .named("WHEN");
    all.flag("-v,--verbose", [this](int times) { line.verbosity = times; }, "Say more; twice for more still");
    all.flag("-q,--quiet", [this](int) { line.verbosity = -1; }, "Say only results and errors");
    for (AddCommand* add : commands()) add(all, defaults, [this](Chosen chosen) { line.command = std::move(chosen); });
  }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;
};

void tell_origins(const std::vector<std::string>& given, ParseOptions& options) {
  for (const std::string& name : given) options.origins[name == "PATH" ? "paths" : name] = "command line";
}

int show(const ScanOptions& options) {
  const std::vector<ShownSetting> settings = shown_settings(options);
  std::size_t widest = 0;
  for (const ShownSetting& setting : settings) widest = std::max(widest, setting.name.size() + setting.value.size());
  widest = std::min<std::size_t>(widest, 50);
  for (const ShownSetting& setting : settings) {
    const std::size_t size = setting.name.size() + setting.value.size();
    std::cout << setting.name << " = " << setting.value << std::string(size < widest ? widest - size : 0, ' ') << "  # "
              << setting.origin << (setting.limit.empty() ? "" : "; of a project: " + setting.limit) << "\n";
  }
  return 0;
}

// Of N shards, the Ith has every Nth path.
void keep_own(ScanOptions& options) {
  std::vector<std::string> own;
  for (std::size_t i = options.shard - 1; i < options.parse.paths.size(); i += options.shards)
    own.push_back(options.parse.paths[i]);
  options.parse.paths = std::move(own);
}

// The settings of the project that the first path lies in, and of the environment, as defaults.
Result<ScanOptions> defaults_for(const ParseOptions& parse) {
  ScanOptions out;
  std::error_code failed;
  if (const fs::path own = user_configuration(); fs::exists(own, failed))
    if (Status read = read_configuration(own, Owner::user, out); !read.ok()) return read.error();
  if (!parse.isolated) {
    const fs::path file = find_configuration(parse.paths.empty() ? "." : parse.paths[0], out.parse.warnings);
    if (Status read = file.empty() ? Status(Done{}) : read_configuration(file, Owner::project, out); !read.ok())
      return read.error();
  }
  if (Status read = read_environment(out); !read.ok()) return read.error();
  return out;
}

}  // namespace

std::variant<CommandLine, int> parse_command_line(int argc, const char* const* argv) {
  // What stands after -- is for the compiler, whatever it looks like.
  int own = argc;
  for (int i = 1; i < argc; ++i)
    if (std::string_view(argv[i]) == "--") {
      own = i;
      break;
    }
  Reading first({});
  if (const int code = first.program.read(own, argv); code >= 0) return code;
  if (first.line.command.parse == nullptr) return std::move(first.line);

  // Once more with the project's settings as defaults, now that the project is known.
  const Result<ScanOptions> defaults = defaults_for(*first.line.command.parse);
  if (!defaults.ok()) {
    std::cerr << "ftaudit: error: " << defaults.message() << "\n";
    return exit_with::usage;
  }
  Reading again(*defaults);
  if (const int code = again.program.read(own, argv); code >= 0) return code;
  const Chosen& command = again.line.command;
  ParseOptions& parse = *command.parse;
  tell_origins(again.program.given(), parse);
  again.line.warnings = parse.warnings;
  if (own < argc) {
    const std::vector<std::string> given(argv + own + 1, argv + argc);
    for (std::string& flag : project::absolute_flags(given, fs::current_path())) parse.flags.push_back(std::move(flag));
    parse.origins["flags"] = "command line";
  }
  if (command.audit != nullptr && command.audit->show_config) {
    for (const std::string& warning : again.line.warnings) log::warning(warning);
    return show(*command.audit);
  }
  if (parse.paths.empty() && command.needs_path) return again.program.refuse("PATH is required");
  if (command.audit != nullptr && command.audit->shards > 0) keep_own(*command.audit);
  return std::move(again.line);
}

}  // namespace ftaudit::cli
