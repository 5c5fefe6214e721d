#include <iostream>

#include "cli/command.h"
#include "cli/completion.h"
#include "cli/manual.h"

namespace ftaudit::cli {
namespace {

Chosen to_print(std::string text) {
  return {.run = [text = std::move(text)](const Console&) { return std::cout << text, 0; }};
}

}  // namespace

void add_completion(Arguments& program, const ScanOptions&, const Choose& choose) {
  Arguments command = program.command("completion", "Print what a shell completes ftaudit's arguments with");
  const auto shell = std::make_shared<std::string>();
  command.text("SHELL", *shell, "bash, zsh or fish").required().one_of({"bash", "zsh", "fish"}).named("SHELL");
  command.footer("Example: ftaudit completion bash > ~/.local/share/bash-completion/completions/ftaudit");
  command.when_chosen([=] { choose(to_print(completion(program.described(), *shell))); });
}

void add_manual(Arguments& program, const ScanOptions&, const Choose& choose) {
  program.command("man", "Print the manual page: ftaudit man | man -l -").when_chosen([=] {
    choose(to_print(manual(program.described())));
  });
}

}  // namespace ftaudit::cli
