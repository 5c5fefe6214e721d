#include "plan/writing.h"

#include <algorithm>

#include "base/files.h"
#include "base/sha256.h"
#include "base/text.h"
#include "cython/sources.h"
#include "plan/holders.h"
#include "plan/stretch.h"
#include "plan/supposition.h"
#include "plan/words.h"

namespace ftaudit::plan {

using model::Event;
using model::Function;
using model::Place;

namespace {

constexpr const char* has_locks = "#if PY_VERSION_HEX >= 0x030D0000";

}  // namespace

Writing::Writing(const analysis::Audit& audit, std::string root, Spelling spelling,
                 const std::vector<const Remedy*>& made)
    : audit_(audit), root_(std::move(root)), spelling_(spelling) {
  for (const Remedy* remedy : made)
    for (const Edit& edit : remedy->edits)
      if (is_whole_section(edit)) whole_[edit.function].push_back(&edit);
}

Result<std::vector<Fix>> Writing::of(const Remedy& remedy) {
  Fixes out;
  mutexes_.clear(), new_fields_.clear();
  if (remedy.kind == StepKind::made_at_import) {
    if (Status filled = fill_at_import(remedy, out); !filled.ok()) return Error{filled.message()};
    return out;
  }
  std::set<FunctionId> sections, locked, kept;
  for (const Edit& edit : remedy.edits) {
    const bool whole = edit.does == Edit::Does::hold && edit.function != none && edit.first == none && !edit.stretch;
    const bool known = sections_.contains(edit.function) || sections.contains(edit.function);
    std::optional<Edit> section;
    if (is_whole_section(edit)) {
      section = one_section(whole_[edit.function]);
      if (section && known) continue;  // the one that is written holds this object, too
      sections.insert(edit.function);
    }
    if (edit.own_reference) {
      if (!kept.insert(edit.function).second) continue;
      if (known || sections_.contains(edit.function))
        return Error{audit_.program().function(edit.function).name + " is wrapped by another step already"};
      sections.insert(edit.function);
      if (Status written = keep(audit_.program().function(edit.function), references_in(remedy, edit.function), out);
          !written.ok())
        return Error{written.message()};
      continue;
    }
    if (whole && (known || !locked.insert(edit.function).second))
      return Error{"two locks would be held all through " + audit_.program().function(edit.function).name};
    if (Status written = write(section ? *section : edit, out); !written.ok()) return Error{written.message()};
  }
  if (mutexes_.size() > 1) return Error{"the mutex has to be seen in several files"};
  call_held(remedy, out);
  sections_.insert(sections.begin(), sections.end());
  return out;
}

std::vector<const Edit*> Writing::references_in(const Remedy& remedy, FunctionId id) {
  std::vector<const Edit*> out;
  for (const Edit& edit : remedy.edits)
    if (edit.own_reference && edit.function == id) out.push_back(&edit);
  return out;
}

Result<const SourceText*> Writing::source(const std::string& file) {
  auto& known = sources_[file];
  if (known == nullptr) {
    if (cython::is_source_name(file)) return Error{"it is Cython's source"};
    Result<std::string> text = read_file(fs::path(root_) / file);
    if (!text.ok()) return Error{text.message()};
    const std::string digest = sha256(*text);
    known = std::make_unique<SourceText>(file, std::move(*text), digest);
  }
  return known.get();
}

// On builds that have no such locks the GIL is the lock.
std::vector<std::string> Writing::guarded(const std::vector<std::string>& lines, const std::string& indent,
                                          bool section) const {
  std::vector<std::string> out;
  const bool guard = spelling_ == Spelling::guarded && !section;
  if (guard) out.push_back(has_locks);
  for (const std::string& line : lines) out.push_back(indent + line);
  if (guard) out.push_back("#endif");
  return out;
}

Status Writing::write(const Edit& edit, Fixes& out) {
  switch (edit.does) {
    case Edit::Does::hold: return hold(edit, out);
    case Edit::Does::make_atomic: return make_atomic(edit, out);
    case Edit::Does::per_thread: return qualify(audit_.facts().globals[edit.global].span, "_Thread_local ", true, out);
    case Edit::Does::call: return call(edit, out);
    case Edit::Does::swap: return swap(edit, out);
    case Edit::Does::let_go_first: return let_go_first(edit, out);
    case Edit::Does::declare: return declare(edit, out);
    case Edit::Does::make_mutex:        // by new_field()
    case Edit::Does::only_read: break;  // by fill_at_import()
    case Edit::Does::copy: return Error{"what happens when the copy fails is not known"};
    case Edit::Does::use_accessor: return use_accessor(edit, out);
    case Edit::Does::take_out_test: return Error{"what else the test decides about is to be looked at"};
    case Edit::Does::wait_detached: return Error{"versions before 3.13 need the old lock beside it"};
  }
  return Done{};
}

Status Writing::hold(const Edit& edit, Fixes& out) {
  const Function& function = audit_.program().function(edit.function);
  if (edit.apart) return Error{"what " + function.name + " reads and writes has to come together under the lock first"};
  if (!is_c(audit_.location(function.name_span).file))
    return Error{function.name + " is not C, where nothing leaves a function but a return"};
  if (edit.lock == Edit::Lock::native) return Error{"which native mutex the project uses is not known"};
  if (!edit.new_field_of.empty())
    if (Status made = new_field(edit, out); !made.ok()) return made;
  std::vector<std::string> names;
  for (const Place& object : edit.objects) {
    std::string name = written(audit_, function, object);
    if (name.empty()) return Error{"the object has no plain name in " + function.name};
    if (object.root == Place::Root::variable && object.variable < function.parameters &&
        may_be_null(audit_, edit.function, object))
      return Error{function.variables[object.variable].name + " may be NULL in " + function.name +
                   ", which no lock bears"};
    names.push_back(edit.by_address ? "&" + name : name);
  }
  std::vector<std::string> open, close;
  const bool section = edit.lock == Edit::Lock::section;
  if (section) {
    const std::string two = names.size() > 1 ? "2" : "";
    open = {"Py_BEGIN_CRITICAL_SECTION" + two + "(" + join(names, ", ") + ");"};
    close = {"Py_END_CRITICAL_SECTION" + two + "();"};
  } else {
    if (!edit.mutex.empty()) {
      names = {"&" + edit.mutex};
      if (Status made = new_mutex(edit, out); !made.ok()) return made;
    }
    open = {"PyMutex_Lock(" + names[0] + ");"}, close = {"PyMutex_Unlock(" + names[0] + ");"};
  }
  if (section)
    if (Status spelled = spell_sections(audit_.location(function.span).file, out); !spelled.ok()) return spelled;
  if (edit.first == none && !edit.stretch) return wrap(function, open, close, section, out);
  Status written = around(function, edit, open, close, section, out);
  // An argument is there all through. The section may be held longer, it is let go where Python runs anyway; a mutex
  // where no Python runs.
  const Place& object = edit.objects.empty() ? Place{} : edit.objects[0];
  const bool argument =
      edit.objects.size() == 1 && object.root == Place::Root::variable && object.variable < function.parameters &&
      (section ? object.steps.empty() : object.steps.size() == 2 && !audit_.suspension().function(edit.function));
  return !written.ok() && argument ? wrap(function, open, close, section, out) : written;
}

// For versions that have no sections, once a file: there the GIL is the lock.
Status Writing::spell_sections(const std::string& file, Fixes& out) {
  if (spelling_ == Spelling::plain) return Done{};
  const Result<const SourceText*> found = source(file);
  if (!found.ok()) return Error{found.message()};
  const SourceText& source = **found;
  const std::string& text = source.text();
  for (const char* known : {"define Py_BEGIN_CRITICAL_SECTION", "pythoncapi_compat.h", "PY_VERSION_HEX < 0x030D"})
    if (text.find(known) != std::string::npos) return Done{};
  const std::optional<std::size_t> behind = source.behind_includes();
  if (!behind) return Error{file + " includes nothing that this could stand behind"};
  const std::string eol(source.end_of_line());
  std::string lines = eol + "#ifndef Py_BEGIN_CRITICAL_SECTION" + eol;
  for (const char* line : {"#define Py_BEGIN_CRITICAL_SECTION(op) {", "#define Py_END_CRITICAL_SECTION() }",
                           "#define Py_BEGIN_CRITICAL_SECTION2(a, b) {", "#define Py_END_CRITICAL_SECTION2() }"})
    lines += line + eol;
  out.push_back(source.insertion(*behind, lines + "#endif" + eol));
  return Done{};
}

Status Writing::around(const Function& function, const Edit& edit, const std::vector<std::string>& open,
                       const std::vector<std::string>& close, bool braces, Fixes& out) {
  std::vector<EventId> events{edit.first, edit.last};
  if (edit.stretch) {
    const std::set<EventId> inside = events_in(audit_, edit.function, *edit.stretch);
    events.assign(inside.begin(), inside.end());
    std::erase_if(events, [&](EventId e) { return function.events[e].implicit; });
  }
  const Result<const SourceText*> found = source(audit_.location(function.span).file);
  if (!found.ok()) return Error{found.message()};
  const SourceText& source = **found;
  TextRange part{source.text().size(), 0};
  for (const EventId e : events) {
    const std::optional<TextRange> range = source.range(audit_.location(function.events[e].span));
    if (!range) return Error{"a place in " + function.name + " comes out of a macro"};
    part = {std::min(part.first, range->first), std::max(part.last, range->last)};
  }
  const std::optional<TextRange> whole = source.statements(part);
  if (!whole) return Error{"the statement in " + function.name + " does more than what the lock is for"};
  if (braces)
    for (std::size_t v = function.parameters; v < function.variables.size(); ++v) {
      const std::size_t at = source.offset(function.variables[v].span.line, function.variables[v].span.column);
      if (whole->first <= at && at < whole->last && source.is_outermost(*whole, at))
        return Error{function.variables[v].name + " is made inside of the section in " + function.name};
    }
  const std::string eol(source.end_of_line()), indent = source.indent_at(whole->first);
  const auto lines = [&](const std::vector<std::string>& of) {
    std::string text;
    for (const std::string& line : guarded(of, indent, braces)) text += line + eol;
    return text;
  };
  const std::size_t behind = source.text().find('\n', whole->last - 1);
  if (behind == std::string::npos) return Error{"the file ends in the statement"};
  out.push_back(source.insertion(whole->first, lines(open)));
  out.push_back(source.insertion(behind + 1, lines(close)));
  return Done{};
}

// A static mutex before the first function that holds it.
Status Writing::new_mutex(const Edit& edit, Fixes& out) {
  const Function& function = audit_.program().function(edit.function);
  const std::string file = audit_.location(function.span).file;
  if (!mutexes_[file].insert(edit.mutex).second) return Done{};
  const Result<const SourceText*> found = source(file);
  if (!found.ok()) return Error{found.message()};
  const SourceText& source = **found;
  if (source.mentions(edit.mutex, {0, source.text().size()})) return Error{"there is a " + edit.mutex + " already"};
  std::uint32_t first = function.span.line;
  for (const Function& other : audit_.facts().functions)
    if (audit_.location(other.span).file == file && other.span.line > 0) first = std::min(first, other.span.line);
  const std::string eol(source.end_of_line());
  std::string text;
  for (const std::string& line : guarded({"static PyMutex " + edit.mutex + ";"}, "", false)) text += line + eol;
  out.push_back(source.insertion(source.above(source.offset(first, 1)), text + eol));
  return Done{};
}

}  // namespace ftaudit::plan
