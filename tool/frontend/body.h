// One function body lowered: Clang's control-flow graph, element by element in evaluation order, becomes blocks of
// events. Expressions become places and operands on the way. Used by declarations.cpp for each definition in project
// files.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "frontend/context.h"
#include "frontend/provenance.h"

namespace ftaudit::frontend {

class Body {
 public:
  // `decl`: a function with a body, or a variable of namespace scope whose initialiser runs code.
  Body(Context& context, Provenance& provenance, const clang::Decl& decl, model::Function& out)
      : context_(context), provenance_(provenance), decl_(decl), out_(out) {}

  // Fills variables, places, events and blocks; false when Clang cannot make a graph of the body.
  bool lower();

 private:
  // An expression that an API macro expanded to: written down as one call of the macro.
  struct MacroCall {
    std::string name;
    std::vector<const clang::Expr*> arguments;
  };

  void declare_parameters(const clang::FunctionDecl& function);
  void declare_captures(const clang::CXXRecordDecl& closure);

  // graph.cpp: blocks, and what decides between their successors.
  bool build(clang::Stmt* body);
  void arrange();
  bool choose_case(const clang::CFGBlock& block, const std::vector<const clang::CFGBlock*>& next,
                   const std::unordered_map<const clang::CFGBlock*, std::uint32_t>& numbers, model::Block& lowered,
                   std::uint32_t own);
  bool condition(const clang::CFGBlock& block, model::Block& lowered);
  bool decide(const clang::Expr* tested, model::Block& lowered);

  // unwinding.cpp: what an exception destroys on its way to a handler.
  struct Living {
    const clang::VarDecl* variable;
    const Living* before;  // the ones made earlier, up to the innermost try
  };
  void note_lives(const clang::Stmt* stmt, const Living* living);
  bool throws_here(const clang::CFGBlock& block) const;
  static bool leaves_unhandled(const clang::CFGBlock& block, const clang::CFGBlock* to);
  std::uint32_t landing(const clang::CFGBlock& thrower, const clang::CFGBlock* handlers, std::uint32_t handlers_number);
  void lower_landings();

  // survey.cpp: what must be known of the tree before its parts are met in evaluation order.
  void survey(const clang::Stmt* stmt, bool discarded);
  void survey_macro(const clang::Expr* expr);
  void survey_offset(const clang::Expr* expr);
  void note_offset(const clang::Expr* amount, const clang::VarDecl* kept);
  bool is_offset(const clang::Expr* sized) const;
  void mark_once(const clang::Stmt* stmt);
  void collect_arguments(const clang::Stmt* stmt, const Provenance::Origin& origin,
                         std::vector<const clang::Expr*>& out);

  // body.cpp: elements of the graph.
  void element(const clang::CFGElement& element);
  void statement(const clang::Stmt* stmt);
  void assign(const clang::BinaryOperator* assignment);
  void declare(const clang::VarDecl* variable);
  model::Event& emit(model::Event::Kind kind, clang::SourceRange range, const clang::Expr* result = nullptr);
  void read(const clang::Expr* lvalue, clang::SourceRange range, bool atomic = false);
  void write(model::Place place, model::Event::Operator op, model::Operand value, clang::SourceRange range,
             bool atomic = false);

  // calls.cpp: who is called, with which operands.
  void call(const clang::CallExpr* call);
  void renew(model::EventId call);
  void construct(const clang::CXXConstructExpr* construct);
  void create(const clang::CXXNewExpr* created);
  void inherit(const clang::CXXInheritedCtorInitExpr* construct);
  // `written`: where the call stands.
  void name_callee(model::Event& event, const clang::FunctionDecl& callee, clang::SourceLocation written = {});
  void run_operator(model::Event& event, const clang::FunctionDecl* allocation);
  std::string instance_of(const clang::FunctionDecl& callee) const;
  static bool moves_bits(const clang::CallExpr& call);
  static std::uint32_t const_operands(const clang::FunctionDecl& callee, bool has_object);

  // bindings.cpp: what a C++ binding does around a call from Python.
  void bind(model::EventId at, const clang::CallExpr* expr);
  void lock_around(model::EventId at, const clang::CallExpr* expr);
  void lock_around(model::EventId at, const clang::FunctionDecl& callee, std::vector<std::uint32_t> locked,
                   clang::SourceRange where);
  model::FunctionKey accessor(const clang::ValueDecl& bound, bool sets, clang::SourceRange where);
  model::Function unwritten(std::string key, std::string name, clang::SourceRange where);

  // destructors.cpp: calls that nobody wrote.
  void end_of_life(const clang::CFGElement& element);
  void destroy(const clang::CXXDestructorDecl* destructor, model::Operand object, clang::SourceRange where);
  void destroy_owned(const clang::CXXRecordDecl& owner, const model::Operand& object, clang::SourceRange where);

  // atomics.cpp: accesses in a memory order.
  void atomic(const clang::AtomicExpr* access);
  void atomic_call(const model::Event& call, const clang::CallExpr* expr);
  std::vector<model::Order> orders_of(const clang::CallExpr* expr);

  // expression.cpp: what an expression is worth.
  model::Operand value(const clang::Expr* expr);
  model::Operand negation(const clang::UnaryOperator& unary);
  model::Operand address_or_value(const clang::Expr* argument);
  model::Operand closure(const clang::LambdaExpr& lambda);
  model::Operand member_pointer(const clang::FieldDecl& field);
  std::optional<std::int64_t> constant_of(const clang::Expr& named) const;
  // The arm that is taken where the condition is a constant, as where a macro compares one of its arguments; else none.
  const clang::Expr* only_arm(const clang::AbstractConditionalOperator& either) const;
  model::Operand event_operand(model::EventId event) const;
  static const clang::Expr* passed(const clang::CallExpr& call);
  static const clang::Expr* followed(const clang::Expr& expr);
  bool yields_reference(const clang::Expr& expr) const;

  // elements.cpp: what containers of the C++ library hold.
  model::Place element(const clang::Expr& expr);  // that `expr` names, or points to; unknown for anything else
  model::Place looked_into(const clang::CallExpr& called);
  model::Place iterated(const clang::Expr& iterator);
  model::Operand viewed(const clang::Expr& expr);  // that a string_view or span leads to
  void note_assigned(const clang::CallExpr& assignment);

  // places.cpp: which place an expression names.
  model::Place lvalue(const clang::Expr* expr);
  std::string index_name(const clang::Expr& at);
  using Arguments = std::map<const clang::VarDecl*, std::string>;  // of an inlined function: terms of its parameters
  std::string term(const clang::Expr& expr, const Arguments* given, int depth);
  std::string called_term(const clang::CallExpr& call, const Arguments* given, int depth);
  model::Place through(const model::Operand& pointer);
  model::Operand place_operand(model::Operand::Kind kind, model::Place place);
  std::uint32_t intern(model::Place place);
  std::uint32_t variable(const clang::VarDecl* variable);
  model::Place root(const clang::VarDecl* variable);
  model::Place named(const clang::VarDecl* variable);
  void refer(model::Place& place, clang::QualType to);
  model::Place member(const clang::FieldDecl* field);  // of this
  model::Operand self();                               // this, outside lambdas

  Context& context_;
  Provenance& provenance_;
  const clang::Decl& decl_;
  model::Function& out_;
  std::unordered_map<const clang::VarDecl*, std::uint32_t> variables_;
  std::unordered_map<std::string, std::uint32_t> places_;
  std::unordered_map<const clang::Expr*, model::EventId> results_;  // expression -> the event that made its value
  std::unordered_map<const clang::Expr*, model::EventId> tests_;    // expression -> its compare event
  std::unordered_map<const clang::Expr*, MacroCall> macro_calls_;
  std::unordered_map<const clang::Expr*, const clang::VarDecl*> constructed_;
  std::unordered_map<const clang::Expr*, const clang::FieldDecl*> constructed_members_;  // null: a base, or all of this
  std::unordered_map<const clang::Expr*, const clang::CXXNewExpr*> constructed_new_;
  std::unordered_map<const clang::VarDecl*, const clang::Expr*> assigned_;  // iterators made without a place
  std::unordered_set<const clang::Stmt*> discarded_;
  // sizeof in the amounts that pointers are moved by or memory is copied by; in what a variable is given; and the
  // variables in such amounts.
  std::unordered_set<const clang::Expr*> offsets_;
  std::unordered_map<const clang::Expr*, const clang::VarDecl*> kept_sizes_;
  std::unordered_set<const clang::VarDecl*> offset_variables_;
  std::unordered_set<const clang::Stmt*> once_;  // inside initialisers of static locals that run code
  std::uint32_t this_ = model::none;             // the variable that `this` is
  const clang::Expr* initial_ = nullptr;         // of a variable of namespace scope: the value that ends up in it
  bool has_handlers_ = false;
  bool throws_ = false;
  std::deque<Living> lives_;
  std::unordered_map<const clang::Stmt*, const Living*> living_;  // at calls, throws and trys
  struct Landing {
    const Living* living;
    clang::SourceLocation where;
    std::uint32_t handlers, own;  // blocks
  };
  std::vector<Landing> landings_;
  std::size_t lowered_landings_ = 0;
  bool in_once_ = false;
  std::unordered_set<unsigned> surveyed_;  // expansions of expression macros already met
  std::unordered_map<unsigned, std::uint32_t> macro_uses_;
  std::unordered_map<unsigned, std::uint32_t> bodies_;  // token in the definition of a macro -> out_.bodies
};

// The expression that a test is about, without what negates it an even number of times or only hints at the outcome;
// `negated` says whether an odd one is left. A negation that stands for a comparison with 0 is a test of its own.
const clang::Expr* tested_by(const clang::Expr* expr, bool& negated);

}  // namespace ftaudit::frontend
