// Writing, where a function gets a wrapper of its name: what is done before and behind the old body, whatever returns.
#include <algorithm>
#include <map>

#include "base/text.h"
#include "plan/words.h"
#include "plan/writing.h"

namespace ftaudit::plan {

using model::Event;
using model::Function;
using model::Place;

// The head of a function, in the text, for two functions with it.
struct Writing::Wrapped {
  const SourceText* source = nullptr;
  std::size_t first = 0, name = 0, brace = 0, last = 0;  // where it begins, its name, its body and its end
  std::vector<std::string> arguments;
  std::string step, eol;

  std::string before() const { return source->text().substr(first, name - first); }
  std::string head() const { return source->text().substr(name, brace - name); }
  // Of the arguments, and not one of them.
  std::string fresh(std::string word) const {
    while (std::ranges::find(arguments, word) != arguments.end()) word += "_";
    return word;
  }
  // The old body is called `inner`, and this comes behind it.
  void add(const Function& function, const std::string& inner, const std::vector<std::string>& lines,
           std::vector<Fix>& out) const {
    std::string wrapper = eol + eol + before() + head() + "{" + eol;
    for (const std::string& line : lines) wrapper += line + eol;
    out.push_back(source->replacement({name, name + function.name.size()}, inner));
    if (before().find("static") == std::string::npos) out.push_back(source->insertion(first, "static "));
    out.push_back(source->insertion(last, wrapper + "}"));
  }
};

Result<Writing::Wrapped> Writing::wrapped(const Function& function, const std::string& inner) {
  const Location whole = audit_.location(function.span), named = audit_.location(function.name_span);
  const Result<const SourceText*> found = source(whole.file);
  if (!found.ok()) return Error{found.message()};
  const SourceText& source = **found;
  const std::optional<TextRange> span = source.range(whole);
  const auto by_hand = [&](const std::string& why) { return Error{function.name + " " + why}; };
  if (!span || named.file != whole.file) return by_hand("comes out of a macro");
  const std::size_t at = source.offset(named.line, named.column);
  const std::string& text = source.text();
  if (text.compare(at, function.name.size(), function.name) != 0 || at < span->first)
    return by_hand("comes out of a macro");
  const std::optional<std::size_t> brace = source.next_brace(at);
  if (!brace || *brace >= span->last || text[span->last - 1] != '}') return by_hand("has a head that is not plain");
  if (source.mentions(inner, {0, text.size()})) return by_hand("has a " + inner + " already");
  if (source.mentions(function.name, {*brace, span->last})) return by_hand("calls itself");
  Wrapped out{.source = &source, .first = span->first, .name = at, .brace = *brace, .last = span->last};
  if (out.head().find("...") != std::string::npos) return by_hand("takes any number of arguments");
  for (std::uint32_t p = 0; p < function.parameters; ++p) out.arguments.push_back(function.variables[p].name);
  if (std::ranges::any_of(out.arguments, [](const std::string& name) { return name.empty(); }))
    return by_hand("has an argument without a name");
  out.step = source.step_of_indent(*brace), out.eol = source.end_of_line();
  return out;
}

static std::string declared(const std::string& type, const std::string& name) {
  return type + (type.ends_with("*") ? "" : " ") + name + ";";
}

// `name` becomes what locks and calls the old body, `name_lock_held`.
Status Writing::wrap(const Function& function, const std::vector<std::string>& open,
                     const std::vector<std::string>& close, bool section, Fixes& out) {
  const std::string held = body_under_lock(function.name);
  const Result<Wrapped> made = wrapped(function, held);
  if (!made.ok()) return Error{made.message()};
  const bool is_void = function.result.spelling == "void";
  const std::string result = made->fresh("result"), call = held + "(" + join(made->arguments, ", ") + ");";
  std::vector<std::string> lines;
  const auto add = [&](const std::vector<std::string>& more) { lines.insert(lines.end(), more.begin(), more.end()); };
  if (!is_void) lines.push_back(made->step + declared(function.result.spelling, result));
  add(guarded(open, made->step, section));
  lines.push_back(made->step + (is_void ? "" : result + " = ") + call);
  add(guarded(close, made->step, section));
  if (!is_void) lines.push_back(made->step + "return " + result + ";");
  made->add(function, held, lines, out);
  return Done{};
}

// Who holds the section all through calls the body of a function that would take the same one: a thread that waits for
// what it holds itself lets go of it on 3.13, and is two hundred times slower (cpython, Python/critical_section.c).
void Writing::call_held(const Remedy& remedy, Fixes& out) {
  std::map<FunctionId, const Edit*> held;
  for (const Edit& edit : remedy.edits)
    if (is_whole_section(edit) && edit.objects.size() == 1 && edit.objects[0].steps.empty())
      held.emplace(edit.function, &edit);
  const auto parameter = [](const Edit* edit) { return edit->objects[0].variable; };
  for (const auto& [id, own] : held) {
    const Function& function = audit_.program().function(id);
    for (const analysis::Edge& edge : audit_.program().calls_from(id)) {
      const auto other = held.find(edge.to);
      if (edge.mention || edge.to == id || other == held.end()) continue;
      const Function& callee = audit_.program().function(edge.to);
      const Event& call = function.events[edge.event];
      const Location at = audit_.location(call.span), body = audit_.location(callee.span);
      if (parameter(other->second) >= call.operands.size() || at.file != body.file || at.line < body.line) continue;
      const model::Operand& given = call.operands[parameter(other->second)];
      if (given.kind != model::Operand::Kind::place || !is_same_object(function.places[given.place], own->objects[0]))
        continue;
      const Result<const SourceText*> found = source(at.file);
      if (!found.ok()) continue;
      const std::size_t first = (*found)->offset(at.line, at.column);
      const TextRange name{first, first + callee.name.size()};
      if ((*found)->part(name) == callee.name) out.push_back((*found)->replacement(name, body_under_lock(callee.name)));
    }
  }
}

// `name` becomes what takes references of its own in a section and calls the old body, `name_kept`, with them.
Status Writing::keep(const Function& function, const std::vector<const Edit*>& reads, Fixes& out) {
  const std::string inner = function.name + "_kept";
  if (!is_c(audit_.location(function.name_span).file))
    return Error{function.name + " is not C, where nothing leaves a function but a return"};
  const Result<Wrapped> made = wrapped(function, inner);
  if (!made.ok()) return Error{made.message()};
  const SourceText& source = *made->source;
  const std::string object = written(audit_, function, reads[0]->objects[0]);
  std::map<std::string, std::string> kept;  // by field: its type
  for (const Edit* edit : reads) {
    const Place& place = function.places[function.events[edit->first].place];
    const std::optional<TextRange> at = source.range(audit_.location(function.events[edit->first].span));
    const bool field = place.root == Place::Root::variable && place.variable < function.parameters &&
                       place.steps.size() == 2 && place.steps[1].kind == model::Step::Kind::field;
    if (!field || object.empty() || object != written(audit_, function, edit->objects[0]) ||
        !(edit->objects[0].steps.empty() && edit->objects[0].variable == place.variable))
      return Error{"what " + function.name + " reads is to be kept by a reference of its own, given back on every way"};
    const std::string& name = place.steps[1].field;
    if (!at || at->first < made->brace || at->last > made->last || !source.part(*at).ends_with("->" + name))
      return Error{"a place in " + function.name + " comes out of a macro"};
    if (source.mentions("own_" + name, {made->first, made->last}))
      return Error{function.name + " has an own_" + name + " already"};
    kept.emplace(name, place.type.spelling);
    out.push_back(source.replacement(*at, "own_" + name));
  }
  if (Status spelled = spell_sections(audit_.location(function.span).file, out); !spelled.ok()) return spelled;
  const std::size_t close = source.text().rfind(')', made->brace);
  const bool is_void = function.result.spelling == "void";
  const std::string result = made->fresh("result"), &step = made->step;
  std::string more, call = inner + "(" + join(made->arguments, ", ");
  std::vector<std::string> lines, taken, dropped;
  for (const auto& [name, type] : kept) {
    const std::string own = "own_" + name, local = declared(type, own);
    more += ", " + local.substr(0, local.size() - 1), call += ", " + own;
    lines.push_back(step + local);
    taken.push_back(step + own + " = " + object + "->" + name + ";");
    taken.push_back(step + "Py_XINCREF(" + own + ");");
    dropped.push_back(step + "Py_XDECREF(" + own + ");");
  }
  if (!is_void) lines.push_back(step + declared(function.result.spelling, result));
  lines.push_back(step + "Py_BEGIN_CRITICAL_SECTION(" + object + ");");
  lines.insert(lines.end(), taken.begin(), taken.end());
  lines.push_back(step + "Py_END_CRITICAL_SECTION();");
  lines.push_back(step + (is_void ? "" : result + " = ") + call + ");");
  lines.insert(lines.end(), dropped.begin(), dropped.end());
  if (!is_void) lines.push_back(step + "return " + result + ";");
  out.push_back(source.insertion(close, more));
  made->add(function, inner, lines, out);
  return Done{};
}

}  // namespace ftaudit::plan
