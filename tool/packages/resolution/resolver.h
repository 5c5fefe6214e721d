// The ecosystem's resolvers, uv and pip, as one question: these requirements, this target, which versions? Runs them
// with the user's index settings, never lets them build anything, and reads what they answer. What an answer means is
// resolve's business.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "packages/resolution/resolved.h"

namespace ftaudit::packages {

struct ResolverQuestion {
  std::vector<std::string> requirements;  // PEP 508 without markers
  std::vector<std::string> constraints;
  fs::path stand_ins;                          // a folder of wheels to take besides; empty: none
  std::function<void(std::string_view)> told;  // gets each line that it says; may be empty
};

struct ResolverChoice {
  std::string name, version, url;
  std::vector<std::string> required_by;  // normal names
};

struct ResolverAnswer {
  bool solved = false;
  bool gave_up = false;  // it was stopped: too long without a word, or altogether
  std::vector<ResolverChoice> choices;
  std::string error;                // the resolver's own words
  std::vector<std::string> blamed;  // normal names of the packages that those words are about
};

class Resolver {
 public:
  virtual ~Resolver() = default;
  virtual std::string name() const = 0;  // "uv 0.9.1"
  // An error is a resolver that could not be run; no solution is an answer.
  virtual Result<ResolverAnswer> ask(const ResolverQuestion& question) = 0;
  // What it cannot do for this target, to be said once; "" for nothing.
  virtual std::string caveat() const { return {}; }
};

// Always resolves for the target with its GIL: that is what most wheels are made for. Packages without any other are
// then named by their verdicts instead of by a failure.
Result<std::unique_ptr<Resolver>> find_resolver(const ResolveOptions& options);

// How uv and pip are told where packages come from: through the environment, where no list of processes shows a
// password.
std::vector<std::string> uv_environment(const IndexOptions& index);
std::vector<std::string> pip_environment(const IndexOptions& index);

// What `uv pip compile --annotation-style line` prints.
std::vector<ResolverChoice> parse_uv_output(std::string_view text);
// What `pip install --report` writes; markers are looked at for the target.
Result<std::vector<ResolverChoice>> parse_pip_report(std::string_view text, const Environment& environment);
// Names that an error may be about: words at the places where resolvers write names. Whether they are packages of the
// question only its metadata says.
std::vector<std::string> blamed_names(std::string_view error);

}  // namespace ftaudit::packages
