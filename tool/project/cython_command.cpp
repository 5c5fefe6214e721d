#include "project/cython_command.h"

#include "base/files.h"
#include "base/text.h"

namespace ftaudit::project {
namespace {

struct Option {
  std::string_view letter, word;  // "-X", "--directive"
  std::vector<std::string> CythonCommand::* list = nullptr;
};

const Option takers[] = {{"-X", "--directive", &CythonCommand::directives},
                         {"-E", "--compile-time-env", &CythonCommand::values},
                         {"-I", "--include-dir", &CythonCommand::search},
                         {"-o", "--output-file"},
                         {"-w", "--working"},
                         {"-z", "--pre-import"},
                         {"", "--module-name"},
                         {"", "--embed"}};

}  // namespace

CythonCommand read_cython_command(const std::vector<std::string>& words) {
  CythonCommand out;
  const auto take = [&](const Option& option, const std::string& value) {
    if (option.word == "--module-name") out.module = value;
    if (option.list == nullptr) return;
    // "-X a=1,b=2" sets two; a folder is one.
    const bool several = option.list != &CythonCommand::search;
    for (std::string& one : several ? split(value, ',') : std::vector<std::string>{value})
      if (!one.empty()) (out.*option.list).push_back(std::move(one));
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "-+" || word == "--cplus") out.cxx = true;
    if (!word.starts_with("-")) {
      if (is_cython_input(word, true)) out.source = word;
      continue;
    }
    for (const Option& option : takers) {
      if (word == option.word && option.word == "--embed") break;  // its value is optional, and after "="
      if ((!option.letter.empty() && word == option.letter) || word == option.word) {
        if (i + 1 < words.size()) take(option, words[++i]);
        break;
      }
      if (word.starts_with(std::string(option.word) + "=")) {
        take(option, word.substr(option.word.size() + 1));
        break;
      }
      if (!option.letter.empty() && word.starts_with(option.letter) && !word.starts_with("--")) {
        take(option, word.substr(2));
        break;
      }
    }
  }
  return out;
}

bool names_cython(const std::string& word) {
  const std::string name = to_lower(word.substr(word.find_last_of("/:") + 1));
  return name == "cython" || name == "cython3" || name == "-mcython" || name == "cython.exe";
}

bool is_cython_input(const std::string& path, bool python_too) {
  return path.ends_with(".pyx") || (python_too && path.ends_with(".py"));
}

}  // namespace ftaudit::project
