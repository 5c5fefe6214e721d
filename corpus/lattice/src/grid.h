// A grid of numbers and the registry of named grids. Knows nothing of Python.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace lattice {

class Grid {
 public:
  Grid(std::size_t width, std::size_t height);

  std::size_t width() const { return width_; }
  std::size_t height() const { return height_; }
  double at(std::size_t x, std::size_t y) const;
  void put(std::size_t x, std::size_t y, double value);
  void append_row(const std::vector<double>& row);
  double sum() const;

 private:
  std::size_t width_, height_;
  std::vector<double> values_;
};

// All named grids of the process.
class Registry {
 public:
  static Registry& get();

  void add(const std::string& name, std::shared_ptr<Grid> grid);
  std::shared_ptr<Grid> find(const std::string& name) const;
  std::vector<std::string> names() const;
  std::size_t size() const { return grids_.size(); }  // without the mutex
  void clear();

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<Grid>> grids_;
};

// The distance between two cells, kept for the next time.
double distance(std::pair<int, int> from, std::pair<int, int> to);

}  // namespace lattice
