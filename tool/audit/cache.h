// What one run remembers of earlier ones: the facts of units and the documents made of them, in one store below the
// user's cache folder. A run that cannot use it is slower and says so with -v; its results are the same.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/sources.h"
#include "base/store.h"
#include "finding/document.h"
#include "frontend/facts_cache.h"

namespace ftaudit::audit {

// $XDG_CACHE_HOME/ftaudit/facts, bounded by FTAUDIT_CACHE_SIZE (MiB; 1024).
Result<Store> user_store();

class Cache {
 public:
  // As the sources want it; errors are of FTAUDIT_CACHE_SIZE. What lock wrappers are announced is part of all names.
  static Result<std::unique_ptr<Cache>> open(const Sources& sources);
  // Without a store nothing is found and nothing kept.
  Cache(std::optional<Store> store, std::string salt);
  ~Cache();
  Cache(const Cache&) = delete;
  Cache& operator=(const Cache&) = delete;

  frontend::FactsCache* facts() { return facts_ ? &*facts_ : nullptr; }

  // The units' files are still those that the facts of these names were made from, looked at anew.
  bool still_hold(const std::vector<project::Unit>& units, const frontend::Settings& settings,
                  const std::vector<std::string>& keys);

  // A document by the name of all it was made from.
  std::optional<Document> find(const std::string& key);
  void keep(const std::string& key, const Document& document);

 private:
  std::optional<Store> store_;
  std::string salt_;
  std::optional<frontend::FactsCache> facts_;
};

}  // namespace ftaudit::audit
