#include "grid.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace lattice {

Grid::Grid(std::size_t width, std::size_t height) : width_(width), height_(height), values_(width * height) {}

double Grid::at(std::size_t x, std::size_t y) const {
  if (x >= width_ || y >= height_) throw std::out_of_range("no such cell");
  return values_[y * width_ + x];
}

void Grid::put(std::size_t x, std::size_t y, double value) {
  if (x >= width_ || y >= height_) throw std::out_of_range("no such cell");
  values_[y * width_ + x] = value;
}

void Grid::append_row(const std::vector<double>& row) {
  if (row.size() != width_) throw std::invalid_argument("the row does not fit");
  values_.insert(values_.end(), row.begin(), row.end()); // expect: FT805
  ++height_;  // expect: FT301
}

double Grid::sum() const {
  double sum = 0;
  for (double value : values_) sum += value;
  return sum;
}

Registry& Registry::get() {
  static Registry registry;
  return registry;
}

void Registry::add(const std::string& name, std::shared_ptr<Grid> grid) {
  std::lock_guard<std::mutex> guard(mutex_);
  grids_[name] = std::move(grid);
}

std::shared_ptr<Grid> Registry::find(const std::string& name) const {
  std::lock_guard<std::mutex> guard(mutex_);
  const auto found = grids_.find(name);
  return found == grids_.end() ? nullptr : found->second;
}

std::vector<std::string> Registry::names() const {
  std::vector<std::string> names;
  {
    std::lock_guard<std::mutex> guard(mutex_);
    for (const auto& entry : grids_) names.push_back(entry.first);
  }
  std::sort(names.begin(), names.end());
  return names;
}

void Registry::clear() { grids_.clear(); }  // without the mutex  // expect: FT805

double distance(std::pair<int, int> from, std::pair<int, int> to) {
  static std::map<std::pair<std::pair<int, int>, std::pair<int, int>>, double> known;
  const auto key = std::make_pair(from, to);
  const auto found = known.find(key);
  if (found != known.end()) return found->second;
  const double result = std::hypot(from.first - to.first, from.second - to.second);
  known.emplace(key, result); // expect: FT805
  return result;
}

}  // namespace lattice
