// One resolution under way, in rounds: what is asked for, what has been found out, what still goes to the resolver. The
// work behind resolve(), in two parts: asking (rounds.cpp), and looking at packages before and between questions
// (candidates.cpp).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/progress.h"
#include "packages/index/index.h"
#include "packages/resolution/resolver.h"

namespace ftaudit::packages {

// What the user asked for under one name, all places together.
struct Asked {
  std::string name;
  std::vector<std::string> extras;
  std::vector<Specifiers> clauses;
  std::vector<Origin> origins;
  const Wanted* place = nullptr;  // a file, folder or URL instead of an index
  bool active = true;             // still put to the resolver
};

class Rounds {
 public:
  Rounds(const Input& input, const ResolveOptions& options, Index& index, Progress& progress, Resolver& resolver)
      : input_(input),
        options_(options),
        index_(index),
        progress_(progress),
        resolver_(resolver),
        gil_(with_gil(options.target)) {}

  Result<Resolution> all();

 private:
  void collect();
  void add_asked(const Wanted& wanted, const std::string& by);
  void look_at_place(const Wanted& wanted);
  bool satisfies(const Asked* asked, const Version& version) const;
  const Release* buildable(const std::vector<Release>& all, const std::vector<Release>& on_target,
                           const Asked* asked) const;
  bool has_usable(const std::vector<Release>& all, const Asked* asked) const;
  void stand_in_for(const std::string& name, const Release& release);
  bool look_at_blamed(const ResolverAnswer& answer);
  bool is_needed(const std::string& name);
  void take_newest(ResolverAnswer& answer);
  void note_older(Resolved& resolved, const ResolverChoice& choice);
  bool diagnose(const std::string& name);
  void set_aside(const ResolverAnswer& answer);
  Result<ResolverAnswer> ask(const std::vector<std::string>& more_constraints, const std::string& without = {});
  const std::vector<Release>& on_target(const std::string& name);
  std::vector<std::string> prefer_free_threaded(const ResolverAnswer& answer);
  void report(const ResolverAnswer& answer);
  void fail(const std::string& name, Resolved::State state, std::string reason);
  Resolved& entry(const std::string& name);
  void name_nearest();

  const Input& input_;
  const ResolveOptions& options_;
  Index& index_;
  Progress& progress_;
  Resolver& resolver_;
  Target gil_;
  std::optional<ScratchFolder> stand_ins_;
  std::map<std::string, Asked> asked_;                             // by normal name
  std::map<std::string, std::vector<std::string>> asked_by_tree_;  // by normal name: source trees that need it
  std::map<std::string, std::string> stood_in_;                    // by normal name: version
  std::set<std::string> diagnosed_;
  std::map<std::string, std::vector<Release>> on_target_;  // by normal name
  std::optional<std::set<std::string>> needed_;  // normal names that the metadata of what is asked for names, and so on
  std::set<std::string> pinned_for_wheels_;      // normal names
  std::vector<std::string> constraints_;
  std::map<std::string, Resolved> results_;
  std::vector<Remark> remarks_;
  std::chrono::milliseconds took_{0};
};

}  // namespace ftaudit::packages
