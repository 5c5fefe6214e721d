#include "frontend/tables.h"

#include <algorithm>

#include "frontend/members.h"

namespace ftaudit::frontend {

using namespace clang;
using model::Operand;

namespace {

// A table worth keeping has somewhere to put a pointer; a million numbers do not.
bool holds_pointers(QualType type, int depth = 0) {
  type = type.getCanonicalType();
  if (type->isPointerType())
    return depth > 0 || type->isFunctionPointerType() || type->getPointeeType()->isPointerType();
  if (const auto* array = type->getAsArrayTypeUnsafe()) return holds_pointers(array->getElementType(), depth);
  if (const RecordDecl* record = type->getAsRecordDecl(); record != nullptr && depth < 4)
    for (const FieldDecl* field : record->fields())
      if (holds_pointers(field->getType(), depth + 1)) return true;
  return false;
}

constexpr unsigned rows_kept_whole = 4096;

bool leads_on(const Operand& value) {
  return value.kind == Operand::Kind::function || value.kind == Operand::Kind::global ||
         std::any_of(value.parts.begin(), value.parts.end(), [](const Operand& part) { return leads_on(part); });
}

bool leads_on(const model::Row& row) {
  return std::any_of(row.cells.begin(), row.cells.end(), [](const model::Cell& cell) { return leads_on(cell.value); });
}

class Filler {
 public:
  explicit Filler(Context& context) : context_(context) {}

  Operand value(const Expr* expr) {
    Operand out;
    if (expr == nullptr || isa<ImplicitValueInitExpr>(expr)) return zero();
    const Expr* core = expr->IgnoreParenCasts();
    if (const auto* unary = dyn_cast<UnaryOperator>(core); unary != nullptr && unary->getOpcode() == UO_AddrOf)
      core = unary->getSubExpr()->IgnoreParenCasts();
    if (const auto* subscript = dyn_cast<ArraySubscriptExpr>(core)) core = subscript->getBase()->IgnoreParenCasts();
    if (const auto* member = dyn_cast<MemberExpr>(core); member != nullptr && !member->isArrow())
      core = member->getBase()->IgnoreParenCasts();
    if (const auto* unary = dyn_cast<UnaryOperator>(core); unary != nullptr && unary->getOpcode() == UO_Plus)
      core = unary->getSubExpr()->IgnoreParenCasts();
    if (const auto* converted = dyn_cast<CXXMemberCallExpr>(core);
        converted != nullptr && isa_and_nonnull<CXXConversionDecl>(converted->getMethodDecl()))
      core = converted->getImplicitObjectArgument()->IgnoreParenCasts();
    if (const auto* temporary = dyn_cast<MaterializeTemporaryExpr>(core))
      core = temporary->getSubExpr()->IgnoreParenCasts();
    if (const auto* lambda = dyn_cast<LambdaExpr>(core)) {
      out.kind = Operand::Kind::function;
      out.function = context_.key(*lambda->getCallOperator());
      return out;
    }
    if (const auto* literal = dyn_cast<StringLiteral>(core)) {
      out.kind = Operand::Kind::text;
      if (literal->getCharByteWidth() == 1) out.text = literal->getString().take_front(200).str();
      return out;
    }
    if (const Expr* array = begun(core)) core = array;
    if (const auto* ref = dyn_cast<DeclRefExpr>(core)) {
      if (const auto* function = dyn_cast<FunctionDecl>(ref->getDecl())) {
        out.kind = Operand::Kind::function;
        out.function = context_.key(*function);
        out.text = context_.name(*function);
        return out;
      }
      if (const auto* variable = dyn_cast<VarDecl>(ref->getDecl());
          variable != nullptr && variable->hasGlobalStorage() && !expr->getType()->isIntegralOrEnumerationType()) {
        out.kind = Operand::Kind::global;
        out.global = context_.global(*variable);
        return out;
      }
    }
    if (const auto* literal = dyn_cast<CompoundLiteralExpr>(core)) return value(literal->getInitializer());
    if (const auto* list = dyn_cast<InitListExpr>(core)) {
      out.kind = Operand::Kind::parts;
      for (unsigned i = 0; i < list->getNumInits() && i < 256; ++i) out.parts.push_back(value(list->getInit(i)));
      return out;
    }
    if (const auto* conditional = dyn_cast<ConditionalOperator>(core)) {
      out.kind = Operand::Kind::choice;
      out.parts = {value(conditional->getTrueExpr()), value(conditional->getFalseExpr())};
      return out;
    }
    if (const auto* sized = dyn_cast<UnaryExprOrTypeTraitExpr>(core);
        sized != nullptr && sized->getKind() == UETT_SizeOf && !sized->isValueDependent() &&
        !sized->getTypeOfArgument()->isIncompleteType())
      return context_.size(*sized);
    if (const auto* offset = dyn_cast<OffsetOfExpr>(core)) return context_.offset(*offset);
    if (core->isValueDependent()) return unread(*expr);
    if (expr->getType()->isPointerType())
      for (const Expr* pointer : {expr, core})
        if (pointer->isNullPointerConstant(context_.ast, Expr::NPC_ValueDependentIsNotNull) != Expr::NPCK_NotNull)
          return zero();
    Expr::EvalResult result;
    // (void *)1 is the number 1: what Py_MOD_GIL_NOT_USED is.
    const Expr* number = expr->getType()->isPointerType() ? core : expr;
    if (number->getType()->isIntegralOrEnumerationType() && number->EvaluateAsInt(result, context_.ast)) {
      out.kind = Operand::Kind::number;
      out.number = result.Val.getInt().getExtValue();
      return out;
    }
    return unread(*expr);
  }

  // Fields of one record, nested records flattened ("base.name").
  void fill(model::Row& row, const RecordDecl& record, const InitListExpr& list, const std::string& prefix) {
    if (record.isUnion()) {
      if (const FieldDecl* field = list.getInitializedFieldInUnion(); field != nullptr && list.getNumInits() > 0)
        add(row, *field, list.getInit(0), prefix);
      return;
    }
    unsigned i = 0;
    if (const auto* cxx = dyn_cast<CXXRecordDecl>(&record)) i = cxx->getNumBases();
    for (const FieldDecl* field : record.fields()) {
      if (field->isUnnamedBitField()) continue;
      if (i >= list.getNumInits()) break;
      add(row, *field, list.getInit(i++), prefix);
    }
  }

 private:
  // The array whose first element `table.data()` or `std::begin(table)` is; null for anything else.
  static const Expr* begun(const Expr* core) {
    const auto* call = dyn_cast<CallExpr>(core);
    const FunctionDecl* callee = call != nullptr ? call->getDirectCallee() : nullptr;
    if (callee == nullptr || callee->getIdentifier() == nullptr) return nullptr;
    const auto* method = dyn_cast<CXXMethodDecl>(callee);
    if (!(method != nullptr ? method->getParent()->isInStdNamespace() : callee->isInStdNamespace())) return nullptr;
    if (callee->getName() != "data" && callee->getName() != "begin" && callee->getName() != "cbegin") return nullptr;
    if (const auto* member = dyn_cast<CXXMemberCallExpr>(call))
      return member->getImplicitObjectArgument()->IgnoreParenCasts();
    return call->getNumArgs() == 1 ? call->getArg(0)->IgnoreParenCasts() : nullptr;
  }

  // What no constant is: the source of it, so that whoever needs the value can say which one is not known.
  Operand unread(const Expr& expr) const {
    Operand out;
    const StringRef text = Lexer::getSourceText(
        CharSourceRange::getTokenRange(context_.sources.getExpansionRange(expr.getSourceRange()).getAsRange()),
        context_.sources, context_.ast.getLangOpts());
    out.text = text.take_front(80).str();
    return out;
  }

  static Operand zero() {
    Operand out;
    out.kind = Operand::Kind::null;
    return out;
  }

  void add(model::Row& row, const FieldDecl& field, const Expr* init, const std::string& prefix) {
    const std::string name = prefix + field.getNameAsString();
    const RecordDecl* nested = field.getType()->getAsRecordDecl();
    if (const auto* list = init == nullptr ? nullptr : dyn_cast<InitListExpr>(init->IgnoreImplicit());
        list != nullptr && nested != nullptr)
      return fill(row, *nested, *list, field.getName().empty() ? prefix : name + ".");
    model::Cell cell;
    cell.field = name;
    cell.value = value(init);
    if (cell.value.kind == Operand::Kind::null && row.cells.size() > 64) return;
    if (init != nullptr) cell.span = context_.span(init->getSourceRange());
    row.cells.push_back(std::move(cell));
  }

  Context& context_;
};

}  // namespace

void add_table(Context& context, const VarDecl& variable) {
  const Expr* init = variable.getInit();
  if (init == nullptr || init->isValueDependent()) return;
  const auto* list = dyn_cast<InitListExpr>(init->IgnoreImplicit());
  if (variable.getType()->isFunctionPointerType()) {
    model::Operand stored = Filler(context).value(init);
    if (stored.kind != Operand::Kind::function && stored.kind != Operand::Kind::choice) return;
    model::Row row;
    row.cells.push_back({"", std::move(stored), context.span(init->getSourceRange())});
    context.facts.tables.push_back({context.global(variable), "", false, {std::move(row)}});
    return;
  }
  if (list == nullptr || !holds_pointers(variable.getType())) return;
  if (list->isSyntacticForm() && list->getSemanticForm() != nullptr) list = list->getSemanticForm();
  QualType type = variable.getType();
  // std::array is a class around an array.
  if (const auto* owner = dyn_cast_or_null<CXXRecordDecl>(type->getAsRecordDecl());
      owner != nullptr && owner->isInStdNamespace() && owner->getName() == "array" && list->getNumInits() == 1)
    if (const auto* inner = dyn_cast<InitListExpr>(list->getInit(0)->IgnoreImplicit())) {
      list = inner->isSyntacticForm() && inner->getSemanticForm() != nullptr ? inner->getSemanticForm() : inner;
      type = list->getType();
    }
  model::Table table;
  table.variable = context.global(variable);
  Filler filler(context);
  const ArrayType* array = context.ast.getAsArrayType(type);
  const QualType element = array != nullptr ? array->getElementType() : type;
  const RecordDecl* record = element->getAsRecordDecl();
  table.is_array = array != nullptr;
  table.record = record != nullptr ? context.record_name(*record) : "";
  const auto add_row = [&](const Expr* row_init) {
    model::Row& row = table.rows.emplace_back();
    if (const auto* row_list = row_init == nullptr ? nullptr : dyn_cast<InitListExpr>(row_init->IgnoreImplicit());
        row_list != nullptr && record != nullptr) {
      filler.fill(row, *record, *row_list, "");
      const InitListExpr* written = row_list->isSemanticForm() && row_list->getSyntacticForm() != nullptr
                                        ? row_list->getSyntacticForm()
                                        : row_list;
      if (written->getLBraceLoc().isFileID() && written->getRBraceLoc().isFileID())
        row.span = context.span(SourceRange(written->getLBraceLoc(), written->getRBraceLoc()));
    } else
      row.cells.push_back(
          {"", filler.value(row_init), row_init != nullptr ? context.span(row_init->getSourceRange()) : model::Span{}});
  };
  if (array == nullptr) add_row(list);
  else
    for (unsigned i = 0; i < list->getNumInits(); ++i) {
      add_row(list->getInit(i));
      // Of a very long table only what leads on is of use: functions and other variables.
      if (i >= rows_kept_whole && !leads_on(table.rows.back())) table.rows.pop_back();
    }
  if (array != nullptr && list->getNumInits() > table.rows.size())
    context.facts.omissions.push_back({context.span(SourceRange(variable.getLocation())).file,
                                       "of the " + std::to_string(list->getNumInits()) + " rows of " +
                                           variable.getNameAsString() + " those after the " +
                                           std::to_string(rows_kept_whole) +
                                           "th were kept only where they name functions or variables"});
  add_member_setters(context, table);
  if (table.record == "PyModuleDef_Slot") context.remember(variable.getLocation());
  context.facts.tables.push_back(std::move(table));
}

}  // namespace ftaudit::frontend
