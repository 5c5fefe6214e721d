#include "cython/retelling.h"

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "cython/c_names.h"
#include "cython/comments.h"
#include "cython/confinement.h"
#include "cython/functions.h"
#include "cython/generators.h"
#include "cython/lines.h"
#include "cython/python_locks.h"
#include "cython/sources.h"
#include "cython/taken_locks.h"
#include "cython/vtables.h"
#include "model/fields.h"

namespace ftaudit::cython {
namespace {

using model::Event;
using model::Function;
using model::Operand;
using model::Place;
using model::Span;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Where `word` stands alone in `line`, from 1; 0: nowhere.
std::uint32_t column_of(std::string_view word, std::string_view line) {
  if (word.empty()) return 0;
  for (std::size_t at = 0; (at = line.find(word, at)) != std::string_view::npos; ++at) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_word(line[at - 1])) && (end == line.size() || !is_word(line[end])))
      return static_cast<std::uint32_t>(at + 1);
  }
  return 0;
}

// One C file, and the source that is shown instead.
struct Generated {
  std::unique_ptr<Lines> lines;
  std::vector<model::FileId> files;  // of lines->sources(); none for what is not the user's
  model::FileId main;
  std::map<std::string, std::pair<model::FileId, std::uint32_t>> written;  // lines of C in a source: file, line
};

class Retelling {
 public:
  Retelling(model::Facts& facts, const fs::path& root, const std::map<std::string, std::string>& made_from,
            const fs::path& templates)
      : facts_(facts), sources_(root, templates), made_from_(made_from) {}

  Retold run() {
    for (model::Unit& unit : facts_.units)
      if (unit.generator == "cython") take(unit);
    if (generated_.empty()) return std::move(out_);
    resolve_calls(facts_);
    find_python_locks(facts_,
                      {.line = [&](model::FileId file, std::uint32_t line) { return c_line(file, line); },
                       .source_line = [&](model::FileId file, std::uint32_t line) { return source_line(file, line); }});
    confine_generators(facts_);
    for (Function& function : facts_.functions)
      if (const auto made = generated_.find(function.span.file); made != generated_.end()) tell(function, made->second);
    name_callees();
    enter_generators(facts_, generators_);
    name_state();
    drop_c_only();
    // The module's own tables stand for the whole of it, wherever Cython puts them.
    for (model::Table& table : facts_.tables)
      for (model::Row& row : table.rows) name_type(table, row), at_head(row.span), at_cells(row);
    fields(*this, facts_);
    for (const auto& [shown, module] : out_.sources) {
      std::vector<model::Allowance> all = allowances_in(sources_.lines(shown), file_named(shown));
      facts_.allowances.insert(facts_.allowances.end(), all.begin(), all.end());
    }
    return std::move(out_);
  }

  // Visits every span that was not told yet.
  template <class... T> void operator()(T&... values) { (visit(values), ...); }

 private:
  void take(model::Unit& unit) {
    const std::string c_file = facts_.files[unit.file];
    const auto text = read_file(sources_.root() / c_file, 256u << 20);
    if (!text.ok()) return;
    Generated made{.lines = std::make_unique<Lines>(*text), .files = {}, .main = model::none, .written = {}};
    const auto given = made_from_.find(c_file);
    const std::string source = given == made_from_.end() ? "" : given->second;
    const std::string stem = fs::path(c_file).stem().string();
    for (std::uint32_t i = 0; i < made.lines->sources().size(); ++i) {
      const std::string& name = made.lines->sources()[i];
      const auto origin = sources_.template_of(name, c_file, source);
      if (origin) made.lines->renumber(i, origin->lines);
      const auto shown = origin ? shown_path(origin->file, sources_.root()) : sources_.meant(name, c_file, source);
      made.files.push_back(shown ? file_named(*shown) : model::none);
      if (!shown) continue;
      const bool better = *shown == source || (source.empty() && fs::path(*shown).stem() == stem);
      if (made.main == model::none || better) made.main = made.files.back();
    }
    if (!source.empty()) made.main = file_named(source);
    if (made.main == model::none) return;  // an unknown shape: it stays what it is, C
    for (const model::FileId file : made.files)
      if (file != model::none) out_.sources.try_emplace(facts_.files[file], out_.modules.size());
    out_.sources.try_emplace(facts_.files[made.main], out_.modules.size());
    out_.modules.push_back({facts_.files[made.main], c_file, made.lines->module(), made.lines->version()});
    const model::FileId file = unit.file;
    unit.file = made.main;
    generated_.emplace(file, std::move(made));
  }

  model::FileId file_named(const std::string& shown) {
    const auto known = std::find(facts_.files.begin(), facts_.files.end(), shown);
    if (known != facts_.files.end()) return model::FileId(known - facts_.files.begin());
    facts_.files.push_back(shown);
    return facts_.files.last_id();
  }

  // A line of C that the author wrote in a .pyx ("cdef extern from *") is found there by its text.
  void find_written(Generated& made) {
    if (!made.written.empty()) return;
    made.written.emplace("", std::pair{made.main, 1u});
    for (const model::FileId file : made.files) {
      if (file == model::none) continue;
      const std::vector<std::string>& lines = sources_.lines(facts_.files[file]);
      for (std::size_t i = 0; i < lines.size(); ++i)
        if (const std::string_view line = trim(lines[i]); line.size() > 3)
          made.written.emplace(line, std::pair{file, static_cast<std::uint32_t>(i + 1)});
    }
  }

  Span place(Generated& made, const Span& span, bool by_text = false) {
    Span out{made.main, 1, 1, 1, 2};
    if (by_text) {
      find_written(made);
      if (const auto there = made.written.find(std::string(trim(made.lines->text(span.line))));
          there != made.written.end())
        out.file = there->second.first, out.line = out.end_line = there->second.second;
    } else if (const Lines::Position at = made.lines->at(span.line);
               at.line != 0 && at.source != Lines::own && made.files[at.source] != model::none) {
      out.file = made.files[at.source], out.line = out.end_line = at.line;
    }
    const std::vector<std::string>& lines = sources_.lines(facts_.files[out.file]);
    if (out.line <= lines.size()) {
      const std::string& line = lines[out.line - 1];
      const std::size_t first = line.find_first_not_of(" \t");
      out.column = first == std::string::npos ? 1 : static_cast<std::uint32_t>(first + 1);
      out.end_column = static_cast<std::uint32_t>(trim(line).size()) + out.column;
    }
    return out;
  }

  std::string_view c_line(model::FileId file, std::uint32_t line) const {
    const auto made = generated_.find(file);
    return made == generated_.end() ? std::string_view() : made->second.lines->text(line);
  }
  std::string source_line(model::FileId file, std::uint32_t line) {
    const auto made = generated_.find(file);
    if (made == generated_.end()) return "";
    const Lines::Position at = made->second.lines->at(line);
    if (at.line == 0 || at.source == Lines::own || made->second.files[at.source] == model::none) return "";
    const std::vector<std::string>& lines = sources_.lines(facts_.files[made->second.files[at.source]]);
    return at.line <= lines.size() ? lines[at.line - 1] : "";
  }

  void name_type(const model::Table& table, const model::Row& row) {
    if (table.record != "PyTypeObject" || !generated_.contains(row.span.file)) return;
    for (const model::Cell& cell : row.cells)
      if (cell.field == "tp_name" && cell.value.kind == Operand::Kind::text) out_.words.type(cell.value.text);
  }
  void at_head(Span& span) {
    if (const auto made = generated_.find(span.file); made != generated_.end()) span = {made->second.main, 1, 1, 1, 2};
  }
  void at_cells(model::Row& row) {
    for (model::Cell& cell : row.cells) at_head(cell.span);
  }

  void narrow(Span& span, std::string_view word) {
    const std::vector<std::string>& lines = sources_.lines(facts_.files[span.file]);
    if (span.line == 0 || span.line > lines.size()) return;
    const std::uint32_t column = column_of(word, lines[span.line - 1]);
    if (column == 0) return;
    span.column = column, span.end_column = column + static_cast<std::uint32_t>(word.size());
  }

  void tell(Function& function, Generated& made) {
    CName name = taken_apart(function.name, *made.lines);
    const Lines::Position head = made.lines->at(function.span.line);
    const bool in_source = head.line != 0 && head.source != Lines::own && made.files[head.source] != model::none;
    const bool by_text = name.kind == Kind::other && !function.name.starts_with("PyInit_") && !in_body(function, made);
    const bool user =
        by_text || ((name.kind == Kind::body || name.kind == Kind::generator || name.kind == Kind::other) &&
                    in_source && !is_pickling(function) && !function.name.starts_with("PyInit_"));
    function.is_support |= !user || picks_specialisation(function);
    function.is_implicit |= name.kind == Kind::body && (name.last == "__get__" || name.last == "__set__") && user &&
                            !in_body(function, made);  // of a `public` attribute
    const std::string c_name = function.name;
    if (name.kind != Kind::support && name.kind != Kind::other) {
      std::string full = traceback_of(function, name);
      // The body of a generator knows its last name alone.
      if (name.kind == Kind::generator && full.find('.') == std::string::npos) name.last = full, full = name.dotted();
      function.name = without_module(full, made.lines->module());
      out_.words.name(c_name, function.name);
    }
    full_[function.key.text] = made.lines->module() + "." + function.name;
    if (name.kind == Kind::generator) generators_.insert(*full_.find(function.key.text));
    shown_[function.key.text] = made.lines->module().substr(made.lines->module().rfind('.') + 1) + "." + function.name;
    for (model::Variable& variable : function.variables) {
      variable.span = place(made, variable.span, by_text);
      if (const CName own = taken_apart(variable.name); own.kind == Kind::variable) variable.name = own.last;
    }
    const Span c_span = function.span;
    function.span = place(made, c_span, by_text);
    if (!user) function.span = Span{made.main, 1, 1, 1, 2};
    name_taken_locks(function);  // by the names of C that temporaries have
    for (Place& path : function.places) {
      if (!by_text && path.root == Place::Root::global && is_own(facts_.globals[path.global]))
        path.root = Place::Root::unknown;
      tell(path);
    }
    for (Event& event : function.events) {
      event.parallel = made.lines->parallel(event.span.line);
      event.body = model::none;  // a macro of Cython's
      // list(x) keeps a list that nobody else has: x is Cython's own reference, and it asks as later Pythons ask.
      if (event.callee == "Py_REFCNT" && made.lines->text(event.span.line).find("Py_REFCNT") == std::string_view::npos)
        event.callee = "PyUnstable_Object_IsUniquelyReferenced";
      event.span = place(made, event.span, by_text);
      narrow(event.span, word_of(function, event));
      if (user && event.span.file == function.span.file)
        function.span.end_line = std::max(function.span.end_line, event.span.line);
    }
    for (model::MacroUse& use : function.macros) use.span = place(made, use.span, by_text);
    function.bodies.clear();
    function.shapes.clear();  // nobody edits what Cython makes
    function.name_span = function.span, function.name_span.end_line = function.name_span.line;
    const std::vector<std::string>& lines = sources_.lines(facts_.files[function.span.file]);
    const std::string last = function.name.substr(function.name.rfind('.') + 1);
    // The comment before a function stands for its first decorator.
    for (std::uint32_t line = function.span.line; line <= lines.size() && line < function.span.line + 20; ++line)
      if (const std::uint32_t column = column_of(last, lines[line - 1]);
          column != 0 && !trim(lines[line - 1]).starts_with("@")) {
        function.name_span = {function.span.file, line, column, line, column + static_cast<std::uint32_t>(last.size())};
        break;
      }
  }

  // A line of the function has a comment of its own.
  static bool in_body(const Function& function, const Generated& made) {
    const Lines::Position head = made.lines->at(function.span.line);
    for (std::uint32_t line = function.span.line + 1; line < function.span.end_line; ++line)
      if (const std::string_view text = trim(made.lines->text(line)); text.starts_with("/* \"") && text.find("\":") > 0)
        return head.line != 0;
    return false;
  }

  // self->__pyx_base.n is the n of the base class, whoever asks; variables of a closure have their own names.
  static void tell(Place& path) {
    std::vector<model::Step> steps;
    for (std::size_t i = 0; i < path.steps.size(); ++i) {
      model::Step step = path.steps[i];
      if (step.kind == model::Step::Kind::field) {
        if (step.field == "__pyx_base" && i + 1 < path.steps.size()) continue;
        if (const CName name = taken_apart(step.field); name.kind == Kind::variable) step.field = name.last;
        if (const CName name = taken_apart(step.record); name.kind == Kind::record) step.record = name.dotted();
      }
      steps.push_back(std::move(step));
    }
    path.steps = std::move(steps);
    tell(path.type);
  }
  static void tell(model::Type& type) {
    if (const CName name = taken_apart(type.record); name.kind == Kind::record) type.record = name.dotted();
  }

  std::string word_of(const Function& function, const Event& event) const {
    const auto of_place = [&](std::uint32_t number) -> std::string {
      if (number == model::none) return "";
      const Place& path = function.places[number];
      for (auto step = path.steps.rbegin(); step != path.steps.rend(); ++step)
        if (step->kind == model::Step::Kind::field && !step->field.starts_with("__pyx")) return step->field;
      if (path.root == Place::Root::global) return taken_apart(facts_.globals[path.global].name).last;
      return path.root == Place::Root::variable ? function.variables[path.variable].name : "";
    };
    if (event.place != model::none) return of_place(event.place);
    const CName callee = taken_apart(event.callee);
    if (event.callee.empty() || callee.kind == Kind::support) {
      for (const Operand& operand : event.operands)
        if (operand.kind == Operand::Kind::place || operand.kind == Operand::Kind::address)
          if (const std::string word = of_place(operand.place); !word.empty() && !word.starts_with("__pyx"))
            return word;
      return "";
    }
    return callee.last;
  }

  // "m.C.grow": with its module, or it could be taken for a function of C.
  void name_callees() {
    for (Function& function : facts_.functions)
      for (Event& event : function.events)
        if (const auto known = shown_.find(event.callee_key.text); known != shown_.end())
          if (taken_apart(event.callee).kind != Kind::support && taken_apart(event.callee).kind != Kind::other)
            event.callee = known->second;
  }

  void name_state() {
    for (model::Global& global : facts_.globals)
      if (const CName name = taken_apart(global.name); name.kind == Kind::variable) global.name = name.last;
    for (model::Record& record : facts_.records) {
      if (const CName name = taken_apart(record.name); name.kind == Kind::record) record.name = name.dotted();
      for (model::Field& field : record.fields) {
        if (const CName name = taken_apart(field.name); name.kind == Kind::variable) field.name = name.last;
        tell(field.type);
      }
    }
    for (model::Global& global : facts_.globals) tell(global.type);
    for (Function& function : facts_.functions) {
      tell(function.result);
      for (model::Variable& variable : function.variables) tell(variable.type);
    }
    for (model::Table& table : facts_.tables) {
      if (const CName name = taken_apart(table.record); name.kind == Kind::record) table.record = name.dotted();
      if (table.record != "PyMethodDef" || !facts_.globals[table.variable].name.starts_with("__pyx_mdef_")) continue;
      for (model::Row& row : table.rows) name_method(row);
    }
  }

  // The table of one function that the module makes itself: its name is the full one.
  void name_method(model::Row& row) {
    std::string full;
    for (model::Cell& cell : row.cells)
      each_function(cell.value, [&](const std::string& key) {
        if (const auto known = full_.find(key); known != full_.end()) full = known->second;
      });
    for (model::Cell& cell : row.cells)
      if (cell.field == "ml_name" && cell.value.kind == Operand::Kind::text && !full.empty()) cell.value.text = full;
  }
  template <class Visit> static void each_function(const Operand& operand, Visit visit) {
    if (operand.kind == Operand::Kind::function) visit(operand.function.text);
    for (const Operand& part : operand.parts) each_function(part, visit);
  }

  // What only says something about the C itself.
  void drop_c_only() {
    const auto of_c = [&](const model::FileId& file) { return generated_.contains(file); };
    std::erase_if(facts_.regions, [&](const model::Region& region) { return of_c(region.file); });
    std::erase_if(facts_.allowances, [&](const model::Allowance& comment) { return of_c(comment.span.file); });
    std::erase_if(facts_.remarks, [&](const model::Remark& remark) { return of_c(remark.span.file); });
    std::erase_if(facts_.sources, [&](const model::Source& source) { return of_c(source.file); });
  }

  void visit(Span& span) {
    if (const auto made = generated_.find(span.file); made != generated_.end()) span = place(made->second, span);
  }
  void visit(std::string&) {}
  template <class T> void visit(std::vector<T>& all) {
    for (T& x : all) visit(x);
  }
  template <class T> void visit(T& x) {
    if constexpr (!std::is_enum_v<T> && !std::is_arithmetic_v<T>) fields(*this, x);
  }

  model::Facts& facts_;
  Sources sources_;
  const std::map<std::string, std::string>& made_from_;
  std::map<model::FileId, Generated> generated_;          // by the C's number in Facts::files
  std::map<std::string, std::string> shown_;              // function key -> "m.C.grow"
  std::map<std::string, std::string> full_, generators_;  // and "pkg.m.C.grow"; of bodies of generators alone
  Retold out_;
};

}  // namespace

Retold retell(model::Facts& facts, const fs::path& root, const std::map<std::string, std::string>& made_from,
              const fs::path& templates) {
  return Retelling(facts, root, made_from, templates).run();
}

bool agrees(std::string_view c_text, const fs::path& c_file, const fs::path& source, const fs::path& root) {
  const Lines lines(c_text);
  Sources sources(root);
  const std::string shown = shown_path(c_file, root);
  for (std::uint32_t i = 0; i < lines.sources().size(); ++i)
    if (sources.meant(lines.sources()[i], shown, "") == shown_path(source, root))
      return lines.made_from(i, sources.lines(shown_path(source, root)));
  return true;
}

bool tells_lines(std::string_view c_text) {
  for (std::size_t at = 0; (at = c_text.find("/* \"", at)) != std::string_view::npos; at += 4) {
    const std::string_view named = c_text.substr(at + 4, c_text.find_first_of("\"\n", at + 4) - at - 4);
    if (is_source_name(named) && c_text.substr(at + 4 + named.size()).starts_with("\":")) return true;
  }
  return false;
}

std::string version_of(std::string_view c_text) { return Lines(c_text.substr(0, c_text.find('\n'))).version(); }

}  // namespace ftaudit::cython
