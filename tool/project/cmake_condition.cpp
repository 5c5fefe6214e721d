#include "project/cmake_condition.h"

#include <regex.h>
#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace ftaudit::project::cmake {
namespace {

using Truth = std::optional<bool>;

constexpr int deepest = 64;

bool is_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return !text.empty() && error == std::errc() && end == text.data() + text.size();
}

double number_of(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool is_true_constant(const std::string& text) {
  const std::string lower = to_lower(text);
  return lower == "on" || lower == "yes" || lower == "true" || lower == "y" ||
         (is_number(text) && number_of(text) != 0);
}

bool is_false_constant(const std::string& text) {
  const std::string lower = to_lower(text);
  return text.empty() || lower == "off" || lower == "no" || lower == "false" || lower == "n" || lower == "ignore" ||
         lower == "notfound" || lower.ends_with("-notfound") || (is_number(text) && number_of(text) == 0);
}

bool is_unary(const std::string& word) {
  static constexpr std::array<std::string_view, 10> names{"DEFINED",     "TARGET",     "EXISTS",       "COMMAND",
                                                          "POLICY",      "TEST",       "IS_DIRECTORY", "IS_SYMLINK",
                                                          "IS_ABSOLUTE", "IS_READABLE"};
  return std::ranges::find(names, word) != names.end();
}

bool is_binary(const std::string& word) {
  static constexpr std::array<std::string_view, 19> names{"STREQUAL",
                                                          "STRLESS",
                                                          "STRGREATER",
                                                          "STRLESS_EQUAL",
                                                          "STRGREATER_EQUAL",
                                                          "EQUAL",
                                                          "LESS",
                                                          "GREATER",
                                                          "LESS_EQUAL",
                                                          "GREATER_EQUAL",
                                                          "VERSION_EQUAL",
                                                          "VERSION_LESS",
                                                          "VERSION_GREATER",
                                                          "MATCHES",
                                                          "IN_LIST",
                                                          "VERSION_LESS_EQUAL",
                                                          "VERSION_GREATER_EQUAL",
                                                          "PATH_EQUAL",
                                                          "IS_NEWER_THAN"};
  return std::ranges::find(names, word) != names.end();
}

// How `order` (-1, 0, 1) answers an operator that ends in these words.
bool ordered(int order, std::string_view name) {
  if (name.ends_with("LESS_EQUAL")) return order <= 0;
  if (name.ends_with("GREATER_EQUAL")) return order >= 0;
  if (name.ends_with("LESS")) return order < 0;
  if (name.ends_with("GREATER")) return order > 0;
  return order == 0;
}

Truth compared(const std::string& a, const std::string& name, const std::string& b) {
  if (name.starts_with("STR") || name == "PATH_EQUAL") {
    const int order = a.compare(b);
    return ordered(order < 0 ? -1 : order > 0, name);
  }
  if (name.starts_with("VERSION_")) return ordered(compare_versions(a, b), name);
  if (name == "MATCHES") return found_in(b, a);
  if (name == "IS_NEWER_THAN") return std::nullopt;
  if (!is_number(a) || !is_number(b)) return false;
  const double x = number_of(a), y = number_of(b);
  return ordered(x < y ? -1 : x > y, name);
}

// Parentheses, then tests of one word, comparisons, NOT, AND, OR, as CMake's manual orders them.
class Decision {
 public:
  Decision(const std::vector<Operand>& words, const Surroundings& around) : words_(words), around_(around) {}

  Truth whole() {
    const Truth out = any();
    return at_ == words_.size() ? out : std::nullopt;
  }

 private:
  bool is(const char* keyword) const {
    return at_ < words_.size() && !words_[at_].quoted && words_[at_].text == keyword;
  }

  Truth any() {
    Truth out = all();
    while (is("OR")) {
      ++at_;
      const Truth right = all();
      if (out == true || right == true) out = true;
      else if (!out || !right) out = std::nullopt;
    }
    return out;
  }

  Truth all() {
    Truth out = one();
    while (is("AND")) {
      ++at_;
      const Truth right = one();
      if (out == false || right == false) out = false;
      else if (!out || !right) out = std::nullopt;
    }
    return out;
  }

  Truth one() {
    if (++depth_ > deepest || at_ >= words_.size()) return at_ = words_.size() + 1, std::nullopt;
    Truth out;
    if (is("NOT")) {
      ++at_;
      out = one();
      if (out) out = !*out;
    } else if (is("(")) {
      ++at_;
      out = any();
      if (is(")")) ++at_;
    } else {
      out = test();
    }
    --depth_;
    return out;
  }

  Truth test() {
    const Operand& first = words_[at_];
    if (!first.quoted && is_unary(first.text) && at_ + 1 < words_.size() && !is_comparison(at_ + 1)) {
      const Operand& what = words_[at_ + 1];
      at_ += 2;
      if (!is_known(what.text)) return std::nullopt;
      if (first.text == "DEFINED") return around_.variable(what.text) != nullptr ? Truth(true) : std::nullopt;
      return around_.test(first.text, what.text);
    }
    if (is_comparison(at_ + 1) && at_ + 2 < words_.size()) {
      const std::string name = words_[at_ + 1].text;
      const std::optional<std::string> left = value(first), right = value(words_[at_ + 2], true);
      const Operand& list = words_[at_ + 2];
      at_ += 3;
      if (name == "IN_LIST") return in_list(left, list);
      if (!left || !right) return std::nullopt;
      return compared(*left, name, *right);
    }
    ++at_;
    return truth(first);
  }

  bool is_comparison(std::size_t at) const {
    return at < words_.size() && !words_[at].quoted && is_binary(words_[at].text);
  }

  Truth truth(const Operand& word) const {
    if (!is_known(word.text)) return std::nullopt;
    if (is_true_constant(word.text)) return true;
    if (word.quoted || is_false_constant(word.text)) return false;
    const std::string* value = around_.variable(word.text);
    if (value == nullptr || !is_known(*value)) return std::nullopt;
    return !is_false_constant(*value);
  }

  // Of an operand of a comparison: the variable it names, else the word itself. A name that nobody set may be set by
  // what is not read here; on the right it is more often a word.
  std::optional<std::string> value(const Operand& word, bool right = false) const {
    if (!is_known(word.text)) return std::nullopt;
    if (word.quoted) return word.text;
    if (const std::string* value = around_.variable(word.text))
      return is_known(*value) ? std::optional(*value) : std::nullopt;
    const bool name =
        !word.text.empty() && (std::isalpha(static_cast<unsigned char>(word.text[0])) != 0 || word.text[0] == '_');
    if (word.written && name && !right) return std::nullopt;
    return word.text;
  }

  Truth in_list(const std::optional<std::string>& item, const Operand& list) const {
    const std::string* items = is_known(list.text) ? around_.variable(list.text) : nullptr;
    if (!item || items == nullptr) return std::nullopt;
    for (const std::string& one : split(*items, ';'))
      if (one == *item) return true;
    return is_known(*items) ? Truth(false) : std::nullopt;
  }

  const std::vector<Operand>& words_;
  const Surroundings& around_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

std::string of_truth(Truth truth) { return truth ? *truth ? "1" : "0" : std::string(1, unknown_mark); }

// Parts of a generator expression's text between `separator`s outside of inner ones.
std::vector<std::string> outer_parts(std::string_view text, char separator, std::size_t most = 1'000) {
  std::vector<std::string> out(1);
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 2) == "$<") ++depth;
    else if (text[i] == '>' && depth > 0) --depth;
    if (text[i] == separator && depth == 0 && out.size() < most) out.emplace_back();
    else out.back() += text[i];
  }
  return out;
}

bool names_any(const std::vector<std::string>& list, std::initializer_list<std::string_view> names) {
  return std::ranges::any_of(list,
                             [&](const std::string& one) { return std::ranges::find(names, one) != names.end(); });
}

std::string generated(std::string_view text, int depth);

// The value of $<inside>.
std::string expression(std::string_view inside, int depth) {
  const std::vector<std::string> halves = outer_parts(inside, ':', 2);
  const std::string name = generated(halves[0], depth + 1);
  const std::string rest = halves.size() > 1 ? halves[1] : std::string();
  if (name == "0" || name == "INSTALL_INTERFACE") return {};
  if (name == "TARGET_OBJECTS") return "$<TARGET_OBJECTS:" + generated(rest, depth + 1) + ">";
  if (name == "SEMICOLON") return ";";
  if (name == "COMMA") return ",";
  if (name == "ANGLE-R") return ">";
  if (!is_known(name)) return std::string(1, unknown_mark);
  std::vector<std::string> arguments;
  for (const std::string& part : outer_parts(rest, ',')) arguments.push_back(generated(part, depth + 1));
  const std::string all = join(arguments, ",");
  if (name == "1" || name == "BUILD_INTERFACE" || name == "LINK_ONLY" || name == "BUILD_LOCAL_INTERFACE") return all;
  if (name == "CONFIG")
    return of_truth(is_known(all) ? Truth(names_any(arguments, {"Release", "release", "RELEASE"})) : Truth());
  if (name == "PLATFORM_ID") return of_truth(names_any(arguments, {"Linux"}));
  // A list of flags serves both languages; each flag finds the one it is of later.
  if (name == "COMPILE_LANGUAGE") return of_truth(names_any(arguments, {"C", "CXX"}));
  if (name == "C_COMPILER_ID" || name == "CXX_COMPILER_ID") return of_truth(names_any(arguments, {"GNU"}));
  if (name == "COMPILE_LANG_AND_ID" && !arguments.empty())
    return of_truth(names_any({arguments[0]}, {"C", "CXX"}) && names_any(arguments, {"GNU"}));
  if (name == "COMPILE_FEATURES") return "1";
  if (!is_known(all)) return std::string(1, unknown_mark);
  if (name == "BOOL") return of_truth(!is_false_constant(all));
  if (name == "NOT") return of_truth(all == "0");
  if (name == "AND") return of_truth(std::ranges::all_of(arguments, [](auto& one) { return one == "1"; }));
  if (name == "OR") return of_truth(std::ranges::any_of(arguments, [](auto& one) { return one == "1"; }));
  if (name == "IF" && arguments.size() == 3) return arguments[arguments[0] == "1" ? 1 : 2];
  if (name == "STREQUAL" && arguments.size() == 2) return of_truth(arguments[0] == arguments[1]);
  if ((name == "EQUAL" || name.starts_with("VERSION_")) && arguments.size() == 2)
    return of_truth(compared(arguments[0], name, arguments[1]));
  if (name == "IN_LIST" && arguments.size() == 2) {
    const std::vector<std::string> items = split(arguments[1], ';');
    return of_truth(std::ranges::find(items, arguments[0]) != items.end());
  }
  if (name == "LOWER_CASE") return to_lower(all);
  if (name == "JOIN" && arguments.size() == 2) return join(split(arguments[0], ';'), arguments[1]);
  return std::string(1, unknown_mark);
}

std::string generated(std::string_view text, int depth) {
  if (depth > deepest) return std::string(1, unknown_mark);
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text.substr(i, 2) != "$<") {
      out += text[i++];
      continue;
    }
    std::size_t end = i + 2;
    for (int open = 1; end < text.size(); ++end) {
      if (text.substr(end, 2) == "$<") ++open;
      else if (text[end] == '>' && --open == 0) break;
    }
    if (end >= text.size()) return out + unknown_mark;  // never closed
    out += expression(text.substr(i + 2, end - i - 2), depth);
    i = end + 1;
  }
  return out;
}

}  // namespace

bool is_known(std::string_view value) { return value.find(unknown_mark) == std::string_view::npos; }

std::optional<bool> condition(const std::vector<Operand>& words, const Surroundings& around) {
  return Decision(words, around).whole();
}

std::string without_generators(const std::string& text) {
  return text.find("$<") == std::string::npos ? text : generated(text, 0);
}

int compare_versions(std::string_view a, std::string_view b) {
  const std::vector<std::string> left = split(a, '.'), right = split(b, '.');
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const double x = i < left.size() ? number_of(left[i]) : 0, y = i < right.size() ? number_of(right[i]) : 0;
    if (x != y) return x < y ? -1 : 1;
  }
  return 0;
}

std::optional<bool> found_in(const std::string& expression, const std::string& text) {
  // Repetition by number is no part of CMake's language, and what makes a regular expression large.
  if (expression.size() > 200 || text.size() > 10'000 || expression.find_first_of("{\\") != std::string::npos)
    return std::nullopt;
  regex_t compiled;
  if (regcomp(&compiled, expression.c_str(), REG_EXTENDED | REG_NOSUB) != 0) return std::nullopt;
  const bool found = regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
  regfree(&compiled);
  return found;
}

std::vector<std::pair<std::string, std::string>> given_variables() {
  struct utsname host{};
  const std::string machine = ::uname(&host) == 0 ? host.machine : "x86_64";
  const std::string tag = "cpython-314t-" + machine + "-linux-gnu";
  std::vector<std::pair<std::string, std::string>> out{{"UNIX", "1"},
                                                       {"LINUX", "1"},
                                                       {"CMAKE_HOST_UNIX", "1"},
                                                       {"CMAKE_HOST_LINUX", "1"},
                                                       {"CMAKE_SYSTEM_NAME", "Linux"},
                                                       {"CMAKE_HOST_SYSTEM_NAME", "Linux"},
                                                       {"CMAKE_SYSTEM_PROCESSOR", machine},
                                                       {"CMAKE_HOST_SYSTEM_PROCESSOR", machine},
                                                       {"CMAKE_SIZEOF_VOID_P", "8"},
                                                       {"CMAKE_CROSSCOMPILING", "FALSE"},
                                                       {"CMAKE_BUILD_TYPE", "Release"},
                                                       {"CMAKE_VERSION", "3.31.6"},
                                                       {"CMAKE_C_COMPILER_ID", "GNU"},
                                                       {"CMAKE_CXX_COMPILER_ID", "GNU"},
                                                       {"CMAKE_COMPILER_IS_GNUCC", "1"},
                                                       {"CMAKE_COMPILER_IS_GNUCXX", "1"},
                                                       {"CMAKE_C_COMPILER_FRONTEND_VARIANT", "GNU"},
                                                       {"CMAKE_CXX_COMPILER_FRONTEND_VARIANT", "GNU"},
                                                       // scikit-build-core asks for no limited API in such a build.
                                                       {"SKBUILD_SABI_COMPONENT", ""},
                                                       {"SKBUILD_SABI_VERSION", ""},
                                                       {"SKBUILD_SOABI", tag}};
  for (const char* other : {"WIN32", "MSVC", "MSVC_VERSION", "APPLE", "IOS", "MINGW", "MSYS", "CYGWIN", "EMSCRIPTEN",
                            "ANDROID", "BSD", "XCODE", "WASI", "WINDOWS_STORE", "WINCE", "CMAKE_HOST_WIN32",
                            "CMAKE_HOST_APPLE", "CMAKE_OSX_ARCHITECTURES", "CMAKE_GENERATOR_PLATFORM"})
    out.emplace_back(other, "");
  for (const std::string package : {"Python", "Python3"}) {
    out.insert(out.end(), {{package + "_FOUND", "TRUE"},
                           {package + "_VERSION", "3.14.0"},
                           {package + "_VERSION_MAJOR", "3"},
                           {package + "_VERSION_MINOR", "14"},
                           {package + "_INTERPRETER_ID", "Python"},
                           {package + "_SOABI", tag}});
  }
  return out;
}

}  // namespace ftaudit::project::cmake
