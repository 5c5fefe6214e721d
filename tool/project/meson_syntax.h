// The syntax of meson.build: text to a tree of statements and expressions. What it means is the evaluator's business.
// Text that is not meson's syntax gives the statements that could be read and the line where it stopped.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ftaudit::project::meson {

struct Node;
using NodePtr = std::unique_ptr<Node>;

struct Node {
  enum class Kind {
    string,
    number,
    name,
    boolean,
    list,
    dict,
    call,      // text(kids..., named...)
    method,    // kids[0].text(kids[1]..., named...)
    index,     // kids[0][kids[1]]
    binary,    // kids[0] text kids[1]; text is the operator: + - * / % == != < > in "not in" and or
    negation,  // not kids[0]
    choice,    // kids[0] ? kids[1] : kids[2]
    assign,
    append,  // text = kids[0]; text += kids[0]
    branch,  // kids: condition, block, condition, block, ..., [block of else]
    loop,    // names; kids: list, block
    block,
    nothing
  };
  Kind kind = Kind::nothing;
  std::string text;
  unsigned line = 0;
  std::vector<NodePtr> kids;
  std::vector<std::pair<std::string, NodePtr>>
      named;  // keyword arguments; entries of a dict have theirs in kids, in pairs
  std::vector<std::string> names;
};

struct Parsed {
  NodePtr block;
  unsigned stopped_at = 0;  // line of the first thing not understood; 0: all was
};

Parsed parse(std::string_view text);

}  // namespace ftaudit::project::meson
