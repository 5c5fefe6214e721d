// Sentences about Cython's C in the words of its .pyx: `__pyx_v_self->items` is self.items, a variable that a closure
// keeps goes by its own name, functions are called what a traceback calls them. Knows names only.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace ftaudit::cython {

class Words {
 public:
  // `shown`: what the function of this C name is called.
  void name(const std::string& c_name, std::string shown) { names_.insert_or_assign(c_name, std::move(shown)); }

  // `dotted`: a class of the sources, as Python calls it; its slots go by the methods that are written for them.
  void type(std::string dotted) { types_.insert(std::move(dotted)); }
  bool is_type(std::string_view dotted) const { return types_.contains(dotted); }

  std::string operator()(std::string_view sentence) const;

 private:
  std::string component(std::string_view word, bool& dropped) const;
  std::string chain(std::string_view text) const;

  std::string method(std::string_view path) const;

  std::map<std::string, std::string, std::less<>> names_;
  std::set<std::string, std::less<>> types_;
};

}  // namespace ftaudit::cython
