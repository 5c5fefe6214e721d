// Arguments: what a command takes on the command line, said once, and where each value goes. What the help, the manual
// page and completions say comes from here, too. CLI11, which reads them, lives behind it, in arguments.cpp alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/command_tree.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace ftaudit::cli {

// One option, for what is left to say of it.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}
  Option& named(const char* type);  // what stands for its value in the help: "FILE"
  Option& one_of(std::vector<std::string> choices, bool in_any_case = false);
  Option& between(unsigned least, unsigned most);
  Option& repeatable();  // one value each time
  Option& list();        // repeatable, or several values between commas
  Option& single();
  Option& required();
  Option& excludes(Option other);

 private:
  CLI::Option* option_;
};

class Arguments {
 public:
  explicit Arguments(CLI::App& app) : app_(&app) {}

  // A name without dashes is a positional. What is named here must outlive the reading.
  Option text(const char* name, std::string& into, const char* about);
  Option texts(const char* name, std::vector<std::string>& into, const char* about);
  Option number(const char* name, unsigned& into, const char* about);
  Option number(const char* name, std::uint64_t& into, const char* about);
  Option number(const char* name, std::function<void(unsigned)> take, const char* about);
  Option flag(const char* name, bool& into, const char* about);
  Option flag(const char* name, std::function<void(int times)> take, const char* about);
  // "90", "90s", "5m", "1h".
  Option time(const char* name, std::chrono::seconds& into, const char* about);
  // `take` says what is wrong with the text, "" if nothing is.
  Option taken(const char* name, std::function<std::string(const std::string&)> take, const char* about);

  Arguments command(const char* name, const char* about);
  // A command below it must be given.
  void needs_command();
  void footer(const std::string& text);
  void when_chosen(std::function<void()> chosen);

  std::string name() const;
  DescribedCommand described() const;

 private:
  CLI::App* app_;
};

// A program's whole command line: described through arguments(), then read.
class Program {
 public:
  Program(const char* name, const char* about, const std::string& version);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  Arguments arguments();

  // -1: go on with what was chosen. Else the exit code: help was printed, or what is wrong.
  int read(int argc, const char* const* argv);
  // The names of the options that the user gave, without dashes.
  std::vector<std::string> given() const;
  // Tells what is wrong with what was given, and gives the exit code.
  int refuse(const std::string& what) const;

 private:
  void suggest(int argc, const char* const* argv) const;
  std::unique_ptr<CLI::App> app_;
};

}  // namespace ftaudit::cli
