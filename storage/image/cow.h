// Copy-on-write building blocks of the image.
//
// Sharing is decided by reference counts alone: what only one owner reaches may be changed in
// place, everything else is copied first. A writer holds the only path to what it made itself, and
// shares the rest with the root it started from, which lives at least as long as the writer does.
// So an object that counts one reference was made by this writer, and nobody else is reading it.
#pragma once

#include <algorithm>
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
  /// The element, shared; may be empty.
  Cow<T> At(std::uint32_t index) const {
    const std::uint32_t group = index / kGroup;
    if (group >= groups_.size() || !groups_[group]) return {};
    return groups_[group]->items[index % kGroup];
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

/// The elements of a table as they lie on the disk. The first few that are asked for come one by
/// one, so that a question about one node reads one node's surroundings; then all come at once.
/// Thread-safe; all roots that stem from one opening share the object and what it has read.
///
/// The disk may get a newer form of an element, by a fold or a load, but only after Keep was called
/// for it: what was kept stays as it was, so whoever reads through this object sees one state.
template <typename T>
class Pages {
 public:
  struct Source {
    std::function<void(CowTable<T>&)> all;
    std::function<std::shared_ptr<T>(std::uint32_t index)> one;  ///< May give nullptr.
  };

  explicit Pages(Source source) : source_(std::move(source)) {}
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

  /// The element, or nullptr. Valid as long as this object.
  const T* Find(std::uint32_t index) const {
    if (ready_.load(std::memory_order_acquire)) return content_.Find(index);
    return FindOne(index);
  }
  const CowTable<T>& All() const {
    if (!ready_.load(std::memory_order_acquire)) Load();
    return content_;
  }
  /// The element for who is going to change it, here and on the disk.
  Cow<T> Keep(std::uint32_t index) const {
    const std::lock_guard lock(loading_);
    if (ready_.load(std::memory_order_relaxed)) return content_.At(index);
    return Piece(index);
  }

 private:
  static constexpr std::size_t kPiecesMax = 32;
  static constexpr std::size_t kAskedMax = 4096;

  const Cow<T>& Piece(std::uint32_t index) const {
    const auto found = pieces_.find(index);
    if (found != pieces_.end()) return found->second;
    return pieces_.emplace(index, Cow<T>(source_.one(index))).first->second;
  }
  const T* FindOne(std::uint32_t index) const {
    {
      const std::lock_guard lock(loading_);
      const bool ready = ready_.load(std::memory_order_relaxed);
      if (!ready && ++asked_ <= kAskedMax &&
          (pieces_.size() < kPiecesMax || pieces_.count(index) != 0)) {
        return Piece(index).get();
      }
    }
    return All().Find(index);
  }
  void Load() const {
    const std::lock_guard lock(loading_);
    if (ready_.load(std::memory_order_relaxed)) return;
    source_.all(content_);
    // What was read before may have become older than the disk; it is what this table has.
    for (auto& [index, piece] : pieces_) content_.Slot(index) = piece;
    source_ = Source();
    ready_.store(true, std::memory_order_release);
  }

  mutable std::atomic<bool> ready_{false};
  mutable CowTable<T> content_;  ///< Beside ready_: every look goes to both.
  mutable std::mutex loading_;   ///< Guards all below, and content_ until it is ready.
  mutable Source source_;
  mutable std::unordered_map<std::uint32_t, Cow<T>> pieces_;  ///< Stay when the rest has come.
  mutable std::size_t asked_ = 0;
};

/// A table of which a part may still lie on the disk: pages as they were when the case was opened,
/// and over them what has been edited since. An edit brings in the one element it changes. Copying
/// shares; reading is thread-safe.
template <typename T>
class LazyTable {
 public:
  LazyTable() = default;
  explicit LazyTable(std::shared_ptr<const Pages<T>> pages) : pages_(std::move(pages)) {}

  /// The element, or nullptr. Valid as long as this object.
  const T* Find(std::uint32_t index) const {
    const std::uint32_t group = index / kGroup;
    if (group < groups_.size() && groups_[group] && groups_[group]->Knows(index)) {
      return groups_[group]->items[index % kGroup].get();
    }
    return pages_ == nullptr ? nullptr : pages_->Find(index);
  }
  /// For the writer, on an object of its own: the slot of an element, ready for Cow::Edit or
  /// Cow::Reset.
  Cow<T>& Slot(std::uint32_t index) {
    const std::uint32_t number = index / kGroup;
    if (number >= groups_.size()) groups_.resize(number + 1);
    Group& group = groups_[number].Edit();
    Cow<T>& slot = group.items[index % kGroup];
    if (!group.Knows(index)) {
      if (pages_ != nullptr) slot = pages_->Keep(index);
      group.known |= std::uint64_t{1} << (index % kGroup);
    }
    return slot;
  }
  /// Calls visit(index, element) in ascending order; reads all that has not been read.
  template <typename Visit>
  void ForEach(Visit visit) const {
    auto limit = static_cast<std::uint32_t>(groups_.size()) * kGroup;
    if (pages_ != nullptr) limit = std::max(limit, pages_->All().limit());
    for (std::uint32_t i = 0; i < limit; ++i) {
      if (const T* item = Find(i)) visit(i, *item);
    }
  }

 private:
  static constexpr std::uint32_t kGroup = 64;
  struct Group {
    bool Knows(std::uint32_t index) const { return ((known >> (index % kGroup)) & 1) != 0; }
    std::uint64_t known = 0;  ///< Whose items are here, even if they are none.
    std::array<Cow<T>, kGroup> items;
  };
  std::shared_ptr<const Pages<T>> pages_;  ///< Null if nothing is on the disk.
  std::vector<Cow<Group>> groups_;
};

}  // namespace kb::storage
