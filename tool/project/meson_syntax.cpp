#include "project/meson_syntax.h"

#include <cctype>

namespace ftaudit::project::meson {
namespace {

struct Token {
  enum class Kind { end, newline, name, number, string, sign };
  Kind kind = Kind::end;
  std::string text;
  unsigned line = 0;
};

// Signs of two characters that are one token.
bool is_pair(char a, char b) { return (b == '=' && (a == '=' || a == '!' || a == '<' || a == '>' || a == '+')); }

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> out;
  unsigned line = 1;
  int brackets = 0;  // within them a newline means nothing
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '\n') {
      if (brackets == 0) out.push_back({Token::Kind::newline, "", line});
      ++line, ++i;
    } else if (c == '\\' && i + 1 < text.size() && text[i + 1] == '\n') {
      ++line, i += 2;
    } else if (std::isspace(static_cast<unsigned char>(c))) {
      ++i;
    } else if (c == '#') {
      while (i < text.size() && text[i] != '\n') ++i;
    } else if (c == '\'') {
      Token token{Token::Kind::string, "", line};
      if (text.substr(i).starts_with("'''")) {
        const std::size_t end = std::min(text.find("'''", i + 3), text.size());
        token.text = text.substr(i + 3, end - i - 3);
        for (const char inner : token.text) line += inner == '\n';
        i = std::min(end + 3, text.size());
      } else {
        for (++i; i < text.size() && text[i] != '\'' && text[i] != '\n'; ++i) {
          if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] != '\n') {
            ++i;
            token.text += text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : text[i];
          } else {
            token.text += text[i];
          }
        }
        if (i < text.size() && text[i] == '\'') ++i;
      }
      out.push_back(std::move(token));
    } else if (std::isalpha(static_cast<unsigned char>(c)) || c == '_') {
      std::size_t end = i;
      while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_')) ++end;
      // f'...' reads as '...': its @names@ are found when it is evaluated.
      if (end - i == 1 && c == 'f' && end < text.size() && text[end] == '\'') {
        i = end;
        continue;
      }
      out.push_back({Token::Kind::name, std::string(text.substr(i, end - i)), line});
      i = end;
    } else if (std::isdigit(static_cast<unsigned char>(c))) {
      std::size_t end = i;
      while (end < text.size() && std::isalnum(static_cast<unsigned char>(text[end]))) ++end;
      out.push_back({Token::Kind::number, std::string(text.substr(i, end - i)), line});
      i = end;
    } else {
      const std::size_t length = i + 1 < text.size() && is_pair(c, text[i + 1]) ? 2 : 1;
      if (c == '(' || c == '[' || c == '{') ++brackets;
      if ((c == ')' || c == ']' || c == '}') && brackets > 0) --brackets;
      out.push_back({Token::Kind::sign, std::string(text.substr(i, length)), line});
      i += length;
    }
  }
  out.push_back({Token::Kind::end, "", line});
  return out;
}

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Parsed all() {
    Parsed out;
    out.block = block();
    // A stray "endif" or broken statement: the rest is read statement by statement all the same.
    while (here().kind != Token::Kind::end) {
      fail();
      skip_line();
      NodePtr more = block();
      for (NodePtr& kid : more->kids) out.block->kids.push_back(std::move(kid));
    }
    out.stopped_at = failed_at_;
    return out;
  }

 private:
  // Limits of what nests: brackets and blocks, and chains like a + b + c of one statement.
  static constexpr int depth_limit = 150;
  static constexpr int link_limit = 400;

  const Token& here() const { return tokens_[at_]; }
  bool sees(std::string_view text) const {
    return (here().kind == Token::Kind::sign || here().kind == Token::Kind::name) && here().text == text;
  }
  bool take(std::string_view text) {
    if (!sees(text)) return false;
    ++at_;
    return true;
  }
  void next() {
    if (here().kind != Token::Kind::end) ++at_;
  }
  void fail() {
    if (failed_at_ == 0) failed_at_ = here().line;
  }
  void expect(std::string_view text) {
    if (!take(text)) fail();
  }
  void skip_line() {
    while (here().kind != Token::Kind::end && here().kind != Token::Kind::newline) next();
  }
  NodePtr make(Node::Kind kind, std::string text = {}) const {
    auto node = std::make_unique<Node>();
    node->kind = kind;
    node->text = std::move(text);
    node->line = here().line;
    return node;
  }
  bool ends_block() const { return sees("endif") || sees("else") || sees("elif") || sees("endforeach"); }

  NodePtr block() {
    NodePtr out = make(Node::Kind::block);
    while (here().kind != Token::Kind::end && !ends_block()) {
      if (here().kind == Token::Kind::newline) {
        next();
        continue;
      }
      const std::size_t before = at_;
      out->kids.push_back(statement());
      if (here().kind != Token::Kind::newline && here().kind != Token::Kind::end && !ends_block()) {
        fail();
        skip_line();
      }
      if (at_ == before) next();
    }
    return out;
  }

  // Gives up on the rest of the file: nobody writes such things by hand.
  bool too_long() {
    if (++links_ <= link_limit) return false;
    fail();
    at_ = tokens_.size() - 1;
    return true;
  }

  NodePtr statement() {
    links_ = 0;
    if (++depth_ > depth_limit) {
      fail();
      at_ = tokens_.size() - 1;
    }
    NodePtr out;
    if (sees("if")) out = branch();
    else if (sees("foreach")) out = loop();
    else if (here().kind == Token::Kind::name && tokens_[at_ + 1].kind == Token::Kind::sign &&
             (tokens_[at_ + 1].text == "=" || tokens_[at_ + 1].text == "+=")) {
      out = make(tokens_[at_ + 1].text == "=" ? Node::Kind::assign : Node::Kind::append, here().text);
      at_ += 2;
      out->kids.push_back(expression());
    } else {
      out = expression();
    }
    --depth_;
    return out;
  }

  NodePtr branch() {
    NodePtr out = make(Node::Kind::branch);
    next();
    out->kids.push_back(expression());
    out->kids.push_back(block());
    while (take("elif")) {
      out->kids.push_back(expression());
      out->kids.push_back(block());
    }
    if (take("else")) out->kids.push_back(block());
    expect("endif");
    return out;
  }

  NodePtr loop() {
    NodePtr out = make(Node::Kind::loop);
    next();
    do {
      if (here().kind == Token::Kind::name) out->names.push_back(here().text);
      next();
    } while (take(","));
    expect(":");
    out->kids.push_back(expression());
    out->kids.push_back(block());
    expect("endforeach");
    return out;
  }

  NodePtr expression() {
    if (++depth_ > depth_limit) {
      fail();
      at_ = tokens_.size() - 1;
    }
    NodePtr out = operation(0);
    if (take("?")) {
      NodePtr choice = make(Node::Kind::choice);
      choice->kids.push_back(std::move(out));
      choice->kids.push_back(expression());
      expect(":");
      choice->kids.push_back(expression());
      out = std::move(choice);
    }
    --depth_;
    return out;
  }

  // How tightly the operator here binds, 0 when there is none.
  int binding() const {
    if (sees("or")) return 1;
    if (sees("and")) return 2;
    for (const char* sign : {"==", "!=", "<", ">", "<=", ">=", "in"})
      if (sees(sign)) return 3;
    if (sees("not") && tokens_[at_ + 1].text == "in") return 3;
    if (sees("+") || sees("-")) return 4;
    if (sees("*") || sees("/") || sees("%")) return 5;
    return 0;
  }

  NodePtr operation(int above) {
    NodePtr left = unary();
    for (int level = binding(); level > above && !too_long(); level = binding()) {
      NodePtr out = make(Node::Kind::binary, here().text);
      if (take("not")) out->text = "not in";
      next();
      out->kids.push_back(std::move(left));
      out->kids.push_back(operation(level));
      left = std::move(out);
    }
    return left;
  }

  NodePtr unary() {
    if (++depth_ > depth_limit) {
      fail();
      at_ = tokens_.size() - 1;
    }
    NodePtr out;
    if (sees("not")) {
      out = make(Node::Kind::negation);
      next();
      out->kids.push_back(unary());
    } else {
      take("-");
      out = postfix(primary());
    }
    --depth_;
    return out;
  }

  NodePtr postfix(NodePtr out) {
    for (;;) {
      if ((sees(".") || sees("[")) && too_long()) return out;
      if (take(".")) {
        NodePtr call = make(Node::Kind::method, here().text);
        next();
        call->kids.push_back(std::move(out));
        if (take("(")) arguments(*call);
        out = std::move(call);
      } else if (sees("[")) {
        NodePtr index = make(Node::Kind::index);
        next();
        index->kids.push_back(std::move(out));
        index->kids.push_back(expression());
        expect("]");
        out = std::move(index);
      } else {
        return out;
      }
    }
  }

  void arguments(Node& call) {
    while (!take(")")) {
      if (here().kind == Token::Kind::end) return fail();
      const std::size_t before = at_;
      if (here().kind == Token::Kind::name && tokens_[at_ + 1].kind == Token::Kind::sign &&
          tokens_[at_ + 1].text == ":") {
        std::string name = here().text;
        at_ += 2;
        call.named.emplace_back(std::move(name), expression());
      } else {
        call.kids.push_back(expression());
      }
      if (!take(",") && !sees(")")) {
        fail();
        if (at_ == before) next();
      }
    }
  }

  NodePtr primary() {
    const Token token = here();
    if (token.kind == Token::Kind::string || token.kind == Token::Kind::number) {
      NodePtr out = make(token.kind == Token::Kind::string ? Node::Kind::string : Node::Kind::number, token.text);
      next();
      return out;
    }
    if (sees("true") || sees("false")) {
      NodePtr out = make(Node::Kind::boolean, token.text);
      next();
      return out;
    }
    if (token.kind == Token::Kind::name) {
      NodePtr out = make(Node::Kind::name, token.text);
      next();
      if (take("(")) {
        out->kind = Node::Kind::call;
        arguments(*out);
      }
      return out;
    }
    if (take("(")) {
      NodePtr out = expression();
      expect(")");
      return out;
    }
    if (sees("[") || sees("{")) {
      const bool dict = sees("{");
      const std::string_view closing = dict ? "}" : "]";
      NodePtr out = make(dict ? Node::Kind::dict : Node::Kind::list);
      next();
      while (!take(closing)) {
        if (here().kind == Token::Kind::end) {
          fail();
          break;
        }
        const std::size_t before = at_;
        out->kids.push_back(expression());
        if (dict) {
          expect(":");
          out->kids.push_back(expression());
        }
        if (!take(",") && !sees(closing)) fail();
        if (at_ == before) next();
      }
      return out;
    }
    fail();
    return make(Node::Kind::nothing);
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0, links_ = 0;
  unsigned failed_at_ = 0;
};

}  // namespace

Parsed parse(std::string_view text) { return Parser(tokens_of(text)).all(); }

}  // namespace ftaudit::project::meson
