#include <CLI/CLI.hpp>

#include "cli/completion.h"
#include "cli/manual.h"
#include "cli/subcommands.h"

namespace ftaudit::cli {
namespace {

DescribedOption described(const CLI::Option& option) {
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

DescribedCommand described(const CLI::App& app) {
  DescribedCommand out{.name = app.get_name(), .about = app.get_description(), .footer = app.get_footer()};
  for (const CLI::Option* option : app.get_options()) out.options.push_back(described(*option));
  for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; }))
    out.commands.push_back(described(*child));
  return out;
}

}  // namespace

void add_manual(CLI::App& app, std::function<void(std::string text)> chosen) {
  CLI::App* shells = app.add_subcommand("completion", "Print what a shell completes ftaudit's arguments with");
  const auto shell = std::make_shared<std::string>();
  shells->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->type_name("SHELL");
  shells->footer("Example: ftaudit completion bash > ~/.local/share/bash-completion/completions/ftaudit");
  shells->callback([&app, shell, chosen] { chosen(completion(described(app), *shell)); });
  app.add_subcommand("man", "Print the manual page: ftaudit man | man -l -")->callback([&app, chosen] {
    chosen(manual(described(app)));
  });
}

}  // namespace ftaudit::cli
