// Copy-on-write building blocks of the image.
//
// Sharing is decided by reference counts alone: what only one owner reaches may be changed in
// place, everything else is copied first. A writer holds the only path to what it made itself, and
// shares the rest with the root it started from, which lives at least as long as the writer does.
// So an object that counts one reference was made by this writer, and nobody else is reading it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <type_traits>
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

}  // namespace kb::storage
