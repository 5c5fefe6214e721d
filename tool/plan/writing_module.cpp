// Writing, where a module is made: caches that are filled there once and for all, and what the module says of itself.
#include <algorithm>

#include "base/text.h"
#include "plan/words.h"
#include "plan/writing.h"

namespace ftaudit::plan {

using model::Function;
using model::Global;
using model::GlobalId;
using model::Place;

namespace {

constexpr const char* filler = "make_cached_objects";

// The one function of the file that makes a module: its exec function, or PyInit where there is none.
const Function* maker_in(const analysis::Audit& audit, const std::string& file) {
  for (const capi::Role role : {capi::Role::module_exec, capi::Role::module_init}) {
    std::set<FunctionId> found;
    for (const analysis::EntryPoint& entry : audit.entries())
      if (entry.role == role && audit.location(audit.program().function(entry.function).span).file == file)
        found.insert(entry.function);
    if (found.size() == 1) return &audit.program().function(*found.begin());
    if (!found.empty()) return nullptr;
  }
  return nullptr;
}

// Each `if (cache == NULL) { cache = ...; }` of a file goes into one function that the maker of the module calls first.
class Filling {
 public:
  Filling(const analysis::Audit& audit, const SourceText& source, const std::string& file)
      : audit_(audit), source_(source), file_(file), eol_(source.end_of_line()) {}

  Status begin(const Remedy& remedy) {
    maker_ = maker_in(audit_, file_);
    if (maker_ == nullptr) return Error{"which function of " + file_ + " makes the module is not plain"};
    const Location named = audit_.location(maker_->name_span);
    const std::optional<std::size_t> brace = source_.next_brace(source_.offset(named.line, named.column));
    if (!brace || named.file != file_) return Error{maker_->name + " has a head that is not plain"};
    if (source_.mentions(filler, {0, source_.text().size()}))
      return Error{"there is a " + std::string(filler) + " already"};
    brace_ = *brace, step_ = source_.step_of_indent(brace_);
    above_ = source_.above(source_.line_start(source_.offset(maker_->span.line, 1)));
    for (const Edit& edit : remedy.edits) names_.insert(audit_.facts().globals[filled_by(edit)].name);
    return Done{};
  }

  Status take(const Edit& edit) {
    const Function& function = audit_.program().function(edit.function);
    const Global& global = audit_.facts().globals[filled_by(edit)];
    const Location at = audit_.location(function.events[edit.first].span), body = audit_.location(function.span);
    const std::optional<TextRange> write = source_.range(at), all = source_.range(body);
    if (at.file != file_ || body.file != file_ || audit_.location(global.span).file != file_ || !write || !all)
      return Error{global.name + " comes out of a macro, or of another file"};
    if (!taken_.insert(global.name).second) return Error{global.name + " is filled at several places"};
    const std::optional<TextRange> statement = source_.if_unset(global.name, all->first, *write);
    const std::optional<std::string> moved =
        statement ? source_.leaving_by("return -1", *statement) : std::optional<std::string>();
    if (!moved) return Error{"what fills " + global.name + " does more than that"};
    for (const std::string& word : source_.words(*statement))
      if (source_.part(*all).find("\n" + word + ":") != std::string_view::npos &&
          source_.count(word, *all) - source_.count(word, *statement) == 1)
        return Error{function.name + " has a " + word + " that only this leads to"};
    if (Status alone = stands_alone(function, global, *statement); !alone.ok()) return alone;
    if (Status seen = declare_before(global, *all); !seen.ok()) return seen;
    add_lines(*moved, source_.indent_at(statement->first));
    if (source_.count(global.name, *statement) < 3)  // not looked at behind the assignment
      statements_ += step_ + "if (" + global.name + " == NULL)" + eol_ + step_ + step_ + "return -1;" + eol_;
    removed_.push_back({statement->first, behind_blank(statement->last)});
    return Done{};
  }

  void finish(std::vector<Fix>& out) {
    for (const auto& [where, lines] : declared_) out.push_back(source_.insertion(where, lines + eol_));
    // What touches is one edit.
    std::ranges::sort(removed_, {}, &TextRange::first);
    for (std::size_t n = 0; n < removed_.size(); ++n) {
      TextRange range = removed_[n];
      while (n + 1 < removed_.size() && removed_[n + 1].first <= range.last) range.last = removed_[++n].last;
      out.push_back(source_.replacement(range, ""));
    }
    out.push_back(source_.insertion(above_, "static int" + eol_ + filler + "(void)" + eol_ + "{" + eol_ + statements_ +
                                                step_ + "return 0;" + eol_ + "}" + eol_ + eol_));
    const std::string fails = maker_->result.spelling == "int" ? "-1" : "NULL";
    out.push_back(
        source_.insertion(source_.text().find('\n', brace_) + 1,
                          step_ + "if (" + filler + "() < 0)" + eol_ + step_ + step_ + "return " + fails + ";" + eol_));
  }

 private:
  GlobalId filled_by(const Edit& edit) const {
    const Function& function = audit_.program().function(edit.function);
    return GlobalId(function.places[function.events[edit.first].place].global);
  }

  // What it is made of is there already, and nothing of the function that it leaves.
  Status stands_alone(const Function& function, const Global& global, TextRange statement) const {
    const std::set<std::string> words = source_.words(statement);
    for (const model::Variable& local : function.variables) {
      const std::size_t begins = source_.offset(local.span.line, local.span.column);
      if (words.contains(local.name) && (begins < statement.first || begins >= statement.last))
        return Error{global.name + " is made of " + local.name + " in " + function.name};
    }
    for (const Global& other : audit_.facts().globals)
      if (words.contains(other.name) && !names_.contains(other.name) && !other.type.is_const &&
          audit_.location(other.span).file == file_)
        return Error{global.name + " is made of " + other.name + ", which may come later"};
    return Done{};
  }

  // A static local comes before the function that had it. `body`: that function.
  Status declare_before(const Global& global, TextRange body) {
    const bool local = global.storage == model::Storage::static_local;
    const std::size_t declared = source_.offset(global.span.line, global.span.column);
    const std::size_t where = local ? source_.above(source_.line_start(body.first)) : declared;
    const std::vector<std::size_t> here = source_.branches_at(where), there = source_.branches_at(above_);
    if (where > above_ || here.size() > there.size() || !std::equal(here.begin(), here.end(), there.begin()))
      return Error{global.name + " is not known where the module is made"};
    if (!local) return Done{};
    const TextRange line{source_.line_start(declared), source_.text().find('\n', declared) + 1};
    const std::string text(trim(source_.part(line)));
    if (!text.starts_with("static ") || text.find(',') != text.npos ||
        !(text.ends_with(global.name + ";") || text.ends_with("= NULL;")))
      return Error{"the declaration of " + global.name + " says more than one thing"};
    if (source_.mentions(global.name, {0, body.first}) ||
        source_.mentions(global.name, {body.last, source_.text().size()}))
      return Error{"there is another " + global.name};
    removed_.push_back({line.first, behind_blank(line.last - 1)});
    declared_[where] += text + eol_;
    return Done{};
  }

  // The beginning of the line behind, and behind the blank one that sets off what is there.
  std::size_t behind_blank(std::size_t at) const {
    const std::size_t next = source_.text().find('\n', at) + 1, end = source_.line_end(next);
    const bool blank = next < source_.text().size() && trim(source_.part({next, std::max(next, end)})).empty();
    return blank ? source_.text().find('\n', next) + 1 : next;
  }

  void add_lines(const std::string& text, const std::string& was) {
    for (const std::string& raw : split(text, '\n')) {
      std::string_view line = raw;
      if (line.ends_with("\r")) line.remove_suffix(1);
      statements_ += line.starts_with(was) ? step_ + std::string(line.substr(was.size())) : std::string(line);
      statements_ += eol_;
    }
  }

  const analysis::Audit& audit_;
  const SourceText& source_;
  const std::string file_, eol_;
  const Function* maker_ = nullptr;
  std::size_t brace_ = 0, above_ = 0;  // of the maker: its body, and what stands over it
  std::string step_, statements_;
  std::vector<TextRange> removed_;
  std::map<std::size_t, std::string> declared_;  // by where
  std::set<std::string> names_, taken_;          // of all that is filled, and of what has been taken so far
};

}  // namespace

Status Writing::fill_at_import(const Remedy& remedy, Fixes& out) {
  const std::string file = audit_.location(audit_.program().function(remedy.edits[0].function).span).file;
  if (!is_c(file)) return Error{"what fills it has to move to where the module is made"};
  const Result<const SourceText*> found = source(file);
  if (!found.ok()) return Error{found.message()};
  for (const Edit& edit : remedy.edits) {
    const Function& function = audit_.program().function(edit.function);
    const Place& place = function.places[function.events[edit.first].place];
    if (place.root != Place::Root::global || !place.steps.empty()) return Error{"it is filled in part"};
  }
  Filling filling(audit_, **found, file);
  if (Status begun = filling.begin(remedy); !begun.ok()) return begun;
  for (const Edit& edit : remedy.edits)
    if (Status taken = filling.take(edit); !taken.ok()) return taken;
  filling.finish(out);
  return Done{};
}

// `module = PyModule_Create(&definition);`, and the test whether there is one where it comes next.
Status Writing::declare_made(const Function& function, const Edit& edit, Fixes& out) {
  const Location at = audit_.location(function.events[edit.first].span);
  const Result<const SourceText*> found = source(at.file);
  if (!found.ok()) return Error{found.message()};
  const SourceText& source = **found;
  for (const EventId e : function.events.ids(edit.first + 1)) {
    const model::Event& store = function.events[e];
    if (store.kind != model::Event::Kind::write || store.operands.empty() ||
        store.operands[0].kind != model::Operand::Kind::call || store.operands[0].event != edit.first)
      continue;
    const Place& place = function.places[store.place];
    const std::optional<TextRange> part = source.range(audit_.location(store.span));
    const std::string name = place.steps.empty() ? written(audit_, function, place) : std::string();
    if (!part || name.empty()) break;
    const std::optional<std::size_t> behind = source.behind_test(name, *part);
    const std::optional<TextRange> statement = source.statements(*part);
    if (!behind && !statement) break;
    const std::string eol(source.end_of_line()), indent = source.indent_at(source.line_start(part->first));
    const std::string call = "PyUnstable_Module_SetGIL(" + name + ", Py_MOD_GIL_NOT_USED);" + eol;
    out.push_back(source.insertion(behind ? *behind : source.text().find('\n', statement->last - 1) + 1,
                                   "#ifdef Py_GIL_DISABLED" + eol +
                                       (behind ? "" : indent + "if (" + name + " != NULL)" + eol) + indent +
                                       (behind ? "" : "    ") + call + "#endif" + eol));
    return Done{};
  }
  return Error{"how the module is made is not plain"};
}

Status Writing::declare(const Edit& edit, Fixes& out) {
  for (const analysis::Module& module : audit_.modules()) {
    if (module.style != analysis::Module::Style::multi_phase || module.gil != analysis::Declares::missing ||
        module.terminator.line == 0 || edit.global == none)
      continue;
    const model::Span& slots = audit_.facts().globals[edit.global].span;
    if (!(slots.file == module.slots.file) || slots.line != module.slots.line) continue;
    const Location at = audit_.location(module.terminator);
    const Result<const SourceText*> found = source(at.file);
    if (!found.ok()) return Error{found.message()};
    const SourceText& source = **found;
    const std::size_t row = source.offset(at.line, at.column), line = source.line_start(row);
    if (!trim(std::string_view(source.text()).substr(line, row - line)).empty())
      return Error{"the slots stand on one line"};
    const std::string eol(source.end_of_line());
    out.push_back(source.insertion(line, "#ifdef Py_GIL_DISABLED" + eol + source.indent_at(line) +
                                             "{Py_mod_gil, Py_MOD_GIL_NOT_USED}," + eol + "#endif" + eol));
    return Done{};
  }
  if (edit.function != none && edit.first != none)
    return declare_made(audit_.program().function(edit.function), edit, out);
  return Error{edit.macro != none                             ? "it is the binding's or the build's to say"
               : edit.function == none && edit.global != none ? "the definition has no slots that it could be added to"
                                                              : "how the module is made is not plain"};
}

}  // namespace ftaudit::plan
