#include "frontend/preprocessing.h"

#include <cstring>

#include <clang/Lex/MacroArgs.h>
#include <llvm/ADT/StringSet.h>

#include "base/text.h"
#include "capi/capi.h"
#include "capi/module_calls.h"
#include "frontend/provenance.h"
#include "frontend/remark.h"

namespace ftaudit::frontend {

using namespace clang;

namespace {

bool names_build(const std::string& condition) {
  return condition.find("Py_GIL_DISABLED") != std::string::npos ||
         condition.find("PY_VERSION_HEX") != std::string::npos;
}

// The name that a line of source defines as a thread-local storage class ("#define TLS _Thread_local"), or "".
StringRef thread_local_macro(StringRef line) {
  line = line.trim();
  if (!line.consume_front("#") || !(line = line.ltrim()).consume_front("define")) return {};
  line = line.ltrim();
  const StringRef name =
      line.take_while([](char c) { return isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
  const StringRef value = line.substr(name.size()).trim();
  for (StringRef storage : {"_Thread_local", "__thread", "thread_local", "__declspec(thread)", "static _Thread_local",
                            "static __thread", "static thread_local"})
    if (value == storage || (value.starts_with(storage) && value.substr(storage.size()).ltrim().starts_with("/")))
      return name;
  return {};
}

struct CommentLines {
  bool alone = true;
  std::uint32_t next = 0;  // as model::Allowance has them
};

// What stands before a comment on its first line, and the code that comes after it: other comments are passed over.
CommentLines lines_of(const SourceManager& sources, SourceRange comment) {
  const auto [file, begin] = sources.getDecomposedLoc(comment.getBegin());
  const std::size_t end = sources.getFileOffset(comment.getEnd());
  const StringRef text = sources.getBufferData(file), before = text.substr(0, begin);
  CommentLines out;
  out.alone = before.substr(before.rfind('\n') + 1).trim().empty();
  std::uint32_t line = sources.getLineNumber(file, static_cast<unsigned>(end));
  bool same_line = true, blank = false;
  for (std::size_t at = end; at < text.size(); ++at) {
    const StringRef rest = text.substr(at);
    if (rest.starts_with("//")) {
      at += std::min(rest.find('\n'), rest.size()) - 1;
      blank = false;
    } else if (rest.starts_with("/*")) {
      const std::size_t size = std::min(rest.find("*/", 2), rest.size() - 2) + 2;
      const std::size_t lines = rest.substr(0, size).count('\n');
      line += static_cast<std::uint32_t>(lines);
      same_line &= lines == 0;
      blank = false;
      at += size - 1;
    } else if (rest.front() == '\n') {
      if (blank) return out;
      blank = true, same_line = false;
      ++line;
    } else if (isspace(static_cast<unsigned char>(rest.front())) == 0) {
      if (same_line) out.alone = false;
      else out.next = line;
      return out;
    }
  }
  return out;
}

// PyMutex_IsLocked(m), guard.owns_lock(), _Py_CRITICAL_SECTION_ASSERT_OBJECT_LOCKED(op).
bool asks_for_lock(StringRef text) {
  const std::string words = text.lower();
  return words.find("locked") != std::string::npos || words.find("owns_lock") != std::string::npos ||
         words.find("assertheld") != std::string::npos;
}

class Callbacks final : public PPCallbacks {
 public:
  Callbacks(Preprocessing& out, Preprocessor& preprocessor) : out_(out), preprocessor_(preprocessor) {}

  void MacroDefined(const Token& name, const MacroDirective* directive) override {
    const StringRef id = name.getIdentifierInfo()->getName();
    if (capi::is_binding_version(id.str())) out_.binding_versions.push_back(name.getLocation());
    if (!capi::is_module_macro(id.str())) return;
    const SourceManager& sources = preprocessor_.getSourceManager();
    const MacroInfo* info = directive->getMacroInfo();
    const bool command_line =
        sources.isWrittenInCommandLineFile(name.getLocation()) || sources.isWrittenInBuiltinFile(name.getLocation());
    if (!command_line && sources.isInSystemHeader(name.getLocation())) return;
    std::string text;
    for (const Token& token : info->tokens()) text += (text.empty() ? "" : " ") + preprocessor_.getSpelling(token);
    out_.macros.push_back(
        {id.str(), std::move(text), SourceRange(name.getLocation(), info->getDefinitionEndLoc()), true, command_line});
    // Free-threaded headers refuse the limited API outright; what the file does is audited all the same.
    if (id == "Py_LIMITED_API" || id == "Py_TARGET_ABI3T") name.getIdentifierInfo()->setHasMacroDefinition(false);
  }

  // What a configured build makes thread-local is thread-local, though nobody has configured this one.
  void SourceRangeSkipped(SourceRange range, SourceLocation) override {
    const SourceManager& sources = preprocessor_.getSourceManager();
    if (sources.isInSystemHeader(range.getBegin())) return;
    StringRef text = Lexer::getSourceText(CharSourceRange::getCharRange(range), sources, preprocessor_.getLangOpts());
    if (!text.contains("thread") && !text.contains("_Thread_local")) return;
    while (!text.empty()) {
      const auto [line, rest] = text.split('\n');
      if (const StringRef name = thread_local_macro(line); !name.empty()) thread_local_.insert(name);
      text = rest;
    }
  }

  void MacroExpands(const Token& name, const MacroDefinition&, SourceRange range, const MacroArgs* given) override {
    const StringRef id = name.getIdentifierInfo()->getName();
    if (!range.getBegin().isMacroID() && thread_local_.contains(id))
      out_.thread_local_macros.push_back(range.getBegin());
    if (capi::is_assertion(id.str()) && !range.getBegin().isMacroID()) out_.demands.push_back(range);
    if (capi::binding_macro(id.str()) != nullptr) binding(id, range, given);
  }

  void If(SourceLocation at, SourceRange range, ConditionValueKind value) override {
    open(at, text(range), value == CVK_True);
  }
  void Ifdef(SourceLocation at, const Token& name, const MacroDefinition& definition) override {
    open(at, "defined(" + preprocessor_.getSpelling(name) + ")", bool(definition));
  }
  void Ifndef(SourceLocation at, const Token& name, const MacroDefinition& definition) override {
    open(at, "!defined(" + preprocessor_.getSpelling(name) + ")", !definition);
  }
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
  void binding(StringRef name, SourceRange range, const MacroArgs* given) {
    const SourceManager& sources = preprocessor_.getSourceManager();
    const bool nested = range.getBegin().isMacroID();
    // What a binding's macro is itself made of is no second module.
    if (nested && !out_.macros.empty() && !out_.macros.back().definition &&
        sources.getExpansionLoc(out_.macros.back().range.getBegin()) == sources.getExpansionLoc(range.getBegin()))
      return;
    out_.macros.push_back({name.str(), {}, range, false, false});
    if (given == nullptr) return;
    for (unsigned a = 0; nested && a < given->getNumMacroArguments(); ++a)
      out_.macros.back().arguments.push_back(spelled(given->getUnexpArgument(a)));
    if (const std::string known = defined_as(given->getUnexpArgument(0)); !known.empty())
      out_.macros.back().module = known;
  }

  std::string spelled(const Token* token) const {
    std::string out;
    for (; token->isNot(tok::eof); ++token)
      out += (token->hasLeadingSpace() && !out.empty() ? " " : "") + preprocessor_.getSpelling(*token);
    return out;
  }

  // The one word that a macro without arguments stands for, as where a build defines the name of the module.
  std::string defined_as(const Token* token) const {
    if (token[0].is(tok::eof) || token[1].isNot(tok::eof)) return {};
    Token one = token[0];
    std::string found;
    for (int depth = 0; depth < 8 && one.is(tok::identifier); ++depth) {
      const MacroInfo* macro = preprocessor_.getMacroInfo(one.getIdentifierInfo());
      if (macro == nullptr || macro->isFunctionLike() || macro->getNumTokens() != 1) break;
      one = macro->getReplacementToken(0);
      found = preprocessor_.getSpelling(one);
    }
    return found;
  }

  std::string text(SourceRange range) const {
    const std::string raw = Lexer::getSourceText(CharSourceRange::getTokenRange(range),
                                                 preprocessor_.getSourceManager(), preprocessor_.getLangOpts())
                                .str();
    return std::string(trim(raw.substr(0, 200)));
  }
  void open(SourceLocation at, std::string condition, bool taken) {
    stack_.push_back({at, {}, std::move(condition), taken});
  }
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
  llvm::StringSet<> thread_local_;  // macros that an arm not taken makes thread-local
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
    const StringRef text =
        Lexer::getSourceText(CharSourceRange::getCharRange(range), sources, preprocessor.getLangOpts());
    if (text.contains("ftaudit:") || text.contains("NOLINT") || text.contains("noqa"))
      out_.comments.push_back({range, text.str()});
    gather(sources, range, text);
    return false;
  }

 private:
  // Lines that begin with // and follow each other are one comment.
  void gather(const SourceManager& sources, SourceRange range, StringRef text) {
    const auto line = [&](SourceLocation at) { return sources.getSpellingLineNumber(at); };
    if (text.starts_with("//") && lines_ && line(range.getBegin()) == line(last_.getBegin()) + 1 &&
        sources.getFileID(range.getBegin()) == sources.getFileID(last_.getBegin())) {
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
  // Where headers are missing the parser gives up whole statements, the next one with them.
  const IdentifierInfo* declaring = preprocessor.getIdentifierInfo("PyUnstable_Module_SetGIL");
  preprocessor.setTokenWatcher([this, declaring, &sources = compiler.getSourceManager()](const Token& token) {
    if (token.is(tok::identifier) && token.getIdentifierInfo() == declaring &&
        sources.isWrittenInMainFile(sources.getExpansionLoc(token.getLocation())))
      declarations.push_back(token.getLocation());
  });
}

// The variables between such a macro and the end of the declaration.
void Preprocessing::mark_thread_locals(Context& context) const {
  for (const SourceLocation& use : thread_local_macros) {
    if (!context.in_project(use)) continue;
    const model::Span begin = context.span(SourceRange(use));
    const char* text = context.sources.getCharacterData(use);
    const auto length = static_cast<int>(StringRef(text, std::min<std::size_t>(std::strlen(text), 1000)).find(';'));
    if (length <= 0) continue;
    const model::Span end = context.span(SourceRange(use.getLocWithOffset(length)));
    const auto position = [](const model::Span& span) { return std::pair(span.line, span.column); };
    for (model::Global& global : context.facts.globals)
      if (global.span.file == begin.file && position(begin) < position(global.span) &&
          position(global.span) < position(end))
        global.is_thread_local = true;
  }
}

// What stands in a macro that one arm of an #if defines is under that condition wherever the macro is used.
void Preprocessing::guard_uses_of_macros(Context& context) const {
  for (const SourceLocation& use : declarations) {
    if (!use.isMacroID() || !context.in_project(use)) continue;
    const SourceLocation body = context.sources.getSpellingLoc(use);
    const model::Span span = context.span(SourceRange(context.sources.getExpansionLoc(use)));
    for (const Condition& condition : conditions)
      if (context.sources.isBeforeInTranslationUnit(condition.begin, body) &&
          context.sources.isBeforeInTranslationUnit(body, condition.end))
        context.facts.regions.push_back({span.file, span.line, span.line, condition.text, condition.taken});
  }
}

void Preprocessing::write(Context& context) {
  mark_thread_locals(context);
  guard_uses_of_macros(context);
  const Provenance provenance(context.sources, context.ast.getLangOpts());
  for (const Condition& condition : conditions) {
    if (!context.in_project(condition.begin) || condition.begin.isMacroID()) continue;
    const model::Span begin = context.span(SourceRange(condition.begin)),
                      end = context.span(SourceRange(condition.end));
    if (begin.file == end.file)
      context.facts.regions.push_back({begin.file, begin.line, end.line, condition.text, condition.taken});
  }
  for (const Macro& macro : macros) {
    if (!macro.command_line && !context.in_project(macro.range.getBegin())) continue;
    model::MacroFact fact;
    fact.name = macro.name;
    fact.definition = macro.definition;
    fact.on_command_line = macro.command_line;
    if (macro.definition) fact.arguments = {macro.text};
    else fact.arguments = macro.arguments.empty() ? provenance.arguments(macro.range.getBegin()) : macro.arguments;
    if (!macro.definition && !macro.module.empty() && !fact.arguments.empty()) fact.arguments[0] = macro.module;
    fact.span = macro.command_line
                    ? context.span(SourceRange(context.sources.getLocForStartOfFile(context.sources.getMainFileID())))
                    : context.span(macro.definition ? SourceRange(macro.range.getBegin()) : macro.range);
    context.facts.macros.push_back(std::move(fact));
  }
  if (context.ast.getDiagnostics().hasErrorOccurred())
    for (const SourceLocation& where : declarations)
      context.facts.macros.push_back({.name = "PyUnstable_Module_SetGIL",
                                      .span = context.span(SourceRange(context.sources.getExpansionLoc(where)))});
  for (const SourceRange& demand : demands) {
    if (!context.in_project(demand.getBegin())) continue;
    const StringRef text =
        Lexer::getSourceText(CharSourceRange::getTokenRange(demand), context.sources, context.ast.getLangOpts());
    if (asks_for_lock(text)) context.facts.demands.push_back({context.span(demand), text.take_front(200).str()});
  }
  for (const Comment& remark : remarks) {
    const std::string words = words_of(remark.text);
    if (context.in_project(remark.range.getBegin()) && counts_on_gil(words))
      context.facts.remarks.push_back({context.span(remark.range), words});
  }
  for (const Comment& comment : comments) {
    if (!context.in_project(comment.range.getBegin())) continue;
    std::string text = comment.text;
    if (text.starts_with("/*") && text.ends_with("*/")) text = text.substr(2, text.size() - 4);
    else if (text.starts_with("//")) text = text.substr(2);
    const CommentLines lines = lines_of(context.sources, comment.range);
    context.facts.allowances.push_back({context.span(comment.range), std::string(trim(text)), lines.alone, lines.next});
  }
}

}  // namespace ftaudit::frontend
