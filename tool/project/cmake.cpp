// CMakeLists.txt, read as CMake would on Linux for a free-threaded CPython: variables and lists are computed, functions
// and macros of the project are followed, conditions and generator expressions decided where CMake alone can. What
// stands under a condition that only a machine or a user decides is taken, whichever way it goes.
#include <map>
#include <memory>

#include "base/text.h"
#include "project/cmake_cython.h"
#include "project/cmake_targets.h"
#include "project/description.h"

namespace ftaudit::project {
namespace {

using cmake::Command;
using cmake::is_known;
using cmake::Operand;
using cmake::Words;

constexpr int deepest = 64;
constexpr std::size_t most_steps = 250'000;

class Reader {
 public:
  Reader(const Tree& tree, Description& out, const fs::path& top)
      : tree_(tree), out_(out), top_(top), cython_(tree, variables_), targets_(variables_, cython_, out) {
    variables_.set("CMAKE_SOURCE_DIR", top.parent_path().native());
    variables_.set("PROJECT_SOURCE_DIR", top.parent_path().native());
    // What the build makes stands in the tree as if it were built in place.
    variables_.set("CMAKE_BINARY_DIR", top.parent_path().native());
    variables_.set("PROJECT_BINARY_DIR", top.parent_path().native());
  }

  // A folder's own CMakeLists.txt: its settings go down the tree, not up.
  void folder_file(const fs::path& path) {
    const cmake::Targets::Shared shared = targets_.shared;
    const fs::path outer = std::exchange(folder_, path.parent_path());
    variables_.enter();
    variables_.set("CMAKE_CURRENT_SOURCE_DIR", folder_.native());
    variables_.set("CMAKE_CURRENT_BINARY_DIR", folder_.native());
    file(path);
    variables_.leave();
    folder_ = outer;
    targets_.shared = shared;
  }

  void finish() {
    if (variables_.spent() || steps_ > most_steps)
      out_.notes.push_back(shown_path(top_, tree_.root()) +
                           ": more is made of it than is followed; sources and flags are worked out from the files "
                           "where it ends");
    targets_.finish();
  }

 private:
  std::string absolute(const std::string& path) const { return (folder_ / path).lexically_normal().native(); }

  void file(const fs::path& path) {
    const std::optional<std::string> text = read_build_file(path, out_);
    if (!text || depth_ >= deepest) return;
    const fs::path outer = std::exchange(file_, path);
    const std::string list_dir = variables_.text("CMAKE_CURRENT_LIST_DIR");
    variables_.set("CMAKE_CURRENT_LIST_DIR", path.parent_path().native());
    const std::vector<Command> commands = cmake::commands_of(*text);
    ++depth_;
    run(commands, 0, commands.size());
    --depth_;
    returned_ = false;
    variables_.set("CMAKE_CURRENT_LIST_DIR", list_dir);
    file_ = outer;
  }

  // The index of the command that closes the block which `commands[at]` opens, or `end`.
  static std::size_t end_of_block(const std::vector<Command>& commands, std::size_t at, std::size_t end) {
    const std::string& opening = commands[at].name;
    std::size_t depth = 0;
    for (std::size_t i = at; i < end; ++i) {
      if (commands[i].name == opening) ++depth;
      else if (commands[i].name == "end" + opening && --depth == 0) return i;
    }
    return end;
  }

  void run(const std::vector<Command>& commands, std::size_t from, std::size_t end) {
    if (depth_ > deepest) return;
    for (std::size_t i = from; i < end && !returned_; ++i) {
      if (++steps_ > most_steps || variables_.spent()) return;
      const Command& command = commands[i];
      const bool opens = command.name == "if" || command.name == "foreach" || command.name == "while" ||
                         command.name == "function" || command.name == "macro" || command.name == "block";
      if (!opens) {
        single(command);
        continue;
      }
      const std::size_t close = end_of_block(commands, i, end);
      ++depth_;
      if (command.name == "if") branches(commands, i, close);
      else if (command.name == "foreach") each(commands, i, close);
      else if (command.name == "function" || command.name == "macro") define(commands, i, close);
      else run(commands, i + 1, close);
      --depth_;
      i = close;
    }
  }

  void branches(const std::vector<Command>& commands, std::size_t at, std::size_t close) {
    std::optional<bool> taken = false;  // whether a branch before this one was
    const std::size_t doubt = in_doubt_;
    for (std::size_t i = at; i < close;) {
      std::size_t next = i + 1, depth = 0;
      for (; next < close; ++next) {
        if (commands[next].name == "if") ++depth;
        else if (commands[next].name == "endif" && depth > 0) --depth;
        else if (depth == 0 && (commands[next].name == "elseif" || commands[next].name == "else")) break;
      }
      const std::optional<bool> holds = commands[i].name == "else" ? std::optional(true) : decided(commands[i]);
      if (taken != true && holds != false) {
        in_doubt_ += !taken || !holds;
        run(commands, i + 1, next);
        in_doubt_ = doubt;
        if (returned_) return;
      }
      if (holds == true) taken = true;
      else if (!holds && taken != true) taken = std::nullopt;
      i = next;
    }
  }

  std::optional<bool> decided(const Command& command) {
    const cmake::Surroundings around{
        [&](const std::string& name) { return variables_.find(name); },
        [&](const std::string& test, const std::string& what) -> std::optional<bool> {
          std::error_code failed;
          const bool here = (test == "TARGET" && targets_.has(what)) ||
                            ((test == "EXISTS" || test == "IS_DIRECTORY") && is_below(absolute(what), tree_.root()) &&
                             fs::exists(absolute(what), failed)) ||
                            (test == "COMMAND" && functions_.contains(to_lower(what))) || test == "POLICY";
          // What is not here may be somewhere else, or made later.
          return here ? std::optional(true) : std::nullopt;
        }};
    const std::vector<Operand> operands = variables_.expanded(command);
    for (const Operand& operand : operands)
      if (operand.text == "MATCHES") variables_.charge(cmake::Variables::expression);
    return cmake::condition(operands, around);
  }

  void each(const std::vector<Command>& commands, std::size_t at, std::size_t close) {
    const Words words = plain(commands[at]);
    if (words.empty()) return;
    Words values;
    bool lists = false;
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (words[i] == "IN") continue;
      if (words[i] == "LISTS" || words[i] == "ITEMS") lists = words[i] == "LISTS";
      else if (words[i] == "RANGE") return;
      else if (lists)
        for (std::string& one : cmake::elements_of(variables_.text(words[i]))) values.push_back(std::move(one));
      else values.push_back(words[i]);
    }
    for (const std::string& value : values) {
      if (returned_ || steps_ > most_steps || variables_.spent()) return;
      variables_.set(words[0], value);
      run(commands, at + 1, close);
    }
  }

  struct Function {
    Words parameters;
    std::vector<Command> body;
    bool is_macro = false;
    fs::path file;
  };

  void define(const std::vector<Command>& commands, std::size_t at, std::size_t close) {
    const Words words = plain(commands[at]);
    if (words.empty()) return;
    functions_[to_lower(words[0])] = std::make_shared<Function>(Function{
        {words.begin() + 1, words.end()},
        {commands.begin() + static_cast<std::ptrdiff_t>(at) + 1, commands.begin() + static_cast<std::ptrdiff_t>(close)},
        commands[at].name == "macro",
        file_});
  }

  void call(const Function& function, const Words& words) {
    if (depth_ >= deepest) return;
    if (!function.is_macro) variables_.enter();
    for (std::size_t i = 0; i < function.parameters.size(); ++i)
      variables_.set(function.parameters[i], i < words.size() ? words[i] : std::string());
    const std::size_t named = std::min(function.parameters.size(), words.size());
    variables_.set("ARGV", join(words, ";"));
    variables_.set("ARGC", std::to_string(words.size()));
    variables_.set("ARGN", join(std::span(words).subspan(named), ";"));
    for (std::size_t i = 0; i < words.size() && i < 20; ++i) variables_.set("ARGV" + std::to_string(i), words[i]);
    const fs::path outer = std::exchange(file_, function.file);
    ++depth_;
    run(function.body, 0, function.body.size());
    --depth_;
    file_ = outer;
    if (!function.is_macro) variables_.leave(), returned_ = false;
  }

  Words plain(const Command& command) {
    Words out;
    for (Operand& word : variables_.expanded(command)) out.push_back(std::move(word.text));
    return out;
  }

  void single(const Command& command) {
    const std::string& name = command.name;
    if (name == "return") {
      returned_ = in_doubt_ == 0;
      return;
    }
    Words words = plain(command);
    // What a branch sets that may not be taken asks for the limited API of nobody knows which builds.
    if (in_doubt_ > 0 && (name == "set" || name == "list") &&
        std::erase_if(words, [](auto& word) { return word == "USE_SABI" || word.find("Py_LIMITED_API") != word.npos; }))
      out_.limited_api.push_back({file_, command.line, "USE_SABI", true});
    if (const auto own = functions_.find(name); own != functions_.end()) {
      const std::shared_ptr<const Function> function = own->second;  // it may define itself anew
      return call(*function, words);
    }
    if (words.empty() || variables_.compute(name, words, folder_.native())) return;
    if (name == "project") {
      if (out_.name.empty() && folder_ == tree_.root()) out_.name = words[0];
      variables_.set("PROJECT_SOURCE_DIR", folder_.native());
      variables_.set("PROJECT_BINARY_DIR", folder_.native());
      variables_.set("PROJECT_NAME", words[0]);
    } else if (name == "file") {
      files(words);
    } else if (name == "add_subdirectory") {
      if (const fs::path path = absolute(words[0] + "/CMakeLists.txt"); tree_.has(path.native())) folder_file(path);
    } else if (name == "include") {
      include(words[0]);
    } else if (name == "find_path" || name == "find_library" || name == "find_program" || name == "find_file") {
      variables_.set(words[0], std::string(1, cmake::unknown_mark));
    } else if (!cython_.apply(name, words, folder_)) {
      targets_.apply(name, words, {file_, folder_, command.line, in_doubt_ > 0});
    }
  }

  void include(const std::string& what) {
    Words places{absolute(what)};
    for (const std::string& folder : cmake::elements_of(variables_.text("CMAKE_MODULE_PATH")))
      places.push_back((fs::path(folder) / (what + ".cmake")).lexically_normal().native());
    for (const std::string& place : places)
      if (is_known(place) && tree_.has(place)) return file(place);
  }

  // file(GLOB found [RELATIVE folder] pattern...); what else file() reads or makes is not known.
  void files(const Words& words) {
    if (words.size() < 3) return;
    if (words[0] == "READ") return variables_.set(words[2], std::string(1, cmake::unknown_mark));
    if (words[0] == "STRINGS") return variables_.set(words[2], std::string(1, cmake::unknown_mark));
    if (!words[0].starts_with("GLOB")) return;
    Words found;
    std::string relative;
    for (std::size_t i = 2; i < words.size(); ++i) {
      if (words[i] == "RELATIVE" && i + 1 < words.size()) {
        relative = absolute(words[++i]);
        continue;
      }
      if (words[i] == "CONFIGURE_DEPENDS" || !is_known(words[i])) continue;
      const fs::path pattern = absolute(words[i]);
      const bool deep = words[0] == "GLOB_RECURSE";
      for (const fs::path& path : tree_.files())
        if (glob_match(pattern.filename().native(), path.filename().native()) &&
            (deep ? is_below(path, pattern.parent_path())
                  : glob_match(pattern.parent_path().native(), path.parent_path().native())))
          found.push_back(relative.empty() ? path.native() : path.lexically_relative(relative).native());
    }
    variables_.set(words[1], join(found, ";"));
  }

  const Tree& tree_;
  Description& out_;
  fs::path top_, file_, folder_;  // the file being read; the folder that its relative paths start at
  cmake::Variables variables_;
  cmake::CythonSteps cython_;
  cmake::Targets targets_;
  std::map<std::string, std::shared_ptr<const Function>> functions_;  // by name in lower case
  int depth_ = 0;
  std::size_t steps_ = 0, in_doubt_ = 0;  // conditions around this place that could not be decided
  bool returned_ = false;
};

}  // namespace

void read_cmake(const fs::path& file, const Tree& tree, Description& out) {
  Reader reader(tree, out, file);
  reader.folder_file(file);
  reader.finish();
}

}  // namespace ftaudit::project
