// Conditions: the values that decide the branches of one function: which places, results and comparisons its tests ask
// about, and what a world knows of them when it gets there. Used where locks are followed (LockWalk).
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "analysis/worlds.h"

namespace ftaudit::analysis {

// The values that decide branches of one function.
class Conditions {
 public:
  Conditions(const model::Function& function, const Flow& flow);

  // Goes on only if the compare event can come out like that; remembers that it did.
  bool assume(World& world, EventId compare, bool outcome) const;
  // What it says of one place, or of some bits of it ("[&2]"), or of what one call gave, if the compare event comes out
  // like that; both none where it asks something else.
  struct Said {
    std::uint32_t place = none;
    Known value;
    std::string bits;
    EventId call = none;
  };
  Said says(EventId compare, bool outcome) const;
  // A write, or a call that is given the address of a local and may write there: what was known of it is not any more.
  void change(World& world, EventId event) const;
  // A comparison whose outcome is kept, or compared again: what it comes to is known where what it compares is.
  void note(World& world, EventId compare) const;
  // The result of a call.
  void learn(World& world, EventId call, Known result) const;
  // Once round a loop: others have had time to change what is in memory.
  void forget_memory(World& world) const;
  // The way out of `block`, an arm of `asked ? a : b`: what the choice comes to is what this arm gives.
  void choose(World& world, std::uint32_t block) const;
  // Of a value that flows into an event; false when nothing is known.
  bool value(const World& world, const model::Operand& operand, Known& out) const;

 private:
  struct Question {
    std::uint32_t subject = none;
    std::int64_t number = 0;       // is it this number?
    bool negated = false;          // the event is true when it is not
    std::uint32_t ordered = none;  // for < and > with a number: the value itself
    int sign = 0;                  // -1: less than `bound`, 1: greater
    std::int64_t bound = 0;
    std::uint32_t rounds = none;  // asks whether a loop has come to its end: what keeps that one going
    bool asks_end(bool outcome) const { return rounds != none && outcome != negated; }
  };
  // A place, some bits of one, a call's result, or how two of them compare.
  struct Subject {
    std::vector<std::uint32_t> places;
    std::vector<EventId> events;
    std::uint32_t bits = 0;  // of the place, where it is these alone
  };
  using Side = std::tuple<int, std::int64_t>;
  Side side(const model::Operand& operand) const;
  bool is_number(const model::Operand& operand) const;
  std::uint32_t subject(const Side& a, int how, const Side& b);
  std::uint32_t find(const Side& side) const;
  Question ask(const model::Event& compare);
  enum class Answer { no, yes, unknown };
  static Answer ordered(const World& world, const Question& question);
  static Answer answer(const World& world, const Question& question);
  void forget(World& world, const model::Place& written) const;
  void find_arms(const Flow& flow);
  void find_ends(const Flow& flow);
  std::uint32_t rounds_of(const Flow& flow, std::uint32_t head) const;

  const model::Function& function_;
  std::map<std::tuple<Side, int, Side>, std::uint32_t> numbers_;
  std::vector<Subject> subjects_;
  std::map<EventId, Question> questions_;
  std::vector<const model::Operand*> choices_;
  std::map<std::uint32_t, std::vector<std::pair<std::uint32_t, const model::Operand*>>> arms_;  // per block
};

}  // namespace ftaudit::analysis
