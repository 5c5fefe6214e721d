#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "base/exit_code.h"
#include "base/text.h"

namespace ftaudit::cli {
namespace {

// "90", "90s", "5m", "1h"; nothing: it is no time.
std::optional<std::chrono::seconds> time_in(const std::string& text) {
  std::size_t end = 0;
  unsigned long value = 0;
  try {
    value = std::stoul(text, &end);
  } catch (const std::exception&) {
    return std::nullopt;
  }
  const std::string unit = text.substr(end);
  const unsigned long factor = unit.empty() || unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
  if (factor == 0 || value == 0 || value > 1000000 || text.front() == '-') return std::nullopt;
  return std::chrono::seconds(value * factor);
}

DescribedOption described_option(const CLI::Option& option) {
  DescribedOption out;
  out.positional = option.get_positional();
  if (out.positional) out.names.push_back(option.get_name(true));
  for (const std::string& name : option.get_snames()) out.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) out.names.push_back("--" + name);
  out.about = option.get_description();
  if (option.get_items_expected_max() == 0) return out;
  // "FORMAT:{terminal,json}"
  out.value = option.get_type_name();
  if (const std::size_t brace = out.value.find(":{"); brace != std::string::npos && out.value.ends_with("}")) {
    std::string choice;
    for (const char c : out.value.substr(brace + 2)) {
      if (c != ',' && c != '}') choice += c;
      else out.choices.push_back(std::move(choice)), choice.clear();
    }
    out.value.resize(brace);
  }
  return out;
}

DescribedCommand described_command(const CLI::App& app) {
  DescribedCommand out{.name = app.get_name(), .about = app.get_description(), .footer = app.get_footer()};
  for (const CLI::Option* option : app.get_options()) out.options.push_back(described_option(*option));
  for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; }))
    out.commands.push_back(described_command(*child));
  return out;
}

}  // namespace

Option& Option::named(const char* type) { return option_->type_name(type), *this; }

Option& Option::one_of(std::vector<std::string> choices, bool in_any_case) {
  if (in_any_case) option_->check(CLI::IsMember(std::move(choices), CLI::ignore_case));
  else option_->check(CLI::IsMember(std::move(choices)));
  return *this;
}

Option& Option::between(unsigned least, unsigned most) { return option_->check(CLI::Range(least, most)), *this; }
Option& Option::repeatable() { return option_->allow_extra_args(false), *this; }
Option& Option::list() { return option_->delimiter(',')->allow_extra_args(false), *this; }
Option& Option::single() { return option_->expected(1), *this; }
Option& Option::required() { return option_->required(), *this; }
Option& Option::excludes(Option other) { return option_->excludes(other.option_), *this; }

Option Arguments::text(const char* name, std::string& into, const char* about) {
  return Option(app_->add_option(name, into, about));
}
Option Arguments::texts(const char* name, std::vector<std::string>& into, const char* about) {
  return Option(app_->add_option(name, into, about));
}
Option Arguments::number(const char* name, unsigned& into, const char* about) {
  return Option(app_->add_option(name, into, about));
}
Option Arguments::number(const char* name, std::uint64_t& into, const char* about) {
  return Option(app_->add_option(name, into, about));
}
Option Arguments::number(const char* name, std::function<void(unsigned)> take, const char* about) {
  return Option(
      app_->add_option_function<unsigned>(name, [take = std::move(take)](unsigned value) { take(value); }, about));
}
Option Arguments::flag(const char* name, bool& into, const char* about) {
  return Option(app_->add_flag(name, into, about));
}
Option Arguments::flag(const char* name, std::function<void(int)> take, const char* about) {
  return Option(app_->add_flag_function(
      name, [take = std::move(take)](std::int64_t times) { take(static_cast<int>(times)); }, about));
}

Option Arguments::time(const char* name, std::chrono::seconds& into, const char* about) {
  return taken(
             name,
             [&into](const std::string& text) -> std::string {
               const std::optional<std::chrono::seconds> time = time_in(text);
               if (!time) return "expected a time such as 90s, 5m or 1h";
               into = *time;
               return "";
             },
             about)
      .named("TIME");
}

Option Arguments::taken(const char* name, std::function<std::string(const std::string&)> take, const char* about) {
  return Option(app_->add_option_function<std::string>(
      name,
      [take = std::move(take)](const std::string& text) {
        if (const std::string wrong = take(text); !wrong.empty()) throw CLI::ValidationError(wrong);
      },
      about));
}

Arguments Arguments::command(const char* name, const char* about) {
  return Arguments(*app_->add_subcommand(name, about));
}
void Arguments::needs_command() { app_->require_subcommand(1); }
void Arguments::footer(const std::string& text) { app_->footer(text); }
void Arguments::when_chosen(std::function<void()> chosen) { app_->callback(std::move(chosen)); }
std::string Arguments::name() const { return app_->get_name(); }
DescribedCommand Arguments::described() const { return described_command(*app_); }

Program::Program(const char* name, const char* about, const std::string& version)
    : app_(std::make_unique<CLI::App>(about, name)) {
  app_->set_version_flag("--version", version);
  app_->require_subcommand(1);
  app_->fallthrough();
  app_->get_formatter()->column_width(34);
}
Program::~Program() = default;

Arguments Program::arguments() { return Arguments(*app_); }

int Program::read(int argc, const char* const* argv) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::Success& wanted) {
    return app_->exit(wanted);
  } catch (const CLI::ParseError& wrong) {
    std::cerr << "ftaudit: error: " << wrong.what() << "\n";
    suggest(argc, argv);
    std::string command;
    for (const CLI::App* sub : app_->get_subcommands()) command = " " + sub->get_name();
    std::cerr << "Try `ftaudit" << command << " --help`.\n";
    return exit_with::usage;
  }
  return -1;
}

std::vector<std::string> Program::given() const {
  std::vector<std::string> out;
  for (const CLI::App* app = app_.get(); app != nullptr;) {
    const std::vector<CLI::App*> chosen = app->get_subcommands();
    for (const CLI::Option* option : app->get_options())
      if (option->count() > 0)
        out.push_back(option->get_lnames().empty() ? option->get_name() : option->get_lnames()[0]);
    app = chosen.empty() ? nullptr : chosen[0];
  }
  return out;
}

int Program::refuse(const std::string& what) const {
  std::string command;
  for (const CLI::App* sub : app_->get_subcommands()) command = " " + sub->get_name();
  std::cerr << "ftaudit: error: " << what << "\nTry `ftaudit" << command << " --help`.\n";
  return exit_with::usage;
}

// A mistyped command or option, with the likeliest one meant.
void Program::suggest(int argc, const char* const* argv) const {
  std::vector<std::string> commands, options;
  const CLI::App* active = app_.get();
  for (const CLI::App* sub : app_->get_subcommands([](const CLI::App*) { return true; })) {
    commands.push_back(sub->get_name());
    if (sub->parsed()) active = sub;
  }
  for (const CLI::App* app : {active, static_cast<const CLI::App*>(app_.get())})
    for (const CLI::Option* option : app->get_options())
      for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--") break;
    const bool is_option = word.starts_with("--");
    const std::string bare = word.substr(0, word.find('='));
    const std::vector<std::string>& known = is_option ? options : commands;
    if ((!is_option && (active != app_.get() || word.starts_with("-"))) ||
        std::find(known.begin(), known.end(), bare) != known.end())
      continue;
    if (const std::string near = closest(bare, known); !near.empty()) std::cerr << "Did you mean `" << near << "`?\n";
  }
}

}  // namespace ftaudit::cli
