#include "frontend/provenance.h"

#include "base/text.h"
#include "capi/capi.h"

namespace ftaudit::frontend {

using namespace clang;

const Provenance::Origin& Provenance::of(SourceLocation token) {
  if (!token.isMacroID()) return nothing_;
  const FileID expansion = sources_.getFileID(token);
  if (const auto it = known_.find(expansion.getHashValue()); it != known_.end()) return it->second;
  Origin found = find(expansion);
  return known_.emplace(expansion.getHashValue(), std::move(found)).first->second;
}

Provenance::Origin Provenance::find(FileID id) {
  const SrcMgr::ExpansionInfo& expansion = sources_.getSLocEntry(id).getExpansion();
  if (expansion.isMacroArgExpansion()) return of(expansion.getSpellingLoc());
  const SourceLocation start = expansion.getExpansionLocStart();
  const Origin outer = of(start);
  if (!outer.name.empty()) return outer;
  const SourceLocation spelled = sources_.getSpellingLoc(start);
  bool invalid = false;
  const char* text = sources_.getCharacterData(spelled, &invalid);
  if (invalid) return {};
  std::string name(text, Lexer::MeasureTokenLength(spelled, sources_, language_));
  const auto [it, is_new] = api_.emplace(name, false);
  if (is_new) it->second = capi::is_api_macro(name);
  if (!it->second) return {};
  return {std::move(name), id, start};
}

std::vector<std::string> Provenance::arguments(SourceLocation invocation) const {
  std::vector<std::string> out;
  bool invalid = false;
  const char* text = sources_.getCharacterData(sources_.getSpellingLoc(invocation), &invalid);
  if (invalid) return out;
  while (*text == '_' || std::isalnum(static_cast<unsigned char>(*text))) ++text;
  while (*text == ' ' || *text == '\t') ++text;
  if (*text != '(') return out;
  std::string argument;
  int depth = 0;
  for (int read = 0; *text != '\0' && read < 2000; ++text, ++read) {
    const char c = *text;
    if (c == '(' || c == '[' || c == '{') {
      if (++depth == 1) continue;
    } else if (c == ')' || c == ']' || c == '}') {
      if (--depth == 0) {
        out.emplace_back(trim(argument));
        return out;
      }
    } else if (c == ',' && depth == 1) {
      out.emplace_back(trim(argument));
      argument.clear();
      continue;
    }
    argument += c;
  }
  return {};
}

}  // namespace ftaudit::frontend
