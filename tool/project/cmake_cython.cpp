#include "project/cmake_cython.h"

#include <algorithm>
#include <array>

namespace ftaudit::project::cmake {
namespace {

std::string absolute(const std::string& path, const fs::path& folder) {
  return (folder / path).lexically_normal().native();
}

// Words of add_custom_command that begin another part of it.
bool begins_part(const std::string& word) {
  static constexpr std::array<std::string_view, 17> parts{
      "OUTPUT",  "COMMAND", "MAIN_DEPENDENCY", "DEPENDS",  "BYPRODUCTS", "IMPLICIT_DEPENDS", "WORKING_DIRECTORY",
      "COMMENT", "DEPFILE", "JOB_POOL",        "VERBATIM", "APPEND",     "USES_TERMINAL",    "COMMAND_EXPAND_LISTS",
      "CODEGEN", "TARGET",  "JOB_SERVER_AWARE"};
  return std::ranges::find(parts, word) != parts.end();
}

Words part(const Words& words, std::string_view name) {
  Words out;
  bool inside = false;
  for (const std::string& word : words) {
    if (begins_part(word)) inside = word == name;
    else if (inside) out.push_back(word);
  }
  return out;
}

std::string made_name(const std::string& source, bool cxx) {
  return fs::path(source).stem().native() + (cxx ? ".cxx" : ".c");
}

}  // namespace

bool CythonSteps::apply(const std::string& name, const Words& words, const fs::path& folder) {
  if (name == "add_custom_command") custom_command(words, folder);
  else if (name == "cython_transpile") transpile(words, folder);
  else if (name == "add_cython_target") cython_target(words, folder);
  else return false;
  return true;
}

const CythonCommand* CythonSteps::maker_of(const std::string& made) const {
  const auto found = makers_.find(made);
  return found == makers_.end() ? nullptr : &found->second;
}

void CythonSteps::custom_command(const Words& words, const fs::path& folder) {
  const Words outputs = part(words, "OUTPUT");
  const Words command = part(words, "COMMAND");
  if (outputs.empty() || command.empty()) return;
  const bool said = std::ranges::any_of(command, names_cython);
  CythonCommand read = read_cython_command({command.begin() + 1, command.end()});
  // A program that nobody knows makes C of a .pyx: what else can it be.
  if (!is_cython_input(read.source, said)) return;
  const Words place = part(words, "WORKING_DIRECTORY");
  const fs::path from = place.empty() || !is_known(place[0]) ? folder : folder / place[0];
  for (const std::string& output : outputs)
    if (is_source_suffix(fs::path(output).extension().native())) note(absolute(output, folder), read, from);
}

// cython_transpile(m.pyx LANGUAGE C OUTPUT_VARIABLE m_c CYTHON_ARGS ...)
void CythonSteps::transpile(const Words& words, const fs::path& folder) {
  Words arguments;
  std::string variable, output;
  bool cxx = false, own = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const bool more = i + 1 < words.size();
    if (words[i] == "LANGUAGE" && more) cxx = words[++i] == "CXX", own = false;
    else if (words[i] == "OUTPUT_VARIABLE" && more) variable = words[++i], own = false;
    else if (words[i] == "OUTPUT" && more) output = words[++i], own = false;
    else if (words[i] == "CYTHON_ARGS") own = true;
    else if (own) arguments.push_back(words[i]);
  }
  CythonCommand read = read_cython_command(arguments);
  read.source = words[0], read.cxx |= cxx;
  if (output.empty()) output = made_name(read.source, read.cxx);
  const std::string made = absolute(output, folder);
  if (!variable.empty()) variables_.set(variable, made);
  note(made, std::move(read), folder);
}

// add_cython_target(m [m.pyx] [CXX] [OUTPUT_VAR v])
void CythonSteps::cython_target(const Words& words, const fs::path& folder) {
  CythonCommand read{.source = words[0] + ".pyx"};
  std::string variable = words[0];
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i] == "OUTPUT_VAR" && i + 1 < words.size()) variable = words[++i];
    else if (words[i] == "CXX") read.cxx = true;
    else if (is_cython_input(words[i], true)) read.source = words[i];
  }
  const std::string made = absolute(made_name(read.source, read.cxx), folder);
  variables_.set(variable, made);
  note(made, std::move(read), folder);
}

void CythonSteps::note(const std::string& made, CythonCommand command, const fs::path& folder) {
  if (!is_known(command.source)) return;
  command.source = absolute(command.source, folder);
  std::erase_if(command.search, [](const std::string& path) { return !is_known(path); });
  for (std::string& path : command.search) path = absolute(path, folder);
  for (auto* list : {&command.directives, &command.values})
    std::erase_if(*list, [](const std::string& word) { return !is_known(word); });
  if (!is_known(command.module) || command.module.empty()) command.module = package_name(command.source);
  makers_.insert_or_assign(made, std::move(command));
}

// As Cython names what nobody names: from the outermost folder that is a package.
std::string CythonSteps::package_name(const fs::path& source) const {
  std::string out = source.stem().native();
  for (fs::path folder = source.parent_path(); is_below(folder, tree_.root()) && folder != tree_.root();
       folder = folder.parent_path()) {
    const bool is_package = std::ranges::any_of(std::array{".py", ".pyx", ".pxd"}, [&](const char* suffix) {
      return tree_.has((folder / "__init__").native() + suffix);
    });
    if (!is_package) break;
    out = folder.filename().native() + "." + out;
  }
  return out;
}

}  // namespace ftaudit::project::cmake
