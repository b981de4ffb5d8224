// Blocks: the column of a key, block by block, for inner loops: View::NodeColumn and
// View::EdgeColumn with the way to the table gone once.
#pragma once

#include <array>
#include <memory>
#include <span>

#include "storage/graph.h"
#include "storage/image/chunk.h"
#include "storage/image/root.h"

namespace kb::storage {

/// Valid as long as the view it was made from. One thread.
class Blocks {
 public:
  Blocks() = default;
  /// Of nodes.
  Blocks(const View& view, KeyId key) : Blocks(view.root().FindNodeColumn(key)) {}
  /// Of the relationships of a type.
  Blocks(const View& view, TypeId type, KeyId key) {
    const TypeImage* image = view.root().FindType(type);
    if (image != nullptr) *this = Blocks(image->FindColumn(key));
  }

  /// The values of a block of ids, or nullptr if none of them has one.
  const Chunk* operator[](std::uint32_t block) {
    if (block < chunks_.size()) return chunks_[block];
    return column_ == nullptr ? nullptr : Find(block);
  }

 private:
  struct Found {
    std::uint32_t block = ~std::uint32_t{0};
    const Chunk* chunk = nullptr;
  };

  explicit Blocks(const Column* column) : column_(column) {
    if (column != nullptr) chunks_ = column->Flat();
  }

  /// A table of which not all has been read counts how often it is asked, so it is asked once.
  [[gnu::noinline]] const Chunk* Find(std::uint32_t block) {
    if (found_ == nullptr && asked_ < kAskedFew) {
      Found& found = few_[block % few_.size()];
      if (found.block != block) found = {block, column_->Find(block)}, ++asked_;
      return found.chunk;
    }
    if (found_ == nullptr) found_ = std::make_unique<std::array<Found, 64>>();
    Found& found = (*found_)[block % found_->size()];
    if (found.block != block) found = {block, column_->Find(block)};
    return found.chunk;
  }

  const Column* column_ = nullptr;
  std::span<const Chunk* const> chunks_;  ///< Of the column, where nothing of it has been edited.
  // Elsewhere, the last few; more of them where many are asked for.
  static constexpr std::uint32_t kAskedFew = 8;
  std::array<Found, 4> few_;
  std::uint32_t asked_ = 0;
  std::unique_ptr<std::array<Found, 64>> found_;
};

/// The same for relationships of any types, which mostly come in runs of one.
class BlocksOfTypes {
 public:
  BlocksOfTypes(const View& view, KeyId key) : view_(&view), key_(key) {}

  const Chunk* operator[](const RelationshipRef& ref) {
    if (!has_type_ || ref.type != type_) {
      blocks_ = Blocks(*view_, ref.type, key_);
      type_ = ref.type;
      has_type_ = true;
    }
    return blocks_[schema::Raw(ref.edge) / kBlockSize];
  }

 private:
  const View* view_;
  KeyId key_;
  bool has_type_ = false;
  TypeId type_{};
  Blocks blocks_;
};

}  // namespace kb::storage
