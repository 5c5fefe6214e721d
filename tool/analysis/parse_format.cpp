#include "analysis/parse_format.h"

#include <functional>

#include "capi/arguments.h"

namespace ftaudit::analysis {

using model::Event;
using model::Operand;
using model::Place;

namespace {

bool is_text(const Event& parse, std::size_t argument) {
  return argument < parse.operands.size() && parse.operands[argument].kind == Operand::Kind::text;
}

// Each unit of the format of PyArg_Parse*: its code, the mark behind it, the first argument it takes.
void each_unit(const Event& parse, const std::function<void(char code, char mark, std::size_t argument)>& visit) {
  const capi::Parse* where = capi::argument_parse(parse.callee);
  if (where == nullptr || !is_text(parse, where->format)) return;
  std::size_t next = where->first;
  const std::string& format = parse.operands[where->format].text;
  for (std::size_t i = 0; i < format.size(); ++i) {
    const char c = format[i];
    if (c == ':' || c == ';') break;
    if (c == '|' || c == '$' || c == '(' || c == ')' || c == ' ') continue;
    const char mark = i + 1 < format.size() ? format[i + 1] : '\0';
    visit(c, mark, next);
    if (c == 'O' && (mark == '!' || mark == '&')) {
      ++i, next += 2;
    } else if (c == 'e') {
      ++i, next += 2;
      if (i + 1 < format.size() && format[i + 1] == '#') ++i, ++next;
    } else {
      ++next;
      if (mark == '#') ++i, ++next;
      else if (mark == '*') ++i;
    }
  }
}

}  // namespace

std::string demanded_type(const Program& program, const model::Function& function, const Event& parse,
                          std::size_t argument) {
  std::string found;
  each_unit(parse, [&](char code, char mark, std::size_t first) {
    if (code == 'O' && mark == '!' && first + 1 == argument && first < parse.operands.size()) {
      const Operand& type = parse.operands[first];
      if (type.kind == Operand::Kind::address && function.places[type.place].root == Place::Root::global)
        found = program.facts.globals[function.places[type.place].global].name;
    } else if (first == argument) {
      found = capi::demanded_type(code);
    }
  });
  return found;
}

bool tells_how_to_parse(const Event& parse, std::size_t argument) {
  // A format that comes from elsewhere: what is filled is mostly handed over by its address, a type or a converter by
  // its value.
  if (const capi::Parse* where = capi::argument_parse(parse.callee); where != nullptr && !is_text(parse, where->format))
    return argument >= where->first && argument < parse.operands.size() &&
           parse.operands[argument].kind != Operand::Kind::address;
  bool tells = false;
  each_unit(parse, [&](char code, char mark, std::size_t first) {
    tells |= first == argument && (code == 'e' || (code == 'O' && (mark == '!' || mark == '&')));
  });
  return tells;
}

}  // namespace ftaudit::analysis
