// Reproducer: one small Python file that shows one race, crash or deadlock again, on any machine that has the extension
// built the same way. Cut down while it still shows what it is for. Knows nothing of reports: the caller says
// whether a run showed it, and counts how often it does.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"

namespace ftaudit::dynamic {

// What one act of a scenario does, as Python source. Scenario files carry it; read_acts() gives it back.
struct Act {
  std::string label;                 // "hit with mean"
  std::vector<std::string> imports;  // "import tally"
  std::vector<std::string> setup;    // statements run once per round: "shared = tally.Meter('load')"
  struct Role {
    std::string label;    // "hit"
    std::string prepare;  // expression evaluated once per thread and round: "shared.hit"
    std::string code;     // what is repeated; `call` is what `prepare` gave: "call(1.5)"
  };
  std::vector<Role> roles;  // thread i of a round does role i modulo their number
  unsigned threads = 4, rounds = 40, calls = 30;
};

// Acts of a scenario, in the order of its file.
Result<std::vector<Act>> read_acts(const fs::path& survey, std::string_view scenario);

// The act a driver's progress line speaks of ("d003 act 4 round 17: hit with mean"); nullopt when it speaks of none.
std::optional<std::size_t> act_of_progress(std::string_view progress);

// The same acts, those first whose roles have one of the names (last parts of entry points: "hit", "__init__") on both
// sides.
std::vector<Act> likeliest_first(std::vector<Act> acts, const std::vector<std::string>& entry_points);

// The script. `heading` becomes its docstring: what it shows and the command line.
std::string script_of(const Act& act, std::string_view heading);

// Runs the script at the path and says whether it showed the thing; an error ends the search.
using Shows = std::function<Result<bool>(const fs::path& script)>;

struct ReproducerRequest {
  std::vector<Act> acts;  // candidates, likeliest first
  fs::path script;        // where the file is to lie; is overwritten on the way
  std::string heading;
  std::chrono::seconds budget{120};
};

// The act of the script that lies there then; nullopt when no candidate shows it within the budget.
Result<std::optional<Act>> reproduce(const ReproducerRequest& request, const Shows& shows);

}  // namespace ftaudit::dynamic
