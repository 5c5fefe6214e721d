#include "cli/options.h"

#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/configuration.h"
#include "cli/subcommands.h"

namespace ftaudit::cli {
namespace {

class Parser {
 public:
  explicit Parser(ScanOptions defaults) : app_("Tells whether a C or C++ extension of CPython survives without the GIL.", "ftaudit"), scan_(std::move(defaults)) {
    facts_.parse = scan_.parse;
    app_.set_version_flag("--version", std::string("ftaudit ") + FTAUDIT_VERSION);
    app_.require_subcommand(1);
    app_.fallthrough();
    app_.get_formatter()->column_width(34);
    app_.footer("Example: ftaudit scan path/to/extension\nExit codes: 0 nothing found, 1 findings, 2 bad usage, 3 incomplete, 130 interrupted");
    app_.add_option_function<std::string>("--color", [this](const std::string& when) { line_.colour = when == "always" ? When::always : when == "never" ? When::never : When::automatic; }, "auto, always or never (NO_COLOR is obeyed)")
        ->check(CLI::IsMember({"auto", "always", "never"}))->type_name("WHEN");
    app_.add_flag_function("-v,--verbose", [this](std::int64_t n) { line_.verbosity = static_cast<int>(n); }, "Say more; twice for more still");
    app_.add_flag_callback("-q,--quiet", [this] { line_.verbosity = -1; }, "Say only results and errors");
    scan();
    facts();
    add_report(app_, report_, [this] { line_.command = report_; });
    rules();
    python();
    headers();
    app_.add_subcommand("doctor", "What this machine has and lacks")->callback([this] { line_.command = DoctorOptions{}; });
  }

  std::variant<CommandLine, int> run(int argc, const char* const* argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::Success& wanted) {
      return app_.exit(wanted);
    } catch (const CLI::ParseError& wrong) {
      std::string text = wrong.what();
      std::cerr << "ftaudit: error: " << text << "\n";
      suggest(argc, argv);
      std::string command;
      for (const CLI::App* sub : app_.get_subcommands()) command = " " + sub->get_name();
      std::cerr << "Try `ftaudit" << command << " --help`.\n";
      return 2;
    }
    return std::move(line_);
  }

 private:
  // A mistyped command or option, with the likeliest one meant.
  void suggest(int argc, const char* const* argv) const {
    std::vector<std::string> commands, options;
    const CLI::App* active = &app_;
    for (const CLI::App* sub : app_.get_subcommands([](const CLI::App*) { return true; })) {
      commands.push_back(sub->get_name());
      if (sub->parsed()) active = sub;
    }
    for (const CLI::App* app : {active, &app_})
      for (const CLI::Option* option : app->get_options())
        for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
    for (int i = 1; i < argc; ++i) {
      const std::string word = argv[i];
      if (word == "--") break;
      const bool is_option = word.starts_with("--");
      const std::string bare = word.substr(0, word.find('='));
      const std::vector<std::string>& known = is_option ? options : commands;
      if ((!is_option && (active != &app_ || word.starts_with("-"))) || std::find(known.begin(), known.end(), bare) != known.end()) continue;
      if (const std::string near = closest(bare, known); !near.empty()) std::cerr << "Did you mean `" << near << "`?\n";
    }
  }

  void parse_options(CLI::App& command, ParseOptions& options) {
    command.add_option("PATH", options.paths, "File, folder or source archive (sdist) of an extension")->required();
    command.add_option("--python", options.python, "Headers to parse with: 3.13t, an executable, a prefix or an include folder")->type_name("PYTHON");
    command.add_option("--compile-commands", options.compile_commands, "A compile_commands.json, or its folder")->type_name("FILE");
    command.add_option("--exclude", options.exclude, "Leave out files that match this glob (repeatable)")->type_name("GLOB")->allow_extra_args(false);
    command.add_flag("--include-tests", options.include_tests, "Also files below tests, examples, docs, ...");
    command.add_option("-j,--jobs", options.jobs, "Files at the same time (default: one a core)")->type_name("N");
    command.add_option_function<unsigned>("--timeout", [&options](unsigned seconds) { options.timeout = std::chrono::seconds(seconds); }, "Give up on one file after this long (default: 120)")->type_name("SECONDS");
    command.footer("Compiler flags for every file go after --: ftaudit scan src -- -DWITH_X=1 -Iinclude");
  }

  template <class Value>
  void level(CLI::App& command, const std::string& name, std::optional<Value> (*named)(std::string_view), std::function<void(Value)> set, const std::string& help, std::vector<std::string> names) {
    command.add_option_function<std::string>(name, [named, set](const std::string& text) { set(*named(text)); }, help)->check(CLI::IsMember(std::move(names), CLI::ignore_case))->type_name("LEVEL");
  }

  void scan() {
    CLI::App* command = app_.add_subcommand("scan", "Audit the sources of an extension; runs nothing of it");
    parse_options(*command, scan_.parse);
    command->add_option("--format", scan_.format, "terminal (default), concise or json")->check(CLI::IsMember({"terminal", "concise", "json"}))->type_name("FORMAT");
    command->add_option("-o,--output", scan_.output, "Write the report to this file")->type_name("FILE");
    command->add_option("--report", scan_.reports, "Write a further report (repeatable)")->type_name("FORMAT:FILE")->allow_extra_args(false);
    command->add_option("--select", scan_.select, "Only these rules: ids, names, categories, starts of ids (FT1)")->delimiter(',')->type_name("RULES")->allow_extra_args(false);
    command->add_option("--ignore", scan_.ignore, "All but these rules")->delimiter(',')->type_name("RULES")->allow_extra_args(false);
    level<Severity>(*command, "--min-severity", severity_named, [this](Severity s) { scan_.min_severity = s; }, "info, low (default), medium, high", {"info", "low", "medium", "high"});
    level<Confidence>(*command, "--min-confidence", confidence_named, [this](Confidence c) { scan_.min_confidence = c; }, "possible, likely (default), certain", {"possible", "likely", "certain"});
    command->add_option_function<std::string>("--fail-on", [this](const std::string& text) { scan_.fail_on = text == "never" ? std::nullopt : severity_named(text); }, "Exit 1 from this severity on (default: low), or never")
        ->check(CLI::IsMember({"info", "low", "medium", "high", "never"}))->type_name("LEVEL");
    command->add_flag("--capture", scan_.capture, "RUN the project's own build to learn its flags, instead of reading them");
    command->add_option("--build-command", scan_.build, "What --capture runs (default: pip wheel)")->type_name("COMMAND")->allow_extra_args(false)->expected(1);
    command->callback([this] { line_.command = scan_; });
  }

  void facts() {
    CLI::App* command = app_.add_subcommand("facts", "Print what the analyses see of a file or project");
    parse_options(*command, facts_.parse);
    command->callback([this] { line_.command = facts_; });
  }

  void rules() {
    CLI::App* list = app_.add_subcommand("rules", "List the rules");
    list->add_option("--format", rules_.format, "terminal (default) or json")->check(CLI::IsMember({"terminal", "json"}))->type_name("FORMAT");
    list->callback([this] { line_.command = rules_; });
    CLI::App* explain = app_.add_subcommand("explain", "Show the page of a rule: what, why, and what to write instead");
    explain->add_option("RULE", explain_.rule, "Id or name: FT104, dict-next-unlocked")->required();
    explain->callback([this] { line_.command = explain_; });
  }

  void python() {
    CLI::App* group = app_.add_subcommand("python", "Pythons to scan against: list, install");
    group->require_subcommand(1);
    CLI::App* install = group->add_subcommand("install", "Build a CPython from its source release, or only its headers");
    install->add_option("VERSION", install_.version, "3.13t (default), 3.14t, 3.13.5t, ...");
    install->add_flag("--headers", install_.headers, "Only the headers: all that scan needs, about a minute");
    install->add_option("--source", install_.source, "The release's .tar.xz, checked against its known SHA-256")->type_name("FILE");
    install->add_flag("--force", install_.force, "Build again, and even where parts of the library will be missing");
    install->add_flag("--tsan", install_.tsan, "With ThreadSanitizer");
    install->add_option("-j,--jobs", install_.jobs, "Compilers at the same time (default: one a core)")->type_name("N");
    install->callback([this] { line_.command = install_; });
    group->add_subcommand("list", "Show what is there and which one scan would take")->callback([this] { line_.command = PythonListOptions{}; });
  }

  void headers() {
    CLI::App* group = app_.add_subcommand("headers", "Headers of pybind11, nanobind and numpy: list, install");
    group->require_subcommand(1);
    CLI::App* install = group->add_subcommand("install", "Fetch the newest wheels and keep their headers; runs nothing of them");
    install->add_option("PACKAGE", headers_.packages, "pybind11, nanobind, numpy")->required();
    install->callback([this] { line_.command = headers_; });
    group->add_subcommand("list", "Show what is there")->callback([this] { line_.command = HeadersListOptions{}; });
  }

  CLI::App app_;
  CommandLine line_{DoctorOptions{}};
  ScanOptions scan_;
  FactsOptions facts_;
  ReportOptions report_;
  RulesOptions rules_;
  ExplainOptions explain_;
  PythonInstallOptions install_;
  HeadersInstallOptions headers_;
};

}  // namespace

std::variant<CommandLine, int> parse_command_line(int argc, const char* const* argv) {
  // What stands after -- is for the compiler, whatever it looks like.
  int own = argc;
  for (int i = 1; i < argc; ++i)
    if (std::string_view(argv[i]) == "--") { own = i; break; }
  std::variant<CommandLine, int> result = Parser({}).run(own, argv);
  // Once more with the project's settings as defaults, now that the project is known.
  if (const auto* line = std::get_if<CommandLine>(&result)) {
    const auto* scan = std::get_if<ScanOptions>(&line->command);
    const auto* facts = std::get_if<FactsOptions>(&line->command);
    if (scan != nullptr || facts != nullptr) {
      ScanOptions defaults;
      const fs::path file = find_configuration((scan != nullptr ? scan->parse : facts->parse).paths.at(0));
      Status read = file.empty() ? Status(Done{}) : read_configuration(file, defaults);
      if (read.ok()) read = read_environment(defaults);
      if (!read.ok()) {
        std::cerr << "ftaudit: error: " << read.message() << "\n";
        return 2;
      }
      result = Parser(std::move(defaults)).run(own, argv);
    }
  }
  if (auto* line = std::get_if<CommandLine>(&result); line != nullptr && own < argc) {
    std::vector<std::string> flags(argv + own + 1, argv + argc);
    if (auto* scan = std::get_if<ScanOptions>(&line->command)) scan->parse.flags.insert(scan->parse.flags.end(), flags.begin(), flags.end());
    else if (auto* facts = std::get_if<FactsOptions>(&line->command)) facts->parse.flags.insert(facts->parse.flags.end(), flags.begin(), flags.end());
  }
  return result;
}

}  // namespace ftaudit::cli
