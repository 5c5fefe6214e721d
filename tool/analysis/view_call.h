// ViewCall: one call seen from the other side: what the caller's view gives, in terms of roots that are numbered anew
// for the callee, in the order they are met, so that calls that give the same make the same view. Used by Views alone.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "analysis/view_paths.h"

namespace ftaudit::analysis {

class ViewCall {
 public:
  ViewCall(const ViewPaths& views, const Program& program, const Held& held, const Ownership& ownership,
           const View& caller, EventId call, FunctionId callee);

  // What the callee's parameter is; unless the operands are known to be its, only that it is something.
  // `first`: the operand that is for parameter 0.
  Given given(std::uint32_t parameter, bool operands_known, std::uint32_t first = 0);
  // Adds what the callee captured, where it is a lambda that the caller made or was given.
  void capture(View& made);
  // The lambdas and functions that the call hands on.
  void hand_on(View& made);
  // The caller's locks; after all parameters.
  Locks locks(Locks held);
  // Names of what the caller's view names, where the callee can name it; sorted.
  std::vector<std::string> names(const std::vector<std::string>& names);
  // Hands over the roots, and what pointers in private blocks that the callee can get at lead to.
  void finish(View& made);

 private:
  using Key = std::pair<Path::Root, std::uint32_t>;
  std::uint32_t root(const Path& path);
  std::string renamed(const std::string& what);
  Path adopt(Path path);
  Given adopted(const model::Operand& operand, EventId at, const model::Type& type);
  std::vector<Given> captured(FunctionId lambda);
  Closure closure(const model::Operand& operand, std::uint32_t parameter);
  Closure wrapped(const model::Event& event, std::uint32_t parameter);
  Path fresh_root(const Origin& origin, bool to_object);
  void inherit_cells(View& made);
  using Cells = std::map<std::string, std::optional<Path>>;  // nothing: more than one value, or one without a name
  void find_cells(View& made);
  void put(Cells& cells, const Path& cell, const Path& value, bool sure) const;

  const ViewPaths& views_;
  const Program& program_;
  const Held& held_;
  const Ownership& ownership_;
  const View& caller_;
  EventId call_;
  const model::Function& from_;
  const FunctionId to_;
  const model::Function& callee_;
  std::map<Key, std::uint32_t> numbers_;
  std::map<std::string, std::uint32_t> tokens_;  // "v5@12", as lock identities name the roots that arguments have
  std::vector<Root> roots_;
  std::map<std::string, Path> pointers_;  // what pointers that were captured by reference lead to, as View::cells
};

// The flag of the call that runs once what the edge mentions (once_calls.h), in terms of the function that the edge is
// in; nothing where none does.
std::optional<std::string> once_flag(const Program& program, const Held& held, const Edge& mention);

}  // namespace ftaudit::analysis
