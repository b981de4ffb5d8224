// Tables of which parts are not there yet: they lie on the disk, or have to be made.
//
// A LazyTable is what roots hold. What has been edited since the table was made lies in the table
// itself, everything else in Pages behind it, which all copies of the table share. Pages that have
// everything are read without a lock or a choice; how they get what they do not have is the matter
// of a subclass, off the quick way.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "storage/image/cow.h"

namespace kb::storage {

/// The elements of a table, each of which comes when it is first asked for and stays. Thread-safe.
template <typename T>
class Pages {
 public:
  Pages() = default;
  virtual ~Pages() = default;
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

  /// The element, or nullptr. Valid as long as this object.
  const T* Find(std::uint32_t index) const {
    if (!ready_.load(std::memory_order_acquire)) return FindOne(index);
    return index < flat_.size() ? flat_[index] : nullptr;
  }
  /// All elements by index (those beyond the end are none), or nothing while some are not there.
  std::span<const T* const> Flat() const {
    if (!ready_.load(std::memory_order_acquire)) return {};
    return flat_;
  }
  /// One past the last index that has an element; nothing while some are not there.
  std::optional<std::uint32_t> Limit() const {
    if (!ready_.load(std::memory_order_acquire)) return std::nullopt;
    return static_cast<std::uint32_t>(flat_.size());
  }
  const CowTable<T>& All() const {
    if (!ready_.load(std::memory_order_acquire)) Load();
    return content_;
  }
  /// The element for who is going to change it, here and on the disk.
  virtual Cow<T> Keep(std::uint32_t index) const = 0;
  /// Whether Find costs no more than a look.
  virtual bool IsAtHand(std::uint32_t index) const = 0;

 protected:
  virtual const T* FindOne(std::uint32_t index) const = 0;
  virtual void Load() const = 0;
  /// Says that `content_` has everything.
  void SetReady() const {
    flat_.resize(content_.limit());
    content_.ForEach([&](std::uint32_t index, const T& item) { flat_[index] = &item; });
    ready_.store(true, std::memory_order_release);
  }

  /// Of `content_`, once that is ready. Beside ready_: every look goes to both.
  mutable std::vector<const T*> flat_;
  mutable std::atomic<bool> ready_{false};
  mutable CowTable<T> content_;
};

/// The elements of a table as they lie on the disk. The first few that are asked for come one by
/// one, so that a question about one node reads one node's surroundings; then all come at once.
/// All roots that stem from one opening share the object and what it has read.
///
/// The disk may get a newer form of an element, by a fold or a load, but only after Keep was called
/// for it (storage/stored_tables.h): what was kept stays as it was, so whoever reads through this
/// object sees one state.
template <typename T>
class StoredPages final : public Pages<T> {
 public:
  struct Source {
    std::function<void(CowTable<T>&)> all;
    std::function<std::shared_ptr<T>(std::uint32_t index)> one;  ///< May give nullptr.
  };

  explicit StoredPages(Source source) : source_(std::move(source)) {}

  Cow<T> Keep(std::uint32_t index) const override {
    const std::lock_guard lock(loading_);
    if (ready_.load(std::memory_order_relaxed)) return content_.At(index);
    return Piece(index);
  }
  bool IsAtHand(std::uint32_t) const override { return true; }

 private:
  using Pages<T>::ready_;
  using Pages<T>::content_;
  static constexpr std::size_t kPiecesMax = 32;
  static constexpr std::size_t kAskedMax = 4096;

  const Cow<T>& Piece(std::uint32_t index) const {
    const auto found = pieces_.find(index);
    if (found != pieces_.end()) return found->second;
    return pieces_.emplace(index, Cow<T>(source_.one(index))).first->second;
  }
  const T* FindOne(std::uint32_t index) const override {
    {
      const std::lock_guard lock(loading_);
      const bool ready = ready_.load(std::memory_order_relaxed);
      if (!ready && ++asked_ <= kAskedMax &&
          (pieces_.size() < kPiecesMax || pieces_.count(index) != 0)) {
        return Piece(index).get();
      }
    }
    return this->All().Find(index);
  }
  void Load() const override {
    const std::lock_guard lock(loading_);
    if (ready_.load(std::memory_order_relaxed)) return;
    source_.all(content_);
    // What was read before may have become older than the disk; it is what this table has.
    for (auto& [index, piece] : pieces_) content_.Slot(index) = piece;
    source_ = Source();
    this->SetReady();
  }

  mutable std::mutex loading_;  ///< Guards all below, and content_ until it is ready.
  mutable Source source_;
  mutable std::unordered_map<std::uint32_t, Cow<T>> pieces_;  ///< Stay when the rest has come.
  mutable std::size_t asked_ = 0;
};

/// The elements of a table that are made from something else, each by itself however many are asked
/// for. One that has been made is read without a lock.
template <typename T>
class MadePages final : public Pages<T> {
 public:
  using Maker = std::function<Cow<T>(std::uint32_t index)>;  ///< May give an empty one.

  /// Elements from `limit` on are none.
  MadePages(std::uint32_t limit, Maker maker)
      : limit_(limit), groups_((limit + kGroup - 1) / kGroup), maker_(std::move(maker)) {}

  Cow<T> Keep(std::uint32_t index) const override {
    return index < limit_ ? Slot(index) : Cow<T>();
  }
  bool IsAtHand(std::uint32_t index) const override {
    return index >= limit_ || Known(index) != nullptr;
  }

 private:
  using Pages<T>::ready_;
  using Pages<T>::content_;
  static constexpr std::uint32_t kGroup = 64;
  struct Group {
    std::atomic<std::uint64_t> known{0};  ///< Whose items have been made.
    std::array<Cow<T>, kGroup> items;
  };

  const Cow<T>* Known(std::uint32_t index) const {
    const Group* group = groups_[index / kGroup].load(std::memory_order_acquire);
    if (group == nullptr) return nullptr;
    const std::uint64_t known = group->known.load(std::memory_order_acquire);
    return ((known >> (index % kGroup)) & 1) == 0 ? nullptr : &group->items[index % kGroup];
  }
  const Cow<T>& Slot(std::uint32_t index) const {
    const Cow<T>* known = Known(index);
    if (known != nullptr) return *known;
    const std::lock_guard lock(making_);
    return Make(index);
  }
  /// With the lock.
  const Cow<T>& Make(std::uint32_t index) const {
    if (const Cow<T>* known = Known(index)) return *known;
    std::atomic<Group*>& place = groups_[index / kGroup];
    Group* group = place.load(std::memory_order_relaxed);
    if (group == nullptr) {
      group = &made_.emplace_back();
      place.store(group, std::memory_order_release);
    }
    Cow<T>& item = group->items[index % kGroup];
    item = maker_(index);
    group->known.fetch_or(std::uint64_t{1} << (index % kGroup), std::memory_order_release);
    if (++made_count_ == limit_) Complete();
    return item;
  }
  const T* FindOne(std::uint32_t index) const override {
    return index < limit_ ? Slot(index).get() : nullptr;
  }
  void Load() const override {
    const std::lock_guard lock(making_);
    for (std::uint32_t i = 0; i < limit_; ++i) Make(i);
    if (limit_ == 0) this->SetReady();
  }
  void Complete() const {
    for (std::uint32_t i = 0; i < limit_; ++i) {
      if (const Cow<T>& item = *Known(i)) content_.Slot(i) = item;
    }
    maker_ = nullptr;
    this->SetReady();
  }

  const std::uint32_t limit_;
  mutable std::vector<std::atomic<Group*>> groups_;
  mutable std::mutex making_;  ///< Guards all below, and content_ until it is ready.
  mutable Maker maker_;
  mutable std::deque<Group> made_;
  mutable std::uint32_t made_count_ = 0;
};

/// A table over pages, with what has been edited since. An edit brings in the one element it
/// changes. Copying shares; reading is thread-safe.
template <typename T>
class LazyTable {
 public:
  LazyTable() = default;
  explicit LazyTable(std::shared_ptr<const Pages<T>> pages) : pages_(std::move(pages)) {}

  /// The element, or nullptr. Valid as long as this object.
  const T* Find(std::uint32_t index) const {
    const std::uint32_t group = index / kGroup;
    if (group < groups_.size() && groups_[group]) {
      const T* item = groups_[group]->items[index % kGroup].get();
      if (item != nullptr || groups_[group]->Knows(index)) return item;
    }
    return pages_ == nullptr ? nullptr : pages_->Find(index);
  }
  /// The element, shared; may be empty.
  Cow<T> At(std::uint32_t index) const {
    if (Knows(index)) return groups_[index / kGroup]->items[index % kGroup];
    return pages_ == nullptr ? Cow<T>() : pages_->Keep(index);
  }
  /// Whether Find costs no more than a look.
  bool IsAtHand(std::uint32_t index) const {
    return pages_ == nullptr || Knows(index) || pages_->IsAtHand(index);
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
  /// As Pages::Flat, of a table of which nothing has been edited; valid as long as this object.
  std::span<const T* const> Flat() const {
    return groups_.empty() && pages_ != nullptr ? pages_->Flat() : std::span<const T* const>();
  }
  /// One past the last index that may have an element; nothing while some are not there.
  std::optional<std::uint32_t> Limit() const {
    const auto edited = static_cast<std::uint32_t>(groups_.size()) * kGroup;
    if (pages_ == nullptr) return edited;
    const std::optional<std::uint32_t> stored = pages_->Limit();
    return stored ? std::max(edited, *stored) : stored;
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
    std::uint64_t known = 0;           ///< Whose items are here, even if they are none.
    std::array<Cow<T>, kGroup> items;  ///< Empty where not known.
  };
  bool Knows(std::uint32_t index) const {
    const std::uint32_t group = index / kGroup;
    return group < groups_.size() && groups_[group] && groups_[group]->Knows(index);
  }

  std::shared_ptr<const Pages<T>> pages_;  ///< Null if all there is has been edited here.
  std::vector<Cow<Group>> groups_;
};

}  // namespace kb::storage
