#include "project/flags.h"

#include <algorithm>
#include <array>
#include <set>

#include "project/tree.h"

namespace ftaudit::project {
namespace {

// Options whose value is the next word when it is not joined.
constexpr std::array<std::string_view, 27> with_value{
    "-I",      "-D",  "-U",  "-isystem", "-iquote",  "-idirafter",  "-include",       "-imacros", "-x",
    "-o",      "-MF", "-MT", "-MQ",      "-Xlinker", "-Xassembler", "-Xpreprocessor", "-Xclang",  "-arch",
    "-target", "-u",  "-z",  "-T",       "-L",       "-l",          "-framework",     "--param",  "-aux-info"};

// The folder that the flag at `i` (-I and its kin) names, absolute; "" for other flags. `words` is how many it takes.
std::string folder_at(const std::vector<std::string>& flags, const fs::path& base, std::size_t i, std::size_t& words) {
  words = 1;
  for (const std::string_view option : {"-I", "-isystem", "-iquote", "-idirafter"}) {
    std::string_view flag = flags[i];
    if (!flag.starts_with(option)) continue;
    flag.remove_prefix(option.size());
    if (flag.empty() && i + 1 < flags.size()) {
      flag = flags[i + 1];
      words = 2;
    }
    if (flag.empty()) return {};
    std::string folder = (base / flag).lexically_normal().native();
    if (folder.size() > 1 && folder.back() == '/') folder.pop_back();
    return folder;
  }
  return {};
}

}  // namespace

std::vector<std::string> split_command(std::string_view command) {
  std::vector<std::string> words;
  std::string word;
  bool inside = false;  // of a word, which may be empty: ""
  char quote = '\0';
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    if (quote == '\'') {
      if (c == '\'') quote = '\0';
      else word += c;
    } else if (c == '\\' && i + 1 < command.size()) {
      const char next = command[++i];
      if (quote == '"' && next != '"' && next != '\\' && next != '$' && next != '`') word += c;
      if (next != '\n') word += next;
      inside = true;
    } else if (quote == '"') {
      if (c == '"') quote = '\0';
      else word += c;
    } else if (c == '"' || c == '\'') {
      quote = c;
      inside = true;
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      if (inside) words.push_back(std::move(word));
      word.clear();
      inside = false;
    } else {
      word += c;
      inside = true;
    }
  }
  if (inside) words.push_back(std::move(word));
  return words;
}

std::string output_of(std::span<const std::string> words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "-o" && i + 1 < words.size()) return words[i + 1];
    if (words[i].starts_with("-o") && words[i].size() > 2 && !words[i].starts_with("-object"))
      return words[i].substr(2);
  }
  return {};
}

std::vector<std::string> inputs_of(std::span<const std::string> words) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (std::ranges::find(with_value, words[i]) != with_value.end()) ++i;
    else if (!words[i].empty() && words[i][0] != '-') out.push_back(words[i]);
  }
  return out;
}

std::vector<std::string> with_language(std::vector<std::string> flags, std::string_view suffix, bool newer_cxx) {
  // The last -x counts for a compiler, so does it here; Clang wants it before the file.
  std::string language = is_cxx_suffix(suffix) ? "c++" : "c";
  std::vector<std::string> rest;
  bool standard = false;
  for (std::size_t i = 0; i < flags.size(); ++i) {
    if (flags[i] == "-x" && i + 1 < flags.size()) {
      language = flags[++i];
    } else if (flags[i].starts_with("-x")) {
      language = flags[i].substr(2);
    } else {
      rest.push_back(flags[i]);
    }
  }
  // A project's one list of flags often holds the standard of its other language.
  const bool cxx = language == "c++";
  std::erase_if(rest, [&](const std::string& flag) {
    if (!flag.starts_with("-std=")) return false;
    const bool fits = (flag.find("++") != std::string::npos) == cxx;
    standard = standard || fits;
    return !fits;
  });
  // Lists that several targets share come in several times; without -U between, once says it all.
  if (std::ranges::none_of(rest, [](const std::string& flag) { return flag.starts_with("-U"); })) {
    std::set<std::string> seen;
    std::erase_if(rest, [&](const std::string& flag) {
      return (flag.starts_with("-D") || flag.starts_with("-I")) && !seen.insert(flag).second;
    });
  }
  std::vector<std::string> out{"-x", language};
  if (!standard) out.push_back(cxx ? newer_cxx ? "-std=gnu++20" : "-std=gnu++17" : "-std=gnu17");
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

std::vector<std::string> searched_folders(const std::vector<std::string>& flags, const fs::path& base) {
  std::vector<std::string> out;
  for (std::size_t i = 0, words = 1; i < flags.size(); i += words)
    if (std::string folder = folder_at(flags, base, i, words); !folder.empty()) out.push_back(std::move(folder));
  return out;
}

std::vector<std::string> without_interpreter(const std::vector<std::string>& flags, const fs::path& base,
                                             const fs::path& root) {
  std::vector<std::string> out;
  std::error_code failed;
  for (std::size_t i = 0, words = 1; i < flags.size(); i += words) {
    const fs::path folder = folder_at(flags, base, i, words);
    const bool interpreter = !folder.empty() && !is_below(folder, root) &&
                             (fs::exists(folder / "Python.h", failed) || fs::exists(folder / "pyconfig.h", failed));
    if (!interpreter)
      for (std::size_t n = i; n < i + words; ++n) out.push_back(flags[n]);
  }
  return out;
}

}  // namespace ftaudit::project
