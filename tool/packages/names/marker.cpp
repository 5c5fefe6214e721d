// Markers: "python_version >= '3.10' and (os_name == 'nt' or extra == 'x')". The grammar and the comparisons are those
// of PEP 508 as `packaging` carries them out.
#include <algorithm>

#include "base/text.h"
#include "packages/names/name.h"
#include "packages/names/requirement.h"

namespace ftaudit::packages {
namespace {

struct Operand {
  bool variable = false;
  std::string text;
};

constexpr std::string_view variables[] = {"python_full_version",
                                          "python_version",
                                          "python_implementation",
                                          "platform_python_implementation",
                                          "platform.python_implementation",
                                          "os_name",
                                          "os.name",
                                          "sys_platform",
                                          "sys.platform",
                                          "platform_release",
                                          "platform_system",
                                          "platform_version",
                                          "platform.version",
                                          "platform_machine",
                                          "platform.machine",
                                          "implementation_name",
                                          "implementation_version",
                                          "extras",
                                          "extra",
                                          "dependency_groups"};

constexpr std::string_view compared_as_versions[] = {"implementation_version", "platform_release",
                                                     "python_full_version", "python_version"};

bool is_set(std::string_view variable) { return variable == "extras" || variable == "dependency_groups"; }

}  // namespace

struct Marker::Node {
  enum class Kind { comparison, all, any } kind = Kind::comparison;
  std::vector<Node> parts;
  Operand left, right;
  std::string op;

  bool holds(const Environment& environment, std::span<const std::string> extras) const;

 private:
  bool compare(const Environment& environment, std::span<const std::string> extras) const;
};

bool Marker::Node::holds(const Environment& environment, std::span<const std::string> extras) const {
  auto one = [&](const Node& part) { return part.holds(environment, extras); };
  switch (kind) {
    case Kind::all: return std::ranges::all_of(parts, one);
    case Kind::any: return std::ranges::any_of(parts, one);
    case Kind::comparison: return compare(environment, extras);
  }
  return true;
}

namespace {

bool compare_texts(const std::string& left, const std::string& op, const std::string& right) {
  if (op == "in") return right.find(left) != std::string::npos;
  if (op == "not in") return right.find(left) == std::string::npos;
  if (op == "==" || op == "<=" || op == ">=" || op == "===") return left == right;
  if (op == "!=") return left != right;
  // "<" and ">" between texts are false by the specification; "~=" is undefined there, and so keeps nothing out.
  return op == "~=";
}

bool extra_among(const std::string& name, std::span<const std::string> extras) {
  return std::ranges::any_of(extras, [&](const std::string& extra) { return normal_name(extra) == normal_name(name); });
}

}  // namespace

bool Marker::Node::compare(const Environment& environment, std::span<const std::string> extras) const {
  const std::string& key = left.variable ? left.text : right.text;
  const std::string& literal = left.variable ? right.text : left.text;
  if (is_set(key)) return extra_among(literal, extras) == (op != "not in" && op != "!=");
  if (key == "extra") {
    const bool wanted = literal.empty() ? extras.empty() : extra_among(literal, extras);
    if (op == "==" || op == "===") return wanted;
    if (op == "!=") return !wanted;
    const std::vector<std::string> none{""};
    const bool negated = op == "not in";
    auto found = [&](const std::string& extra) {
      const std::string name = normal_name(extra), other = normal_name(literal);
      return left.variable ? compare_texts(name, negated ? "in" : op, other)
                           : compare_texts(other, negated ? "in" : op, name);
    };
    return std::ranges::any_of(extras.empty() ? std::span<const std::string>(none) : extras, found) != negated;
  }
  auto value_of = [&](const Operand& operand) {
    if (!operand.variable) return operand.text;
    auto found = environment.find(operand.text);
    return found == environment.end() ? std::string() : found->second;
  };
  const std::string left_value = value_of(left), right_value = value_of(right);
  if (std::ranges::find(compared_as_versions, key) != std::end(compared_as_versions))
    if (auto clause = Specifier::parse(op + right_value)) {
      auto version = Version::parse(left_value);
      if (op == "===") return to_lower(left_value) == to_lower(right_value);
      return version && clause->contains(*version);
    }
  return compare_texts(left_value, op, right_value);
}

namespace {

// Recursive descent; depth is bounded because the text is a stranger's.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Marker::Node> whole() {
    auto node = either();
    if (!node.ok()) return node;
    skip_blanks();
    if (at_ != text_.size()) return expected("\"and\", \"or\" or the end");
    return node;
  }

 private:
  using Kind = Marker::Node::Kind;

  Error expected(std::string_view what) const {
    return Error{"marker \"" + std::string(text_.substr(0, 120)) + "\": expected " + std::string(what) + " at column " +
                 std::to_string(at_ + 1)};
  }
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  static bool is_word(char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
  bool take_word(std::string_view word) {
    skip_blanks();
    std::size_t end = at_ + word.size();
    if (!text_.substr(at_).starts_with(word) || (end < text_.size() && is_word(text_[end]))) return false;
    at_ = end;
    return true;
  }

  Result<Marker::Node> series(Kind kind, std::string_view word, Result<Marker::Node> (Parser::*part)()) {
    Marker::Node node;
    node.kind = kind;
    do {
      auto next = (this->*part)();
      if (!next.ok()) return next;
      node.parts.push_back(std::move(*next));
    } while (take_word(word));
    if (node.parts.size() == 1) return std::move(node.parts.front());
    return node;
  }
  Result<Marker::Node> either() { return series(Kind::any, "or", &Parser::both); }
  Result<Marker::Node> both() { return series(Kind::all, "and", &Parser::atom); }

  Result<Marker::Node> atom() {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != '(') return comparison();
    if (++depth_ > 100) return expected("fewer parentheses");
    ++at_;
    auto node = either();
    if (!node.ok()) return node;
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != ')') return expected("\")\"");
    ++at_;
    --depth_;
    return node;
  }

  Result<Marker::Node> comparison() {
    Marker::Node node;
    if (!operand(node.left)) return expected("a marker variable or a quoted text");
    if (!op(node.op)) return expected("a comparison, such as >= or in");
    if (!operand(node.right)) return expected("a marker variable or a quoted text");
    if (!node.left.variable && !node.right.variable) return expected("a marker variable on one side before this point");
    return node;
  }

  bool operand(Operand& operand) {
    skip_blanks();
    if (at_ >= text_.size()) return false;
    if (char quote = text_[at_]; quote == '\'' || quote == '"') {
      std::size_t end = text_.find(quote, at_ + 1);
      if (end == std::string_view::npos) return false;
      operand.text = text_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
      return true;
    }
    for (std::string_view variable : variables)
      if (take_word(variable)) {
        operand.variable = true;
        operand.text = variable;
        std::ranges::replace(operand.text, '.', '_');
        if (operand.text == "python_implementation") operand.text = "platform_python_implementation";
        return true;
      }
    return false;
  }

  bool op(std::string& op) {
    skip_blanks();
    if (take_word("in")) return op = "in", true;
    if (take_word("not")) {
      if (!take_word("in")) return false;
      return op = "not in", true;
    }
    for (std::string_view sign : {"===", "==", "~=", "!=", "<=", ">=", "<", ">"})
      if (text_.substr(at_).starts_with(sign)) {
        op = sign;
        at_ += sign.size();
        return true;
      }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Result<Marker> Marker::parse(std::string_view text) {
  auto root = Parser(text).whole();
  if (!root.ok()) return root.error();
  Marker marker;
  marker.text_ = trim(text);
  marker.root_ = std::make_shared<const Node>(std::move(*root));
  return marker;
}

bool Marker::holds(const Environment& environment, std::span<const std::string> extras) const {
  return !root_ || root_->holds(environment, extras);
}

Environment marker_environment(const Target& target) {
  using System = Platform::System;
  const System system = target.platform.system;
  const bool windows = system == System::windows, mac = system == System::macos;
  std::string machine = target.platform.machine;
  if (windows) machine = machine == "win32" ? "x86" : machine == "amd64" ? "AMD64" : "ARM64";
  const std::string full = target.python() + ".0";
  return {
      {"implementation_name", "cpython"},
      {"implementation_version", full},
      {"os_name", windows ? "nt" : "posix"},
      {"platform_machine", machine},
      {"platform_python_implementation", "CPython"},
      {"platform_release", ""},  // the kernel's: not part of a target
      {"platform_system", windows ? "Windows"
                          : mac   ? "Darwin"
                                  : "Linux"},
      {"platform_version", ""},
      {"python_full_version", full},
      {"python_version", target.python()},
      {"sys_platform", windows ? "win32"
                       : mac   ? "darwin"
                               : "linux"},
  };
}

}  // namespace ftaudit::packages
