// Copy-on-write building blocks of the image.
//
// Sharing is decided by reference counts alone: what only one owner reaches may be changed in
// place, everything else is copied first. A writer holds the only path to what it made itself, and
// shares the rest with the root it started from, which lives at least as long as the writer does.
// So an object that counts one reference was made by this writer, and nobody else is reading it.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace kb::storage {

/// A shared T that its writer may edit. May be empty. Copying shares.
template <typename T>
class Cow {
 public:
  Cow() = default;
  explicit Cow(std::shared_ptr<T> object) : object_(std::move(object)) {}

  explicit operator bool() const { return object_ != nullptr; }
  const T* get() const { return object_.get(); }
  const T* operator->() const { return object_.get(); }
  const T& operator*() const { return *object_; }
  bool unique() const { return object_.use_count() == 1; }

  /// The object for changing: made if there is none (and T can be), copied if others share it.
  T& Edit() {
    if (!object_) {
      if constexpr (std::is_default_constructible_v<T>) object_ = std::make_shared<T>();
    } else if (object_.use_count() != 1) {
      object_ = std::make_shared<T>(*object_);
    }
    return *object_;
  }
  void Reset(std::shared_ptr<T> object = nullptr) { object_ = std::move(object); }

 private:
  std::shared_ptr<T> object_;
};

/// A sparse array of T in groups, so that a change copies one group and the short list of groups.
template <typename T>
class CowTable {
 public:
  static constexpr std::uint32_t kGroup = 64;

  /// The element, or nullptr. Any index may be asked for.
  const T* Find(std::uint32_t index) const {
    const std::uint32_t group = index / kGroup;
    if (group >= groups_.size() || !groups_[group]) return nullptr;
    return groups_[group]->items[index % kGroup].get();
  }
  /// The slot of an element, ready for Cow::Edit or Cow::Reset.
  Cow<T>& Slot(std::uint32_t index) {
    const std::uint32_t group = index / kGroup;
    if (group >= groups_.size()) groups_.resize(group + 1);
    return groups_[group].Edit().items[index % kGroup];
  }
  /// One past the largest index that may have an element.
  std::uint32_t limit() const { return static_cast<std::uint32_t>(groups_.size()) * kGroup; }

  /// Calls visit(index, element) in ascending order.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (std::uint32_t i = 0; i < limit(); ++i) {
      if (const T* item = Find(i)) visit(i, *item);
    }
  }

 private:
  struct Group {
    std::array<Cow<T>, kGroup> items;
  };
  std::vector<Cow<Group>> groups_;
};

/// A table that may have to be brought from the disk. The first few elements that are asked for
/// come one by one, so that a question about one node reads one node's surroundings; then all come
/// at once. Reading is thread-safe; all roots that share the object share the outcome. Copying (for
/// an edit) loads all first, so what is not loaded has not been edited since the case was opened,
/// and is on the disk as it was.
template <typename T>
class LazyTable {
 public:
  struct Source {
    std::function<void(CowTable<T>&)> all;
    std::function<std::shared_ptr<const T>(std::uint32_t index)> one;  ///< May give nullptr.
  };

  LazyTable() : ready_(true) {}
  explicit LazyTable(Source source) : source_(std::move(source)), ready_(false) {}
  LazyTable(const LazyTable& other) : content_(other.Get()), ready_(true) {}
  LazyTable& operator=(const LazyTable&) = delete;

  /// The element, or nullptr. Valid as long as this object.
  const T* Find(std::uint32_t index) const {
    if (ready_.load(std::memory_order_acquire)) return content_.Find(index);
    return FindOne(index);
  }
  const CowTable<T>& Get() const {
    if (!ready_.load(std::memory_order_acquire)) Load();
    return content_;
  }
  /// For the writer, on an object of its own.
  CowTable<T>& Edit() {
    Get();
    return content_;
  }

 private:
  static constexpr std::size_t kPiecesMax = 32;
  static constexpr std::size_t kAskedMax = 4096;

  const T* FindOne(std::uint32_t index) const {
    {
      const std::lock_guard lock(loading_);
      const bool ready = ready_.load(std::memory_order_relaxed);
      const auto found = pieces_.find(index);
      if (!ready && ++asked_ <= kAskedMax &&
          (found != pieces_.end() || pieces_.size() < kPiecesMax)) {
        if (found != pieces_.end()) return found->second.get();
        return pieces_.emplace(index, source_.one(index)).first->second.get();
      }
    }
    return Get().Find(index);
  }
  void Load() const {
    const std::lock_guard lock(loading_);
    if (ready_.load(std::memory_order_relaxed)) return;
    source_.all(content_);
    source_ = Source();
    ready_.store(true, std::memory_order_release);
  }

  mutable CowTable<T> content_;
  mutable std::mutex loading_;  ///< Guards all below, and content_ until it is ready.
  mutable Source source_;
  mutable std::unordered_map<std::uint32_t, std::shared_ptr<const T>> pieces_;
  mutable std::size_t asked_ = 0;
  mutable std::atomic<bool> ready_;
};

}  // namespace kb::storage
