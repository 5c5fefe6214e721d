#include "analysis/bindings.h"
#include "capi/fields.h"

#include <algorithm>
#include <array>

namespace ftaudit::analysis {

using capi::Role;
using model::Event;
using model::Operand;
using model::Place;

namespace {

constexpr int chain_limit = 256;  // of .def().def()...

std::string_view last_of(std::string_view name) {
  const std::size_t at = name.rfind("::");
  return at == std::string_view::npos ? name : name.substr(at + 2);
}

// def, def_static, def_property_readonly, def_prop_rw, add_property, ...
bool defines(std::string_view member) {
  return member.starts_with("def") || member == "add_property" || member == "add_static_property" || member == "slots";
}

bool is_class(std::string_view callee) {
  const std::string_view member = last_of(callee);
  for (std::string_view name : {"class_", "enum_", "exception", "bind_vector", "bind_map"})
    if (member == name) return true;
  return false;
}

// Reads and writes of a property come in this order.
Role accessor(std::string_view member, int position) {
  const bool property = member.find("prop") != std::string_view::npos ||
                        member.find("read") != std::string_view::npos || member.starts_with("def_rw") ||
                        member.starts_with("def_ro");
  return !property ? Role::method : position == 0 ? Role::getter : Role::setter;
}

// A class as Python knows it, and as the project does.
struct Class {
  std::string name, record;
};

// Functions go by the name of the template, records by that of the instance.
bool is_of(const model::Function& function, const std::string& record) {
  return function.name.substr(0, function.name.rfind("::")) == record.substr(0, record.find('<'));
}

struct Operator {
  std::string_view spelled, python;
};
constexpr std::array operators{
    Operator{"operator+", "__add__"},     Operator{"operator-", "__sub__"},   Operator{"operator*", "__mul__"},
    Operator{"operator/", "__truediv__"}, Operator{"operator%", "__mod__"},   Operator{"operator==", "__eq__"},
    Operator{"operator!=", "__ne__"},     Operator{"operator<", "__lt__"},    Operator{"operator>", "__gt__"},
    Operator{"operator<=", "__le__"},     Operator{"operator>=", "__ge__"},   Operator{"operator+=", "__iadd__"},
    Operator{"operator-=", "__isub__"},   Operator{"operator*=", "__imul__"}, Operator{"operator/=", "__itruediv__"},
    Operator{"operator&", "__and__"},     Operator{"operator|", "__or__"},    Operator{"operator^", "__xor__"},
};

class Reader {
 public:
  Reader(const Program& program, const Site& site)
      : program_(program), function_(program.function(site.function)), event_(function_.events[site.event]) {}

  std::vector<Bound> read() {
    const std::string_view member = last_of(event_.callee);
    if (is_class(event_.callee)) return destroyed();
    if (defines(member) && !event_.operands.empty()) owner_ = class_of(event_.operands[0], 0);
    std::string name;
    for (const Operand& operand : event_.operands)
      if (operand.kind == Operand::Kind::text && name.empty()) name = operand.text;
    if (event_.callee.find("make_constructor") != std::string::npos) name = "__init__";
    int position = 0;
    for (const Operand& operand : event_.operands) bind(operand, name, member, position);
    return std::move(out_);
  }

 private:
  std::string named(const std::string& name) const { return owner_.name.empty() ? name : owner_.name + "." + name; }

  void add(FunctionId function, Role role, const std::string& name) {
    if (function != none) out_.push_back({function, role, name});
  }

  // A pointer to a virtual method calls what the object at hand has of it.
  void add(const model::FunctionKey& function, Role role, const std::string& name) {
    add(program_.find(function), role, name);
    for (const FunctionId id : program_.overriders(function)) add(id, role, name);
  }

  void bind(const Operand& operand, const std::string& name, std::string_view member, int& position) {
    if (operand.kind == Operand::Kind::function) {
      const Role role = name == "__init__" ? Role::new_slot : accessor(member, position);
      ++position;
      return add(operand.function, role, named(name));
    }
    if (operand.kind == Operand::Kind::choice || operand.kind == Operand::Kind::parts)
      for (const Operand& part : operand.parts) bind(part, name, member, position);
    if (operand.kind != Operand::Kind::call) {
      // py::init<int>() is an object without arguments.
      if (operand.kind == Operand::Kind::unknown && operand.text.find("init<") != std::string::npos) constructors();
      return;
    }
    const Event& made = function_.events[operand.event];
    if (!capi::is_binding_scope(made.callee) || &made == &event_) return;
    const std::string_view maker = last_of(made.callee);
    if (defines(maker) || is_class(made.callee)) return;  // the chain the call stands in
    if (maker == "init" || maker == "init_alias" || maker == "new_" || maker == "constructor") {
      const std::size_t before = out_.size();
      for (const Operand& given : made.operands)
        if (given.kind == Operand::Kind::function)
          add(program_.find(given.function), Role::new_slot, named("__init__"));
      if (out_.size() == before) constructors();
    } else if (maker == "pickle") {
      std::string_view pickled = "__getstate__";
      for (const Operand& given : made.operands)
        if (given.kind == Operand::Kind::function) {
          add(program_.find(given.function), pickled == "__getstate__" ? Role::method : Role::new_slot,
              named(std::string(pickled)));
          pickled = "__setstate__";
        }
    } else if (maker.starts_with("operator") && maker != "operator()") {
      overloaded(maker);
    } else {  // overload_cast, make_function, cpp_function: hand on what they are given
      for (const Operand& given : made.operands) bind(given, name, member, position);
    }
  }

  // Its objects go when Python drops them.
  std::vector<Bound> destroyed() {
    owner_ = made_by(event_, 0);
    for (FunctionId id; id < program_.facts.functions.next_id() && !owner_.record.empty(); ++id) {
      const model::Function& function = program_.function(id);
      if (function.is_destructor && is_of(function, owner_.record))
        add(id, Role::dealloc, named(std::string(capi::fields::dealloc)));
    }
    return std::move(out_);
  }

  // The library calls a constructor of the class, whichever fits.
  void constructors() {
    if (owner_.record.empty()) return;
    for (const FunctionId id : program_.facts.functions.ids()) {
      const model::Function& function = program_.function(id);
      if (function.is_constructor && !function.is_implicit && is_of(function, owner_.record))
        add(id, Role::new_slot, named("__init__"));
    }
  }

  // def(self + self): the operator of the class, or one beside it.
  void overloaded(std::string_view spelled) {
    const auto row = std::find_if(operators.begin(), operators.end(),
                                  [&](const Operator& known) { return known.spelled == spelled; });
    if (row == operators.end() || owner_.record.empty()) return;
    for (const FunctionId id : program_.facts.functions.ids()) {
      const model::Function& function = program_.function(id);
      const bool takes = function.parameters > 0 && function.variables[0].type.record == owner_.record;
      if (takes && last_of(function.name) == spelled) add(id, Role::method, named(std::string(row->python)));
    }
  }

  // The class that `class_<T>(m, "T").def(...)` ends up in, also by way of a variable.
  Class class_of(const Operand& object, int depth) const {
    if (depth > chain_limit) return {};
    if (object.kind == Operand::Kind::call) return made_by(function_.events[object.event], depth);
    if ((object.kind != Operand::Kind::place && object.kind != Operand::Kind::address) || object.place == none)
      return {};
    const Place& place = function_.places[object.place];
    if (place.root != Place::Root::variable) return {};
    for (const Event& event : function_.events) {
      const bool constructs = is_call(event) && is_class(event.callee) && !event.operands.empty() &&
                              event.operands[0].kind == Operand::Kind::address &&
                              function_.places[event.operands[0].place].variable == place.variable;
      if (constructs) return made_by(event, depth);
      if (event.kind == Event::Kind::write && !event.operands.empty() &&
          function_.places[event.place].variable == place.variable && function_.places[event.place].steps.empty() &&
          event.operands[0].kind == Operand::Kind::call)
        return class_of(event.operands[0], depth + 1);
    }
    return {};
  }

  Class made_by(const Event& event, int depth) const {
    if (!capi::is_binding_scope(event.callee)) return {};
    if (!is_class(event.callee)) return event.operands.empty() ? Class{} : class_of(event.operands[0], depth + 1);
    Class out{.name = {}, .record = event.instance};
    for (const Operand& operand : event.operands)
      if (operand.kind == Operand::Kind::text && out.name.empty()) out.name = operand.text;
    return out;
  }

  const Program& program_;
  const model::Function& function_;
  const Event& event_;
  Class owner_;
  std::vector<Bound> out_;
};

}  // namespace

bool is_binding(std::string_view callee) {
  if (!capi::is_binding_scope(callee)) return false;
  const std::string_view member = last_of(callee);
  return defines(member) || is_class(callee) || member == "cpp_function" || member == "make_function" ||
         member == "make_constructor" || member == "make_getter" || member == "make_setter" || member == "raw_function";
}

std::vector<Bound> bound_by(const Program& program, const Site& site) { return Reader(program, site).read(); }

}  // namespace ftaudit::analysis
