#include "base/nesting.h"

#include <string>

namespace ftaudit {
namespace {

// Counts brackets and, for TOML, the dots of keys, outside strings and comments.
class Depth {
 public:
  Depth(std::string_view text, bool toml) : text_(text), toml_(toml) {}

  Status check() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') ++line_, dots_ = 0;
      else if (c == '"' || (toml_ && c == '\'')) skip_string(c);
      else if (toml_ && c == '#') skip_comment();
      else if (c == '[' || c == '{') ++open_, dots_ = 0;
      else if (c == ']' || c == '}') open_ = open_ > 0 ? open_ - 1 : 0;
      else if (c == '=' || c == ',') dots_ = 0;
      else if (toml_ && c == '.') ++dots_;
      if (open_ + dots_ > deepest_nesting)
        return Error{std::to_string(line_) + ": nested deeper than " + std::to_string(deepest_nesting) + " levels"};
    }
    return Done{};
  }

 private:
  void skip_comment() {
    while (at_ + 1 < text_.size() && text_[at_ + 1] != '\n') ++at_;
  }

  // To the last character of the string that begins here.
  void skip_string(char quote) {
    const bool many = toml_ && text_.substr(at_, 3) == std::string(3, quote);
    at_ += many ? 3 : 1;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') {
        ++line_;
        if (!many) return;  // broken; the parser will say so
      } else if (c == '\\' && quote == '"') {
        ++at_;
      } else if (c == quote && (!many || text_.substr(at_, 3) == std::string(3, quote))) {
        at_ += many ? 2 : 0;
        return;
      }
    }
  }

  std::string_view text_;
  bool toml_;
  std::size_t at_ = 0, line_ = 1;
  int open_ = 0, dots_ = 0;
};

}  // namespace

Status check_toml_nesting(std::string_view text) { return Depth(text, true).check(); }
Status check_json_nesting(std::string_view text) { return Depth(text, false).check(); }

}  // namespace ftaudit
