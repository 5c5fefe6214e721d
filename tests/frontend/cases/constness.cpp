// What a callee can only read: const methods, pointers and references to const.
#include <map>
#include <string>
#include <vector>
struct Cache {
  std::vector<int> items;
  std::map<std::string, int> names;
  int size() const { return static_cast<int>(items.size()); }
  void clear() { items.clear(); }
  int operator[](int i) const { return items[i]; }
  Cache &operator+=(const Cache &other) { items.insert(items.end(), other.items.begin(), other.items.end()); return *this; }
};
void look(const Cache *cache, const char *name), change(Cache &cache, const int *from), look_at(const Cache &cache);
static Cache shared;
int uses(Cache *cache, int n)
{
    cache->items.push_back(n);
    cache->names["one"] = cache->size();
    look(cache, "name");
    look_at(*cache);
    change(shared, &n);
    shared += *cache;
    shared.clear();
    return shared[n] + static_cast<int>(shared.names.count("two"));
}
