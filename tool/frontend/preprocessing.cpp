#include "frontend/preprocessing.h"

#include "base/text.h"
#include "capi/capi.h"
#include "frontend/provenance.h"
#include "frontend/remark.h"

namespace ftaudit::frontend {

using namespace clang;

namespace {

bool names_build(const std::string& condition) {
  return condition.find("Py_GIL_DISABLED") != std::string::npos || condition.find("PY_VERSION_HEX") != std::string::npos;
}

class Callbacks final : public PPCallbacks {
 public:
  Callbacks(Preprocessing& out, Preprocessor& preprocessor) : out_(out), preprocessor_(preprocessor) {}

  void MacroDefined(const Token& name, const MacroDirective* directive) override {
    const StringRef id = name.getIdentifierInfo()->getName();
    if (!capi::is_module_macro(id.str())) return;
    const SourceManager& sources = preprocessor_.getSourceManager();
    const MacroInfo* info = directive->getMacroInfo();
    const bool command_line = sources.isWrittenInCommandLineFile(name.getLocation()) || sources.isWrittenInBuiltinFile(name.getLocation());
    if (!command_line && sources.isInSystemHeader(name.getLocation())) return;
    std::string text;
    for (const Token& token : info->tokens()) text += (text.empty() ? "" : " ") + preprocessor_.getSpelling(token);
    out_.macros.push_back({id.str(), std::move(text), SourceRange(name.getLocation(), info->getDefinitionEndLoc()), true, command_line});
    // Free-threaded headers refuse the limited API outright; what the file does is audited all the same.
    if (id == "Py_LIMITED_API" || id == "Py_TARGET_ABI3T") name.getIdentifierInfo()->setHasMacroDefinition(false);
  }

  void MacroExpands(const Token& name, const MacroDefinition&, SourceRange range, const MacroArgs*) override {
    const StringRef id = name.getIdentifierInfo()->getName();
    if (capi::binding_macro(id.str()) == nullptr) return;
    out_.macros.push_back({id.str(), {}, range, false, false});
  }

  void If(SourceLocation at, SourceRange range, ConditionValueKind value) override { open(at, text(range), value == CVK_True); }
  void Ifdef(SourceLocation at, const Token& name, const MacroDefinition& definition) override { open(at, "defined(" + preprocessor_.getSpelling(name) + ")", bool(definition)); }
  void Ifndef(SourceLocation at, const Token& name, const MacroDefinition& definition) override { open(at, "!defined(" + preprocessor_.getSpelling(name) + ")", !definition); }
  void Elif(SourceLocation at, SourceRange range, ConditionValueKind value, SourceLocation) override {
    const std::string before = close(at);
    open(at, "!(" + before + ") && " + text(range), value == CVK_True);
  }
  void Else(SourceLocation at, SourceLocation) override {
    const bool taken = !stack_.empty() && !stack_.back().taken;
    const std::string before = close(at);
    open(at, before.starts_with("defined(") ? "!" + before : "!(" + before + ")", taken);
  }
  void Endif(SourceLocation at, SourceLocation) override { close(at); }

 private:
  std::string text(SourceRange range) const {
    const std::string raw = Lexer::getSourceText(CharSourceRange::getTokenRange(range), preprocessor_.getSourceManager(), preprocessor_.getLangOpts()).str();
    return std::string(trim(raw.substr(0, 200)));
  }
  void open(SourceLocation at, std::string condition, bool taken) { stack_.push_back({at, {}, std::move(condition), taken}); }
  std::string close(SourceLocation at) {
    if (stack_.empty()) return {};
    Preprocessing::Condition done = std::move(stack_.back());
    stack_.pop_back();
    done.end = at;
    std::string condition = done.text;
    if (names_build(condition)) out_.conditions.push_back(std::move(done));
    return condition;
  }

  Preprocessing& out_;
  Preprocessor& preprocessor_;
  std::vector<Preprocessing::Condition> stack_;
};

}  // namespace

// The preprocessor keeps the handler for its lifetime, which is the compiler's.
class Comments final : public CommentHandler {
 public:
  explicit Comments(Preprocessing& out) : out_(out) {}
  bool HandleComment(Preprocessor& preprocessor, SourceRange range) override {
    const SourceManager& sources = preprocessor.getSourceManager();
    if (sources.isInSystemHeader(range.getBegin())) return false;
    const StringRef text = Lexer::getSourceText(CharSourceRange::getCharRange(range), sources, preprocessor.getLangOpts());
    if (text.contains("ftaudit:") || text.contains("NOLINT") || text.contains("noqa")) out_.comments.push_back({range, text.str()});
    gather(sources, range, text);
    return false;
  }

 private:
  // Lines that begin with // and follow each other are one comment.
  void gather(const SourceManager& sources, SourceRange range, StringRef text) {
    const auto line = [&](SourceLocation at) { return sources.getSpellingLineNumber(at); };
    if (text.starts_with("//") && lines_ && line(range.getBegin()) == line(last_.getBegin()) + 1 && sources.getFileID(range.getBegin()) == sources.getFileID(last_.getBegin())) {
      out_.remarks.back().range.setEnd(range.getEnd());
      out_.remarks.back().text += "\n" + text.str();
    } else {
      if (!out_.remarks.empty() && !counts_on_gil(words_of(out_.remarks.back().text))) out_.remarks.pop_back();
      out_.remarks.push_back({range, text.str()});
    }
    lines_ = text.starts_with("//");
    last_ = range;
  }

  Preprocessing& out_;
  SourceRange last_;
  bool lines_ = false;
};

void Preprocessing::attach(CompilerInstance& compiler) {
  Preprocessor& preprocessor = compiler.getPreprocessor();
  preprocessor.addPPCallbacks(std::make_unique<Callbacks>(*this, preprocessor));
  static std::vector<std::unique_ptr<Comments>> kept;  // one a translation unit; children parse one each
  kept.push_back(std::make_unique<Comments>(*this));
  preprocessor.addCommentHandler(kept.back().get());
}

void Preprocessing::write(Context& context) {
  const Provenance provenance(context.sources, context.ast.getLangOpts());
  for (const Condition& condition : conditions) {
    if (!context.in_project(condition.begin) || condition.begin.isMacroID()) continue;
    const model::Span begin = context.span(SourceRange(condition.begin)), end = context.span(SourceRange(condition.end));
    if (begin.file == end.file) context.facts.regions.push_back({begin.file, begin.line, end.line, condition.text, condition.taken});
  }
  for (const Macro& macro : macros) {
    if (!macro.command_line && !context.in_project(macro.range.getBegin())) continue;
    model::MacroFact fact;
    fact.name = macro.name;
    fact.definition = macro.definition;
    fact.on_command_line = macro.command_line;
    if (macro.definition) fact.arguments = {macro.text};
    else fact.arguments = provenance.arguments(macro.range.getBegin());
    fact.span = macro.command_line ? context.span(SourceRange(context.sources.getLocForStartOfFile(context.sources.getMainFileID())))
                                   : context.span(macro.definition ? SourceRange(macro.range.getBegin()) : macro.range);
    context.facts.macros.push_back(std::move(fact));
  }
  for (const Comment& remark : remarks) {
    const std::string words = words_of(remark.text);
    if (context.in_project(remark.range.getBegin()) && counts_on_gil(words)) context.facts.remarks.push_back({context.span(remark.range), words});
  }
  for (const Comment& comment : comments) {
    if (!context.in_project(comment.range.getBegin())) continue;
    std::string text = comment.text;
    if (text.starts_with("/*") && text.ends_with("*/")) text = text.substr(2, text.size() - 4);
    else if (text.starts_with("//")) text = text.substr(2);
    context.facts.allowances.push_back({context.span(comment.range), std::string(trim(text))});
  }
}

}  // namespace ftaudit::frontend
