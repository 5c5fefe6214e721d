// Nodes that count their references themselves, the pools they come from, and the references. A node never changes but
// for its count.
#pragma once

#include <Python.h>

#include <atomic>
#include <cstddef>
#include <mutex>
#include <new>
#include <utility>

// Blocks of one size that were given back, for the next who asks.
class Pool {
 public:
  void* take(std::size_t size) {
    if (free_ == nullptr) return PyMem_RawMalloc(size);
    Free* block = free_;
    free_ = block->next;  // expect: FT201
    return block;
  }
  void give(void* memory) {
    Free* block = static_cast<Free*>(memory);
    block->next = free_;  // false-alarm: FT303
    free_ = block;
  }

 protected:
  struct Free {
    Free* next;
  };
  Free* free_ = nullptr;
};

class LockedPool : Pool {
 public:
  void* take(std::size_t size) {
    const std::lock_guard<std::mutex> guard(mutex_);
    return Pool::take(size);
  }
  void give(void* memory) {
    const std::lock_guard<std::mutex> guard(mutex_);
    Pool::give(memory);
  }

 private:
  std::mutex mutex_;
};

struct Node {
  Node(long n, Node* rest) : value(n), next(rest) {}
  static void* operator new(std::size_t size);
  static void operator delete(void* memory);

  const long value;
  Node* const next;  // owned
  int count = 1;
};

struct SafeNode {
  SafeNode(long n, SafeNode* rest) : value(n), next(rest) {}
  static void* operator new(std::size_t size);
  static void operator delete(void* memory);

  const long value;
  SafeNode* const next;  // owned
  std::atomic<int> count{1};
};

// A reference that is counted in the node.
template <class T> class Ref {
 public:
  Ref() = default;
  explicit Ref(T* owned) : node_(owned) {}  // false-alarm: FT301
  Ref(const Ref& other) : node_(other.node_) {
    if (node_ != nullptr) ++node_->count;  // side: FT806
  }
  Ref(Ref&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  Ref& operator=(Ref other) noexcept {
    std::swap(node_, other.node_);
    return *this;
  }
  ~Ref() { release(node_); }

  T* get() const { return node_; }
  T* detach() { return std::exchange(node_, nullptr); }

 private:
  // A long strand is taken down node by node, not by recursion.
  static void release(T* node) {
    while (node != nullptr && --node->count == 0) {  // expect: FT806
      T* rest = node->next;
      delete node;
      node = rest;
    }
  }
  T* node_ = nullptr;
};
