#include "cython/python_locks.h"

#include <map>
#include <set>

#include "cython/functions.h"

namespace ftaudit::cython {
namespace {

using model::Event;
using model::Function;
using model::Operand;
using model::Place;

// What a local holds, as far as locks go.
struct Known {
  enum class Kind : std::uint8_t { nothing, name, slot, enter, exit, tried };
  Kind kind = Kind::nothing;
  std::string text;  // name: "threading.Lock", "threading.Lock()", "import threading"; all others: the lock's key
  std::uint32_t place = model::none;  // all but name: the place that has the lock; none: a name of the module
};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// "Lock" of `..., __pyx_mstate_global->__pyx_n_u_Lock)`: the last name that the line spells before its error check.
std::string name_in(std::string_view line) {
  line = line.substr(0, line.find("; if ("));
  std::string out;
  for (const std::string_view mark : {"__pyx_n_u_", "__pyx_n_s_"})
    if (const std::size_t at = line.rfind(mark); at != std::string_view::npos) {
      std::size_t end = at + mark.size();
      while (end < line.size() && is_word(line[end])) ++end;
      out = line.substr(at + mark.size(), end - at - mark.size());
    }
  return out;
}

bool is_call(const Event& event) { return event.kind <= Event::Kind::release; }

bool is_method_call(const Event& event) {
  return event.callee.ends_with("VectorcallMethod") || event.callee.starts_with("__Pyx_PyObject_FastCallMethod");
}

// The method's object is its only argument: the array has no other, and names of keywords are not given.
bool is_alone(const Event& call, const Operand& arguments) {
  return arguments.parts.size() == 2 && arguments.parts[1].kind == Operand::Kind::null &&
         (call.operands.size() < 4 || call.operands[3].kind == Operand::Kind::null);
}

class Walk {
 public:
  Walk(const Function& function, const CText& text) : function_(function), text_(text) {}

  std::string_view line(const Event& event) const { return text_.line(event.span.file, event.span.line); }

  // "Counter._lock" of a field, "g7" of a variable of the module; "" for all else.
  std::string slot(std::uint32_t number) const {
    if (number == model::none) return "";
    const Place& place = function_.places[number];
    if (place.root == Place::Root::global && place.steps.empty()) return "g" + std::to_string(place.global.n);
    if (place.steps.empty() || place.steps.back().kind != model::Step::Kind::field) return "";
    const model::Step& last = place.steps.back();
    return last.record.starts_with("__pyx_obj_") ? last.record + "." + last.field : "";
  }

  Known value(const Operand& operand) const {
    if (operand.kind == Operand::Kind::call) {
      const auto known = results_.find(operand.event);
      return known == results_.end() ? Known{} : known->second;
    }
    if (operand.kind == Operand::Kind::parts && !operand.parts.empty()) return value(operand.parts[0]);
    if (operand.kind != Operand::Kind::place && operand.kind != Operand::Kind::address) return {};
    const Place& place = function_.places[operand.place];
    if (place.root == Place::Root::variable && place.steps.empty()) {
      const auto known = locals_.find(place.variable);
      return known == locals_.end() ? Known{} : known->second;
    }
    const std::string key = slot(operand.place);
    return key.empty() ? Known{} : Known{Known::Kind::slot, key, operand.place};
  }

  void go_on(model::EventId at) {
    const Event& event = function_.events[at];
    if (is_call(event)) return called(at, event);
    if (event.kind != Event::Kind::write || event.place == model::none || event.operands.empty()) return;
    const Place& place = function_.places[event.place];
    if (place.root != Place::Root::variable || !place.steps.empty()) return;
    // What a generator kept over a yield is what the temporary had before it.
    const Operand& given = event.operands[0];
    if (given.kind == Operand::Kind::place && !function_.places[given.place].steps.empty() &&
        function_.places[given.place].steps.back().field.starts_with("__pyx_t_"))
      return;
    // The way out of a `with` stands once for each way that is gone; each of them empties the temporary behind its
    // call.
    if (const auto known = locals_.find(place.variable);
        known != locals_.end() && known->second.kind == Known::Kind::exit && given.kind == Operand::Kind::null)
      return;
    locals_[place.variable] = value(given);
    if (given.kind == Operand::Kind::parts) arguments_[place.variable] = given;
  }

  // The array that a call takes its arguments from: the object of the method, and NULL where there is no other.
  const Operand* arguments(const Event& event) const {
    for (const Operand& operand : event.operands)
      for (const Operand& part : operand.parts)
        if (part.kind == Operand::Kind::address || part.kind == Operand::Kind::place)
          if (const auto known = arguments_.find(function_.places[part.place].variable); known != arguments_.end())
            return &known->second;
    return nullptr;
  }

 private:
  void called(model::EventId at, const Event& event) {
    Known& out = results_[at];
    if (event.callee == "__Pyx__GetModuleGlobalName") {
      out = {Known::Kind::name, name_in(line(event))};
    } else if (event.callee == "__Pyx_PyObject_GetAttrStr" && !event.operands.empty()) {
      const Known object = value(event.operands[0]);
      if (object.kind == Known::Kind::name) out = {Known::Kind::name, object.text + "." + name_in(line(event))};
    } else if (event.callee.starts_with("__Pyx_PyObject_FastCall") && !event.operands.empty()) {
      const Known callee = value(event.operands[0]);
      if (callee.kind == Known::Kind::name) out = {Known::Kind::name, callee.text + "()"};
    } else if (is_method_call(event)) {
      const Operand* given = arguments(event);
      const Known object = given == nullptr ? Known{} : value(*given);
      if ((object.kind == Known::Kind::slot || object.kind == Known::Kind::name) && name_in(line(event)) == "acquire" &&
          !is_alone(event, *given))
        out = {Known::Kind::tried, object.text, object.place};
    } else if (event.callee == "PyMethod_GET_FUNCTION" && !event.operands.empty()) {
      out = value(event.operands[0]);  // a bound method is called by its parts
    } else if (event.callee == "__Pyx_Import" || event.callee == "__Pyx_ImportDottedModule") {
      const std::string_view text = line(event);
      std::string module = name_in(text.substr(0, text.find(',')));
      if (!module.empty()) out = {Known::Kind::name, "import " + module};
    } else if (event.callee == "__Pyx_ImportFrom" && !event.operands.empty()) {
      const Known module = value(event.operands[0]);
      if (module.text.starts_with("import ")) out = {Known::Kind::name, module.text + "." + name_in(line(event))};
    } else if (event.callee.ends_with("LookupSpecial") && !event.operands.empty()) {
      const Known object = value(event.operands[0]);
      const std::string name = name_in(line(event));
      if (object.kind == Known::Kind::slot || object.kind == Known::Kind::name)
        out = {name == "enter" ? Known::Kind::enter : Known::Kind::exit, object.text, object.place};
    }
  }

  const Function& function_;
  const CText& text_;
  std::map<std::uint32_t, Known> locals_;
  std::map<std::uint32_t, Operand> arguments_;
  std::map<model::EventId, Known> results_;
};

class PythonLocks {
 public:
  PythonLocks(model::Facts& facts, const CText& text) : facts_(facts), text_(text) {}

  void run() {
    for (Function& function : facts_.functions)
      if (is_ours(function)) collect(function);
    for (const auto& [key, values] : stored_)
      if (const std::string kind = kind_of(values); !kind.empty()) locks_[key] = kind;
    if (locks_.empty()) return;
    for (Function& function : facts_.functions)
      if (is_ours(function) && !function.name.starts_with("__Pyx_")) rewrite(function);
  }

 private:
  bool is_ours(const Function& function) const { return !text_.line(function.span.file, function.span.line).empty(); }

  std::string of_module(const Function& function, const std::string& name) const {
    return "name " + std::to_string(function.span.file.n) + "|" + name;
  }

  void collect(Function& function) {
    if (is_pickling(function)) return;
    Walk walk(function, text_);
    for (const model::EventId at : function.events.ids()) {
      const Event& event = function.events[at];
      walk.go_on(at);
      if (event.callee == "PyDict_SetItem" && event.operands.size() == 3) store_in_module(function, walk, event);
      if (event.callee == "__Pyx_Import") import_names(function, event);
      if (event.kind != Event::Kind::write || event.operands.empty()) continue;
      const std::string key = walk.slot(event.place);
      if (key.empty() || is_nothing(event.operands[0])) continue;
      const Known value = walk.value(event.operands[0]);
      stored_[key].insert(value.kind == Known::Kind::name ? of_module(function, value.text) : "?");
    }
  }

  bool is_nothing(const Operand& value) const {
    return value.kind == Operand::Kind::null || value.kind == Operand::Kind::number ||
           value.kind == Operand::Kind::unknown || value.kind == Operand::Kind::address ||
           (value.kind == Operand::Kind::global && facts_.globals[value.global].name == "_Py_NoneStruct");
  }

  void store_in_module(const Function& function, const Walk& walk, const Event& event) {
    const std::string_view line = walk.line(event);
    if (line.find("__pyx_d, ") == std::string_view::npos) return;
    const std::string name = name_in(line.substr(0, line.find(") < (0)")));
    if (name.empty()) return;
    const Known value = walk.value(event.operands[2]);
    stored_[of_module(function, name)].insert(value.kind == Known::Kind::name ? of_module(function, value.text) : "?");
  }

  // From 3.2 on the names of `from threading import Lock, RLock` stand in an array, above the call.
  void import_names(const Function& function, const Event& event) {
    const std::string_view call = text_.line(event.span.file, event.span.line);
    if (call.find("__pyx_imported_names") == std::string_view::npos) return;
    std::string_view line = text_.line(event.span.file, event.span.line - 1);
    const std::string module = name_in(call.substr(0, call.find(',')));
    for (std::size_t at = line.find('{'); at != std::string_view::npos; at = line.find(',', at + 1)) {
      const std::string name = name_in(line.substr(at, line.find(',', at + 1) - at));
      if (!name.empty() && !module.empty())
        stored_[of_module(function, name)].insert(of_module(function, "import " + module + "." + name));
    }
  }

  // "Lock", "RLock", if that is all that is stored.
  std::string kind_of(const std::set<std::string>& values) const {
    std::string out;
    for (const std::string& value : values) {
      const std::string kind = made(value);
      if (kind.empty() || (!out.empty() && kind != out)) return "";
      out = kind;
    }
    return out;
  }

  // "RLock" of "name 3|threading.RLock()", where that module imports `threading`.
  std::string made(const std::string& value) const {
    const std::size_t bar = value.find('|');
    if (bar == std::string::npos || !value.ends_with("()")) return "";
    const std::string scope = value.substr(0, bar + 1), whole = value.substr(bar + 1, value.size() - bar - 3);
    const std::size_t dot = whole.find('.');
    const auto first = stored_.find(scope + whole.substr(0, dot));
    if (first == stored_.end() || first->second.size() != 1 || *first->second.begin() == "?") return "";
    const std::string means =
        first->second.begin()->substr(bar + 1) + (dot == std::string::npos ? "" : whole.substr(dot));
    return means == "import threading.Lock" ? "Lock" : means == "import threading.RLock" ? "RLock" : "";
  }

  std::string lock_kind(const Function& function, const Known& known) const {
    const auto found = locks_.find(known.place == model::none ? of_module(function, known.text) : known.text);
    return found == locks_.end() ? "" : found->second;
  }

  void rewrite(Function& function) {
    Walk walk(function, text_);
    for (const model::EventId at : function.events.ids()) {
      walk.go_on(at);
      if (!is_call(function.events[at]) || function.events[at].operands.empty()) continue;
      if (is_method_call(function.events[at])) by_method(function, walk, at);
      else if (function.events[at].callee == "__Pyx_PyObject_IsTrue") by_test(function, walk, at);
      else if (function.events[at].callee.starts_with("__Pyx_PyObject_")) by_with(function, walk, at);
    }
  }

  void by_with(Function& function, const Walk& walk, model::EventId at) {
    const Event& event = function.events[at];
    const Known called = walk.value(event.operands[0]);
    if (called.kind != Known::Kind::enter && called.kind != Known::Kind::exit) return;
    const std::string kind = lock_kind(function, called);
    if (kind.empty() || event.callee.ends_with("LookupSpecial")) return;
    if (called.kind == Known::Kind::exit)
      return become(function, at, Event::Kind::release, "threading." + kind + ".__exit__", {event.operands[0]});
    // The way out was looked up first, and is what gives this lock back.
    Operand token, lock = lock_operand(function, called, event);
    for (model::EventId before = at; before.n > 0 && token.kind == Operand::Kind::unknown;) {
      --before.n;
      const Event& write = function.events[before];
      if (write.kind != Event::Kind::write || write.operands.empty() || write.operands[0].kind != Operand::Kind::call ||
          write.place == model::none)
        continue;
      Operand stored;
      stored.kind = Operand::Kind::place, stored.place = write.place;
      if (const Known way = walk.value(stored); way.kind == Known::Kind::exit && way.text == called.text)
        token = stored;
    }
    if (token.kind == Operand::Kind::unknown) return;
    token.kind = Operand::Kind::address;
    become(function, at, Event::Kind::acquire, "threading." + kind + ".__enter__", {token, std::move(lock)});
    cannot_fail(function, at);
  }

  // lock.acquire() and lock.release(), without arguments.
  void by_method(Function& function, const Walk& walk, model::EventId at) {
    const Event& event = function.events[at];
    const Operand* arguments = walk.arguments(event);
    if (arguments == nullptr || arguments->parts.empty()) return;
    const Known object = walk.value(*arguments);
    const std::string name = name_in(walk.line(event));
    if ((object.kind != Known::Kind::slot && object.kind != Known::Kind::name) ||
        (name != "acquire" && name != "release"))
      return;
    const std::string kind = lock_kind(function, object);
    if (kind.empty() || !is_alone(event, *arguments)) return;
    Operand lock = lock_operand(function, object, event);
    become(function, at, name == "acquire" ? Event::Kind::acquire : Event::Kind::release,
           "threading." + kind + "." + name, {std::move(lock)});
    cannot_fail(function, at);
  }

  // if lock.acquire(blocking=False): taken where the answer is true.
  void by_test(Function& function, const Walk& walk, model::EventId at) {
    const Known tried = walk.value(function.events[at].operands[0]);
    const std::string kind = tried.kind == Known::Kind::tried ? lock_kind(function, tried) : "";
    if (kind.empty()) return;
    Operand lock = lock_operand(function, tried, function.events[at]);
    become(function, at, Event::Kind::acquire, "threading." + kind + ".acquire(blocking=False)", {std::move(lock)});
    cannot_fail(function, at);
  }

  static void become(Function& function, model::EventId at, Event::Kind kind, std::string callee,
                     std::vector<Operand> operands) {
    Event& event = function.events[at];
    event.kind = kind, event.callee = std::move(callee), event.callee_key = {}, event.target = {};
    event.operands = std::move(operands);
    if (kind == Event::Kind::release && event.callee.ends_with("__exit__"))
      event.operands[0].kind = Operand::Kind::address;
  }

  // An object in a cdef attribute is the lock; one that only the module's dict has gets a variable to go by.
  Operand lock_operand(Function& function, const Known& known, const Event& event) {
    Operand out;
    out.kind = Operand::Kind::place, out.place = known.place;
    if (known.place != model::none) return out;
    const std::string key = of_module(function, known.text);
    auto [made, is_new] = named_.try_emplace(key);
    if (is_new) {
      model::Global global{.key = key, .name = spelled(known.text, event), .type = {}, .span = {}, .owner = {}};
      global.type.kind = model::Type::Kind::pointer, global.type.spelling = "PyObject *";
      global.type.record = "PyObject", global.type.indirections = 1, global.type.to_object = true;
      global.span = function.span, global.is_defined = true;
      facts_.globals.push_back(std::move(global));
      made->second = facts_.globals.last_id();
    }
    Place place;
    place.root = Place::Root::global, place.global = made->second, place.type = facts_.globals[made->second].type;
    function.places.push_back(std::move(place));
    out.place = static_cast<std::uint32_t>(function.places.size() - 1);
    return out;
  }

  // "_lock", as the source has it: names of constants in the C have no underscores in front.
  std::string spelled(const std::string& name, const Event& event) const {
    const std::string line = text_.source_line(event.span.file, event.span.line);
    for (std::size_t at = line.find(name); at != std::string::npos; at = line.find(name, at + 1)) {
      std::size_t first = at;
      while (first > 0 && line[first - 1] == '_') --first;
      if ((first == 0 || !is_word(line[first - 1])) &&
          (at + name.size() == line.size() || !is_word(line[at + name.size()])))
        return line.substr(first, at - first) + name;
    }
    return name;
  }

  // The test of the result for NULL or -1: only a signal's handler that raises gets there, and then nothing was taken.
  static void cannot_fail(Function& function, model::EventId at) {
    for (model::Block& block : function.blocks) {
      if (at < block.first || !(at < block.last) || block.condition == model::none || block.successors.size() != 2)
        continue;
      const Event& compare = function.events[block.condition];
      using Operator = Event::Operator;
      if (compare.op != Operator::equal && compare.op != Operator::unequal && compare.op != Operator::less) return;
      const std::uint32_t way = block.successors[compare.op == Operator::unequal ? 0 : 1];
      block.successors = {way}, block.condition = model::none;
      return;
    }
  }

  model::Facts& facts_;
  const CText& text_;
  std::map<std::string, std::set<std::string>> stored_;  // what is put into each slot
  std::map<std::string, std::string> locks_;             // slots that only ever have a lock: "Lock", "RLock"
  std::map<std::string, model::GlobalId> named_;
};

}  // namespace

void find_python_locks(model::Facts& facts, const CText& text) { PythonLocks(facts, text).run(); }

}  // namespace ftaudit::cython
