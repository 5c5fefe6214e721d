#include "audit/cache.h"

#include <cstdlib>

#include "audit/lock_wrappers.h"
#include "base/log.h"
#include "base/sha256.h"
#include "finding/archive.h"

namespace ftaudit::audit {
namespace {

constexpr std::uint64_t mebibyte = 1u << 20, usual = 1024;

std::string file_of(const std::string& key) {
  return sha256(frontend::FactsCache::build() + '\0' + key).substr(0, 40) + ".document";
}

}  // namespace

Result<Store> user_store() {
  std::uint64_t size = usual;
  if (const char* set = std::getenv("FTAUDIT_CACHE_SIZE"); set != nullptr && *set != '\0') {
    char* end = nullptr;
    size = std::strtoull(set, &end, 10);
    if (*end != '\0' || size > (std::uint64_t{1} << 30) || *set == '-')
      return Error{"FTAUDIT_CACHE_SIZE must be a number of MiB"};
  }
  return Store(cache_folder() / "facts", size * mebibyte);
}

Result<std::unique_ptr<Cache>> Cache::open(const Sources& sources) {
  std::optional<Store> store;
  if (!sources.no_cache) {
    Result<Store> users = user_store();
    if (!users.ok()) return users.error();
    store = std::move(*users);
  }
  return std::make_unique<Cache>(std::move(store), wrapper_text(sources.lock_wrappers));
}

Cache::Cache(std::optional<Store> store, std::string salt) : store_(std::move(store)), salt_(std::move(salt)) {
  if (store_) facts_.emplace(*store_, salt_);
}

bool Cache::still_hold(const std::vector<project::Unit>& units, const frontend::Settings& settings,
                       const std::vector<std::string>& keys) {
  if (!store_) return false;
  frontend::FactsCache now(*store_, salt_);
  for (std::size_t i = 0; i < units.size(); ++i)
    if (now.find(units[i], settings) != keys[i]) return false;
  return true;
}

Cache::~Cache() {
  if (!store_) return;
  if (!store_->trouble().empty()) log::info("nothing new is kept for the next run: " + store_->trouble());
  if (store_->grew()) store_->trim();
}

std::optional<Document> Cache::find(const std::string& key) {
  if (!store_) return std::nullopt;
  const auto bytes = store_->get(file_of(key));
  if (!bytes) return std::nullopt;
  auto document = document_from_bytes(*bytes);
  return document.ok() ? std::optional(std::move(*document)) : std::nullopt;
}

void Cache::keep(const std::string& key, const Document& document) {
  if (store_) store_->put(file_of(key), to_bytes(document));
}

}  // namespace ftaudit::audit
