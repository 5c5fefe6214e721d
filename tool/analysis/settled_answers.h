// Settled answers: functions without arguments that are asked whether a lock is to be taken, and asked again whether it
// is to be given back. Whoever writes that counts on one answer for good: how a library was built, whether there are
// threads. Used by EntryNames: of two such questions on one way the second is answered as the first was.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "analysis/program.h"

namespace ftaudit::analysis {

class SettledAnswers {
 public:
  explicit SettledAnswers(const Program& program);

  bool answers_alike(const model::Event& call) const;
  // What the answer goes by among the places that callers can name as well.
  static std::string name(const model::Event& call);
  static bool is_name(const std::string& place) { return place.starts_with("g()"); }

 private:
  bool is_question(const model::Event& call) const;
  bool stays(const model::Function& answering) const;
  // Globals that any function writes or gives away; gathered when first asked for, which is seldom.
  const std::set<model::GlobalId>& written() const;
  void look(const model::Function& function, std::uint32_t decider);

  const Program& program_;
  mutable std::optional<std::set<model::GlobalId>> written_;
  std::set<std::string> taking_, giving_;
};

}  // namespace ftaudit::analysis
