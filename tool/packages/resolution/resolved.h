// What became of each package that was asked for, and who pulls it in: the answer of resolve(), and what it is asked
// with.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/files.h"
#include "packages/inputs/inputs.h"

namespace ftaudit::packages {

struct Resolved {
  enum class State {
    chosen,        // `version` is what would be installed
    missing,       // no index knows the name
    unreachable,   // no index could be asked: `reason`
    no_version,    // the name is known, no version satisfies what is asked
    conflict,      // cannot be had together with others
    not_resolved,  // its dependencies could not be read without running its code, or the resolver failed
  };
  State state = State::chosen;
  std::string name;            // as its project writes it where known, else as the user did
  std::string version;         // "" unless chosen
  std::string reason;          // why not chosen, or a remark on what was ("yanked: ...")
  std::string nearest;         // for a missing name: the known name it may stand for
  std::string newest;          // the newest version that would do by itself, where the resolver chose an older one
  bool for_its_wheel = false;  // the older one, because it has a free-threaded wheel
  bool yanked = false;
  bool gil_metadata = false;  // chosen by what the wheels for the GIL say: none fits the target itself
  bool direct = false;
  std::vector<Origin> origins;           // where the user asked for it
  std::vector<std::string> required_by;  // normal names of packages that pull it in
  std::vector<std::string> requires_;    // normal names of what it pulls in
  bool requires_known = true;            // false: dependencies unknown (only an sdist, no metadata)
  fs::path path;                         // a local wheel, sdist, tree or dist-info folder
  std::string url;                       // the file chosen, when the resolver said so
  Wanted::Kind kind = Wanted::Kind::requirement;
  std::string key() const;  // normal name
};

struct Resolution {
  std::vector<Resolved> packages;  // by normal name; direct ones and what they pull in
  std::vector<Remark> remarks;
  std::string resolver;               // "uv 0.9.1", "pip 25.3", "lock file"
  std::chrono::milliseconds took{0};  // in the resolver's own processes
  // A chain from a direct requirement down to the package: "celery -> kombu -> vine"; names, the package last.
  std::vector<std::string> chain(const std::string& key) const;
};

struct ResolveOptions {
  Target target;
  IndexOptions index;    // the command line's; the input's and the user's configuration are added
  std::string resolver;  // "uv", "pip", or "": uv when present
  fs::path python;       // an interpreter of the target's version, if there is one; pip reads markers with it
  // Of one question to the resolver: altogether, and without a word of it. uv says nothing until it is done.
  std::chrono::seconds timeout{300}, silence{60};
};

// A lock file or an environment has chosen already.
Resolution already_chosen(const Input& input, const Target& target);

// required_by and requires_ say the same; either may have come first.
void complete(Resolution& resolution);

}  // namespace ftaudit::packages
