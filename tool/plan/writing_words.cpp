// Writing, where words change and no block is opened: declarations, calls, locks that move.
#include <algorithm>

#include "base/text.h"
#include "plan/writing.h"

namespace ftaudit::plan {

using model::Event;
using model::Function;

constexpr std::size_t static_word = 7;  // "static "

// `static long n;` -> `static _Atomic long n;`: one name in the declaration, and nothing but words before it.
Status Writing::qualify(const model::Span& name, const std::string& with, bool after_static, Fixes& out) {
  const Location at = audit_.location(name);
  const Result<const SourceText*> found = source(at.file);
  if (!found.ok()) return Error{found.message()};
  const SourceText& source = **found;
  if (!is_c(at.file)) return Error{"the declaration is not in C"};
  const std::size_t begin = source.line_start(source.offset(at.line, at.column));
  const std::string_view line = std::string_view(source.text()).substr(begin, source.line_end(begin) - begin);
  std::string_view before = line.substr(0, at.column - 1), after = trim(line.substr(at.end_column - 1));
  const bool plain = std::ranges::all_of(before, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == ' ' || c == '\t';
  });
  const bool alone = after.find(',') == after.npos &&
                     (after.starts_with(";") || after.starts_with("=") || (after_static && after.starts_with("[")));
  if (!plain || trim(before).empty() || !alone ||
      (after.find(';') == after.npos && !source.ends_braced(begin + at.end_column - 1)))
    return Error{"its declaration says more than one thing"};
  std::size_t where = before.find_first_not_of(" \t");
  if (before.substr(where).starts_with("static ")) where += static_word;
  else if (after_static) return Error{"it is not static"};
  out.push_back(source.insertion(begin + where, with));
  return Done{};
}

Status Writing::make_atomic(const Edit& edit, Fixes& out) {
  if (edit.global != none) return qualify(audit_.facts().globals[edit.global].span, "_Atomic ", false, out);
  const model::Record* record = audit_.program().record(edit.record);
  for (const model::Field& field : record == nullptr ? std::vector<model::Field>() : record->fields)
    if (field.name == edit.field && field.span.line > 0) return qualify(field.span, "_Atomic ", false, out);
  return Error{"its declaration is not in the project"};
}

Status Writing::swap(const Edit& edit, Fixes& out) {
  const Function& function = audit_.program().function(edit.function);
  const Location a = audit_.location(function.events[edit.first].span),
                 b = audit_.location(function.events[edit.last].span);
  const Result<const SourceText*> found = source(a.file);
  if (!found.ok()) return Error{found.message()};
  const std::optional<TextRange> first = (*found)->range(a), second = (*found)->range(b);
  if (!first || !second || a.file != b.file) return Error{"a lock in " + function.name + " comes out of a macro"};
  const std::string one((*found)->part(*first)), two((*found)->part(*second));
  out.push_back((*found)->replacement(*first, two));
  out.push_back((*found)->replacement(*second, one));
  return Done{};
}

Status Writing::let_go_first(const Edit& edit, Fixes& out) {
  const Function& function = audit_.program().function(edit.function);
  const Location release = audit_.location(function.events[edit.last].span);
  const Result<const SourceText*> found = source(release.file);
  if (!found.ok()) return Error{found.message()};
  const SourceText& source = **found;
  const std::optional<TextRange> given = source.range(release),
                                 call = source.range(audit_.location(function.events[edit.first].span));
  if (!given || !call) return Error{"a place in " + function.name + " comes out of a macro"};
  const std::optional<TextRange> unlock = source.statements(*given);
  if (!unlock || trim(source.part(*unlock)) != std::string(source.part(*given)) + ";")
    return Error{"the lock is given back inside of another statement"};
  // The statement of the call may return: what counts is where it begins.
  std::size_t begin = source.line_start(call->first);
  if (source.indent_at(begin) != source.indent_at(unlock->first))
    return Error{"the call stands deeper than where the lock is given back"};
  const std::size_t behind = source.text().find('\n', unlock->last - 1) + 1;
  out.push_back(source.insertion(
      begin, source.indent_at(begin) + std::string(trim(source.part(*unlock))) + std::string(source.end_of_line())));
  out.push_back(source.replacement({unlock->first, behind}, ""));
  return Done{};
}

// One call for another that takes the same arguments.
Status Writing::call(const Edit& edit, Fixes& out) {
  const Function& function = audit_.program().function(edit.function);
  const Event& event = function.events[edit.first];
  const bool same = event.callee.starts_with("PyObject_") && edit.callee.starts_with("PyMem_");
  const bool fast = event.callee == "PySequence_Fast" && edit.callee == "PySequence_Tuple";
  if (!same && !fast) return Error{edit.callee + " takes other arguments, or gives what has to be given back"};
  const Location at = audit_.location(event.span);
  const Result<const SourceText*> found = source(at.file);
  if (!found.ok()) return Error{found.message()};
  const std::optional<TextRange> range = (*found)->range(at);
  if (!range || !(*found)->part(*range).starts_with(event.callee + "("))
    return Error{"the call in " + function.name + " comes out of a macro"};
  if (same) {
    out.push_back((*found)->replacement({range->first, range->first + event.callee.size()}, edit.callee));
    return Done{};
  }
  // The message goes: a tuple's own says what is missing.
  const std::string_view text = (*found)->part(*range);
  const std::size_t open = event.callee.size() + 1, comma = text.find(',');
  if (comma == text.npos || text.substr(open, comma - open).find('(') != text.npos)
    return Error{"the argument of PySequence_Fast in " + function.name + " is not plain"};
  out.push_back((*found)->replacement(*range, edit.callee + "(" + std::string(text.substr(open, comma - open)) + ")"));
  return Done{};
}

// `op->ob_type` -> `Py_TYPE(op)`.
Status Writing::use_accessor(const Edit& edit, Fixes& out) {
  const Function& function = audit_.program().function(edit.function);
  const Location at = audit_.location(function.events[edit.first].span);
  const Result<const SourceText*> found = source(at.file);
  if (!found.ok()) return Error{found.message()};
  const std::optional<TextRange> range = (*found)->range(at);
  constexpr std::string_view member = "->ob_type";
  if (!range || !(*found)->part(*range).ends_with(member))
    return Error{"a read of ob_type in " + function.name + " comes out of a macro"};
  std::string_view object = (*found)->part(*range);
  object.remove_suffix(member.size());
  out.push_back((*found)->replacement(*range, "Py_TYPE(" + std::string(object) + ")"));
  return Done{};
}

// Only the slot of a table; what other modules need is among the edits that a scan has.
}  // namespace ftaudit::plan
