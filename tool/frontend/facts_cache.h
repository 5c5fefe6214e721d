// Facts cache: the facts of translation units by content. A unit's facts are found again when this build of ftaudit
// read the same file with the same flags, every file it read then has the content it had, and every place where a
// header was looked for in vain is still empty. Projects may lie elsewhere than they did: paths below the root are kept
// relative to it, so that two checkouts share what they have in common. Only this process' parent side uses it; see
// base/store.h for what happens on disk.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/store.h"
#include "frontend/frontend.h"
#include "frontend/reads.h"

namespace ftaudit::frontend {

class FactsCache {
 public:
  // `salt`: whatever else the facts depend on.
  FactsCache(Store& store, std::string salt) : store_(store), salt_(std::move(salt)) {}

  // The name of the unit's facts, when they were written down and still hold: a digest of all they were made from.
  // `store` may have lost them all the same.
  std::optional<std::string> find(const project::Unit& unit, const Settings& settings);
  std::optional<model::Facts> load(const std::string& key);

  // Keeps what a child sent; returns its name.
  std::string keep(const project::Unit& unit, const Settings& settings, const std::vector<Read>& reads,
                   std::string_view facts);

  // Names this build of ftaudit, the Clang it runs with and the headers it carries.
  static std::string build();

 private:
  struct Entry {
    std::string key;
    std::vector<Read> reads;  // paths below the root begin with the mark of the root
  };
  template <class V> friend void fields(V& v, Entry& x) { v(x.key, x.reads); }
  template <class V> friend void fields(V& v, const Entry& x) { v(x.key, x.reads); }

  std::string manifest_of(const project::Unit& unit, const Settings& settings) const;
  std::vector<Entry> entries(const std::string& manifest);
  bool holds(const Entry& entry, const fs::path& root);
  bool holds(const Read& read, const std::string& path);

  struct Seen {
    bool there = false;
    Stamp stamp;
    std::string digest;  // once somebody asked
  };
  Seen& seen(const std::string& path);

  Store& store_;
  std::string salt_;
  std::unordered_map<std::string, Seen> seen_;  // by path: as it is in this run
  std::map<std::string, std::string> found_;    // by manifest and root
};

}  // namespace ftaudit::frontend
