#include "cli/options.h"

#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/configuration.h"
#include "cli/subcommands.h"

namespace ftaudit::cli {
namespace {

class Parser {
 public:
  explicit Parser(ScanOptions defaults)
      : app_("Tells whether a C or C++ extension of CPython survives without the GIL.", "ftaudit"),
        scan_(std::move(defaults)) {
    facts_.parse = scan_.parse;
    confirm_.scan = gate_.audit = baseline_.audit = merge_.audit = scan_;
    app_.set_version_flag("--version", std::string("ftaudit ") + FTAUDIT_VERSION);
    app_.require_subcommand(1);
    app_.fallthrough();
    app_.get_formatter()->column_width(34);
    app_.footer(
        "Example: ftaudit scan path/to/extension\nExit codes: 0 nothing found, 1 findings, 2 bad usage, 3 incomplete, "
        "130 interrupted");
    app_.add_option_function<std::string>(
            "--color",
            [this](const std::string& when) {
              line_.colour = when == "always" ? When::always : when == "never" ? When::never : When::automatic;
            },
            "auto, always or never (NO_COLOR is obeyed)")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->type_name("WHEN");
    app_.add_flag_function(
        "-v,--verbose", [this](std::int64_t n) { line_.verbosity = static_cast<int>(n); },
        "Say more; twice for more still");
    app_.add_flag_callback("-q,--quiet", [this] { line_.verbosity = -1; }, "Say only results and errors");
    add_scan(app_, scan_, [this] { line_.command = scan_; });
    add_confirm(app_, confirm_, [this] { line_.command = confirm_; });
    add_gate(app_, gate_, [this] { line_.command = gate_; });
    add_baseline(app_, baseline_, [this] { line_.command = baseline_; });
    add_merge(app_, merge_, [this] { line_.command = merge_; });
    facts();
    add_report(app_, report_, [this] { line_.command = report_; });
    rules();
    python();
    headers();
    add_cache(app_, [this](bool clear) {
      line_.command = clear ? Command(CacheClearOptions{}) : Command(CacheInfoOptions{});
    });
    CLI::App* doctor = app_.add_subcommand("doctor", "What this machine has and lacks");
    doctor->add_flag("--fix", doctor_.fix, "Get what is missing: Debian's packages (as root), Pythons, headers");
    doctor->callback([this] { line_.command = doctor_; });
    CLI::App* lsp = app_.add_subcommand("lsp", "A language server on standard input and output, for editors");
    lsp->add_option("--python", lsp_.python, "Headers to parse with, as for scan")->type_name("PYTHON");
    lsp->callback([this] { line_.command = lsp_; });
    add_manual(app_, [this](std::string text) { line_.command = PrintOptions{std::move(text)}; });
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

  // The names of the options that the user gave, without dashes.
  std::vector<std::string> given() const {
    std::vector<std::string> out;
    for (const CLI::App* app = &app_; app != nullptr;) {
      const std::vector<CLI::App*> chosen = app->get_subcommands();
      for (const CLI::Option* option : app->get_options())
        if (option->count() > 0)
          out.push_back(option->get_lnames().empty() ? option->get_name() : option->get_lnames()[0]);
      app = chosen.empty() ? nullptr : chosen[0];
    }
    return out;
  }

  int refuse(const std::string& text) const {
    std::string command;
    for (const CLI::App* sub : app_.get_subcommands()) command = " " + sub->get_name();
    std::cerr << "ftaudit: error: " << text << "\nTry `ftaudit" << command << " --help`.\n";
    return 2;
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
      if ((!is_option && (active != &app_ || word.starts_with("-"))) ||
          std::find(known.begin(), known.end(), bare) != known.end())
        continue;
      if (const std::string near = closest(bare, known); !near.empty()) std::cerr << "Did you mean `" << near << "`?\n";
    }
  }

  void facts() {
    CLI::App* command = app_.add_subcommand("facts", "Print what the analyses see of a file or project");
    add_parse_options(*command, facts_.parse);
    command->callback([this] { line_.command = facts_; });
  }

  void rules() {
    CLI::App* list = app_.add_subcommand("rules", "List the rules");
    list->add_option("--format", rules_.format, "terminal (default) or json")
        ->check(CLI::IsMember({"terminal", "json"}))
        ->type_name("FORMAT");
    list->callback([this] { line_.command = rules_; });
    CLI::App* explain = app_.add_subcommand("explain", "Show the page of a rule: what, why, and what to write instead");
    explain->add_option("RULE", explain_.rule, "Id or name: FT104, dict-next-unlocked")->required();
    explain->callback([this] { line_.command = explain_; });
  }

  void python() {
    CLI::App* group = app_.add_subcommand("python", "Pythons to scan against: list, install");
    group->require_subcommand(1);
    CLI::App* install =
        group->add_subcommand("install", "Build a CPython from its source release, or only its headers");
    install->add_option("VERSION", install_.version, "3.13t (default), 3.14t, 3.13.5t, ...");
    install->add_flag("--headers", install_.headers, "Only the headers: all that scan needs, about a minute");
    install->add_option("--source", install_.source, "The release's .tar.xz, checked against its known SHA-256")
        ->type_name("FILE");
    install->add_flag("--force", install_.force, "Build again, and even where parts of the library will be missing");
    install->add_flag("--tsan", install_.tsan, "With ThreadSanitizer");
    install->add_option("-j,--jobs", install_.jobs, "Compilers at the same time (default: one a core)")->type_name("N");
    install->callback([this] { line_.command = install_; });
    group->add_subcommand("list", "Show what is there and which one scan would take")->callback([this] {
      line_.command = PythonListOptions{};
    });
  }

  void headers() {
    CLI::App* group = app_.add_subcommand("headers", "Headers of pybind11, nanobind and numpy: list, install");
    group->require_subcommand(1);
    CLI::App* install =
        group->add_subcommand("install", "Fetch the newest wheels and keep their headers; runs nothing of them");
    install->add_option("PACKAGE", headers_.packages, "pybind11, nanobind, numpy")->required();
    install->callback([this] { line_.command = headers_; });
    group->add_subcommand("list", "Show what is there")->callback([this] { line_.command = HeadersListOptions{}; });
  }

  CLI::App app_;
  CommandLine line_{DoctorOptions{}};
  DoctorOptions doctor_;
  LspOptions lsp_;
  ScanOptions scan_;
  ConfirmOptions confirm_;
  GateOptions gate_;
  BaselineOptions baseline_;
  MergeOptions merge_;
  FactsOptions facts_;
  ReportOptions report_;
  RulesOptions rules_;
  ExplainOptions explain_;
  PythonInstallOptions install_;
  HeadersInstallOptions headers_;
};

// What the settings of a project are about, of commands that read code or reports.
ScanOptions* audit_of(Command& command) {
  if (auto* scan = std::get_if<ScanOptions>(&command)) return scan;
  if (auto* confirm = std::get_if<ConfirmOptions>(&command)) return &confirm->scan;
  if (auto* gate = std::get_if<GateOptions>(&command)) return &gate->audit;
  if (auto* baseline = std::get_if<BaselineOptions>(&command)) return &baseline->audit;
  if (auto* merge = std::get_if<MergeOptions>(&command)) return &merge->audit;
  return nullptr;
}
ParseOptions* parse_of(Command& command) {
  if (auto* facts = std::get_if<FactsOptions>(&command)) return &facts->parse;
  ScanOptions* audit = audit_of(command);
  return audit == nullptr ? nullptr : &audit->parse;
}

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
              << setting.origin << "\n";
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
  const fs::path file = find_configuration(parse.paths.empty() ? "." : parse.paths[0]);
  if (Status read = file.empty() ? Status(Done{}) : read_configuration(file, out); !read.ok()) return read.error();
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
  std::variant<CommandLine, int> result = Parser({}).run(own, argv);
  CommandLine* line = std::get_if<CommandLine>(&result);
  if (line == nullptr || parse_of(line->command) == nullptr) return result;

  // Once more with the project's settings as defaults, now that the project is known.
  Result<ScanOptions> defaults = defaults_for(*parse_of(line->command));
  if (!defaults.ok()) {
    std::cerr << "ftaudit: error: " << defaults.message() << "\n";
    return 2;
  }
  Parser parser(std::move(*defaults));
  result = parser.run(own, argv);
  line = std::get_if<CommandLine>(&result);
  if (line == nullptr) return result;
  ParseOptions& parse = *parse_of(line->command);
  tell_origins(parser.given(), parse);
  if (own < argc) {
    parse.flags.insert(parse.flags.end(), argv + own + 1, argv + argc);
    parse.origins["flags"] = "command line";
  }
  ScanOptions* audit = audit_of(line->command);
  if (audit != nullptr && audit->show_config) return show(*audit);
  if (parse.paths.empty() && !std::holds_alternative<MergeOptions>(line->command))
    return parser.refuse("PATH is required");
  if (audit != nullptr && audit->shards > 0) keep_own(*audit);
  return result;
}

}  // namespace ftaudit::cli
