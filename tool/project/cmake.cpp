// CMakeLists.txt, read as commands with literal arguments and variables that were set to literals. Conditions other
// than the platform's are not decided: what stands under them is taken. Functions and macros of the project are not
// expanded.
#include <algorithm>
#include <cctype>
#include <cstring>
#include <map>
#include <set>

#include "base/text.h"
#include "project/description.h"

namespace ftaudit::project {
namespace {

using Words = std::vector<std::string>;

struct Command {
  std::string name;  // lower case
  Words arguments;   // variables not yet replaced
  std::vector<bool> quoted;
  unsigned line = 0;
};

std::vector<Command> commands_of(std::string_view text) {
  std::vector<Command> out;
  unsigned line = 1;
  std::size_t i = 0;
  // "[[...]]" and "[=[...]=]"; 0 when there is none at `at`.
  const auto bracket_end = [&](std::size_t at, std::size_t& begin) -> std::size_t {
    std::size_t equals = at + 1;
    while (equals < text.size() && text[equals] == '=') ++equals;
    if (equals >= text.size() || text[equals] != '[') return 0;
    const std::string closing = "]" + std::string(equals - at - 1, '=') + "]";
    begin = equals + 1;
    return std::min(text.find(closing, begin), text.size());
  };
  const auto skip_comment = [&] {
    std::size_t begin = 0;
    if (i + 1 < text.size() && text[i + 1] == '[')
      if (const std::size_t end = bracket_end(i + 1, begin); end != 0) {
        line += static_cast<unsigned>(std::count(text.begin() + i, text.begin() + end, '\n'));
        i = std::min(text.find(']', end + 1), text.size() - 1) + 1;
        return;
      }
    while (i < text.size() && text[i] != '\n') ++i;
  };
  while (i < text.size()) {
    const char c = text[i];
    if (c == '\n') ++line;
    if (c == '#') {
      skip_comment();
      continue;
    }
    if (!std::isalpha(static_cast<unsigned char>(c)) && c != '_') {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_')) ++end;
    Command command{.name = to_lower(text.substr(i, end - i)), .line = line};
    i = end;
    while (i < text.size() && (text[i] == ' ' || text[i] == '\t')) ++i;
    if (i >= text.size() || text[i] != '(') continue;
    int depth = 1;
    for (++i; i < text.size() && depth > 0;) {
      const char a = text[i];
      std::size_t begin = 0;
      if (a == '\n') ++line;
      if (std::isspace(static_cast<unsigned char>(a)) || a == ';') {
        ++i;
      } else if (a == '#') {
        skip_comment();
      } else if (a == '(' || a == ')') {
        depth += a == '(' ? 1 : -1;
        ++i;
      } else if (a == '"') {
        std::string word;
        for (++i; i < text.size() && text[i] != '"'; ++i) {
          if (text[i] == '\n') ++line;
          if (text[i] == '\\' && i + 1 < text.size()) ++i;
          word += text[i];
        }
        if (i < text.size()) ++i;
        command.arguments.push_back(std::move(word));
        command.quoted.push_back(true);
      } else if (const std::size_t close = a == '[' ? bracket_end(i, begin) : 0; close != 0) {
        command.arguments.emplace_back(text.substr(begin, close - begin));
        command.quoted.push_back(true);
        line += static_cast<unsigned>(std::count(text.begin() + begin, text.begin() + close, '\n'));
        i = std::min(text.find(']', close + 1), text.size() - 1) + 1;
      } else {
        const std::size_t start = i;
        while (i < text.size() && !std::isspace(static_cast<unsigned char>(text[i])) && !std::strchr("();#", text[i])) {
          if (text[i] == '"') i = std::min(text.find('"', i + 1), text.size() - 1);  // -DX="y z"
          ++i;
        }
        if (i == start) ++i;
        command.arguments.emplace_back(text.substr(start, i - start));
        command.quoted.push_back(false);
      }
    }
    out.push_back(std::move(command));
  }
  return out;
}

struct CMakeTarget {
  Target target;
  Words linked;
};

class Reader {
 public:
  Reader(const Tree& tree, Description& out, fs::path top) : tree_(tree), out_(out), top_(std::move(top)) {}

  void file(const fs::path& path) {
    const std::optional<std::string> text = read_build_file(path, out_);
    if (!text) return;
    const fs::path outer = std::exchange(file_, path);
    // Folder-wide settings go down the tree, not up.
    const Words dirs = dirs_, flags = flags_;
    const auto variables = variables_;
    variables_["CMAKE_CURRENT_SOURCE_DIR"] = variables_["CMAKE_CURRENT_LIST_DIR"] = {path.parent_path().native()};
    std::vector<bool> taken;  // of the conditions around this place
    for (const Command& command : commands_of(*text)) {
      if (command.name == "if") taken.push_back(!is_elsewhere(command));
      else if ((command.name == "elseif" || command.name == "else") && !taken.empty())
        taken.back() = command.name == "else" || !is_elsewhere(command);
      else if (command.name == "endif" && !taken.empty()) taken.pop_back();
      else if (std::ranges::find(taken, false) == taken.end()) run(command);
    }
    file_ = outer;
    if (!outer.empty()) dirs_ = dirs, flags_ = flags, variables_ = variables;
  }

  void finish() {
    // What is linked into a module is that module's, transitively.
    for (const std::string& name : order_) {
      const CMakeTarget& module = targets_.at(name);
      if (!module.target.is_module) continue;
      std::set<std::string> reached{name};
      Words pending = module.linked;
      while (!pending.empty()) {
        const std::string linked = std::move(pending.back());
        pending.pop_back();
        const auto found = targets_.find(linked);
        if (found == targets_.end() || !reached.insert(linked).second || found->second.target.is_module) continue;
        Target part = found->second.target;
        part.module = module.target.module;
        part.is_module = true;
        out_.targets.push_back(std::move(part));
        pending.insert(pending.end(), found->second.linked.begin(), found->second.linked.end());
      }
    }
    for (const std::string& name : order_) out_.targets.push_back(std::move(targets_.at(name).target));
  }

 private:
  fs::path folder() const { return file_.parent_path(); }
  std::string absolute(const std::string& path) const { return (folder() / path).lexically_normal().native(); }

  // Whether a condition is of another platform than Linux with a free-threaded CPython.
  static bool is_elsewhere(const Command& command) {
    const Words& words = command.arguments;
    if (words.size() == 1)
      return words[0] == "WIN32" || words[0] == "MSVC" || words[0] == "APPLE" || words[0] == "MINGW" ||
             words[0] == "CYGWIN" || words[0] == "EMSCRIPTEN" || words[0] == "FALSE" || words[0] == "OFF" ||
             words[0] == "0";
    return words.size() == 2 && words[0] == "NOT" && (words[1] == "UNIX" || words[1] == "TRUE" || words[1] == "ON");
  }

  // ${X} replaced; an unquoted argument that is only ${X} gives X's list.
  Words expanded(const Command& command, std::size_t from = 0) const {
    Words out;
    for (std::size_t i = from; i < command.arguments.size(); ++i) {
      const std::string text = replaced(command.arguments[i], 0);
      if (command.quoted[i]) out.push_back(text);
      else
        for (std::string& part : split(text, ';'))
          if (!part.empty()) out.push_back(std::move(part));
      if (out.size() > 50'000) break;
    }
    return out;
  }

  std::string replaced(const std::string& text, int depth) const {
    std::string out;
    for (std::size_t i = 0; i < text.size() && out.size() < 1'000'000; ++i) {
      const std::size_t close = text.compare(i, 2, "${") == 0 ? text.find('}', i) : std::string::npos;
      if (close == std::string::npos || depth > 5) {
        out += text[i];
        continue;
      }
      const auto found = variables_.find(text.substr(i + 2, close - i - 2));
      if (found != variables_.end()) out += join(found->second, ";");
      i = close;
    }
    return out;
  }

  static bool is_scope(const std::string& word) {
    return word == "PRIVATE" || word == "PUBLIC" || word == "INTERFACE" || word == "SYSTEM" || word == "BEFORE" ||
           word == "AFTER";
  }

  // A value with what CMake alone can know in it: generator expressions, variables nobody set.
  static bool is_literal(const std::string& word) { return word.find("$<") == std::string::npos; }

  void add_sources(CMakeTarget& to, const Words& words, std::size_t from) const {
    for (std::size_t i = from; i < words.size(); ++i)
      if (is_literal(words[i]) && is_source_suffix(fs::path(words[i]).extension().native()))
        to.target.sources.push_back(absolute(words[i]));
  }

  static std::string define(std::string word) { return word.starts_with("-D") ? word : "-D" + word; }

  CMakeTarget& target(const std::string& name) {
    const auto [entry, fresh] = targets_.try_emplace(name);
    if (fresh) order_.push_back(name);
    return entry->second;
  }

  void add_target(const Command& command, const Words& words, bool is_module) {
    if (words.empty()) return;
    CMakeTarget& made = target(words[0]);
    made.target.is_module = made.target.is_module || is_module;
    if (is_module) made.target.module = words[0];
    made.target.described = file_;
    made.target.line = command.line;
    add_sources(made, words, 1);
    made.target.include_dirs.insert(made.target.include_dirs.end(), dirs_.begin(), dirs_.end());
    made.target.flags.insert(made.target.flags.end(), flags_.begin(), flags_.end());
    if (variables_.contains("CMAKE_CXX_STANDARD"))
      made.target.flags.push_back("-std=gnu++" + join(variables_.at("CMAKE_CXX_STANDARD"), ""));
    if (variables_.contains("CMAKE_C_STANDARD"))
      made.target.flags.push_back("-std=gnu" + join(variables_.at("CMAKE_C_STANDARD"), ""));
    for (const std::string& word : words) {
      if (word == "FREE_THREADED") made.target.flags.push_back("-DNB_FREE_THREADED");
    }
  }

  void run(const Command& command) {
    const std::string& name = command.name;
    const Words words = expanded(command);
    if (words.empty()) return;
    if (name == "project" && out_.name.empty() && folder() == tree_.root()) out_.name = words[0];
    if (name == "project") variables_["PROJECT_SOURCE_DIR"] = {folder().native()};
    if (name == "set") set_variable(words);
    else if (name == "list") change_list(words);
    else if (name == "file") glob(words);
    else if (name == "add_subdirectory") {
      const fs::path path = absolute(words[0] + "/CMakeLists.txt");
      if (tree_.has(path.native())) file(path);
    } else if (name == "include_directories") {
      for (const std::string& word : words)
        if (!is_scope(word) && is_literal(word)) dirs_.push_back(absolute(word));
    } else if (name == "add_definitions" || name == "add_compile_options") {
      for (const std::string& word : words)
        if (is_literal(word) && word.starts_with("-")) flags_.push_back(word);
    } else if (name == "add_compile_definitions") {
      for (const std::string& word : words)
        if (is_literal(word)) flags_.push_back(define(word));
    } else if (name == "pybind11_add_module" || name == "nanobind_add_module" || name == "python_add_library" ||
               name == "python3_add_library" || name == "python_add_module" || name == "add_python_module") {
      add_target(command, words, true);
    } else if (name == "add_library") {
      if (words.size() > 1 && words[1] != "ALIAS" && words[1] != "INTERFACE" && words[1] != "IMPORTED")
        add_target(command, words, false);
      else if (words.size() > 2 && words[1] == "ALIAS") target(words[0]).linked.push_back(words[2]);
    } else if (name.starts_with("target_")) {
      change_target(name, words);
    } else if (name == "set_target_properties") {
      set_properties(words);
    }
  }

  void set_variable(const Words& words) {
    Words value(words.begin() + 1, words.end());
    for (std::size_t i = 0; i < value.size(); ++i)
      if (value[i] == "CACHE" || value[i] == "PARENT_SCOPE") value.resize(i);
    std::size_t size = 0;
    for (const std::string& word : value) size += word.size();
    if (size < 1'000'000) variables_[words[0]] = std::move(value);
  }

  void change_list(const Words& words) {
    if (words.size() < 3 || (words[0] != "APPEND" && words[0] != "PREPEND")) return;
    Words& list = variables_[words[1]];
    if (list.size() < 50'000) list.insert(list.end(), words.begin() + 2, words.end());
  }

  void glob(const Words& words) {
    if (words.size() < 3 || !words[0].starts_with("GLOB")) return;
    Words& found = variables_[words[1]];
    found.clear();
    for (std::size_t i = 2; i < words.size(); ++i) {
      if (words[i] == "RELATIVE") {
        ++i;
        continue;
      }
      if (words[i] == "CONFIGURE_DEPENDS") continue;
      const fs::path pattern = absolute(words[i]);
      const bool deep = words[0] == "GLOB_RECURSE";
      for (const fs::path& path : tree_.files())
        if (glob_match(pattern.filename().native(), path.filename().native()) &&
            (deep ? is_below(path, pattern.parent_path())
                  : glob_match(pattern.parent_path().native(), path.parent_path().native())))
          found.push_back(path.native());
    }
  }

  void change_target(const std::string& name, const Words& words) {
    CMakeTarget& changed = target(words[0]);
    Target& to = changed.target;
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::string& word = words[i];
      if (is_scope(word) || !is_literal(word)) continue;
      if (name == "target_include_directories") to.include_dirs.push_back(absolute(word));
      else if (name == "target_compile_definitions") to.flags.push_back(define(word));
      else if (name == "target_compile_options") to.flags.push_back(word);
      else if (name == "target_link_libraries") changed.linked.push_back(word);
      else if (name == "target_sources") add_sources(changed, {word}, 0);
      else if (name == "target_compile_features" && word.starts_with("cxx_std_"))
        to.flags.push_back("-std=gnu++" + word.substr(8));
      else if (name == "target_compile_features" && word.starts_with("c_std_"))
        to.flags.push_back("-std=gnu" + word.substr(6));
    }
  }

  // set_target_properties(a b PROPERTIES OUTPUT_NAME x CXX_STANDARD 20)
  void set_properties(const Words& words) {
    const auto at = static_cast<std::size_t>(std::ranges::find(words, "PROPERTIES") - words.begin());
    for (std::size_t t = 0; t < at && t < words.size(); ++t) {
      const auto found = targets_.find(words[t]);
      if (found == targets_.end()) continue;
      Target& to = found->second.target;
      for (std::size_t i = at + 1; i + 1 < words.size(); i += 2) {
        if (words[i] == "OUTPUT_NAME" && to.is_module && is_literal(words[i + 1])) to.module = words[i + 1];
        if (words[i] == "CXX_STANDARD") to.flags.push_back("-std=gnu++" + words[i + 1]);
        if (words[i] == "C_STANDARD") to.flags.push_back("-std=gnu" + words[i + 1]);
      }
    }
  }

  const Tree& tree_;
  Description& out_;
  fs::path top_, file_;
  std::map<std::string, Words> variables_{{"CMAKE_SOURCE_DIR", {top_.native()}},
                                          {"PROJECT_SOURCE_DIR", {top_.native()}}};
  Words dirs_, flags_;
  std::map<std::string, CMakeTarget> targets_;
  std::vector<std::string> order_;
};

}  // namespace

void read_cmake(const fs::path& file, const Tree& tree, Description& out) {
  Reader reader(tree, out, file.parent_path());
  reader.file(file);
  reader.finish();
}

}  // namespace ftaudit::project
