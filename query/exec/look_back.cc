#include "query/exec/look_back.h"

#include <algorithm>

namespace kb::query::exec {

using schema::Direction;

void LookBack::Start(const Steps& steps, bool reversed, const storage::View& view) {
  lists_.clear();
  node_limit_ = rows_ = entries_ = 0;
  if (!steps.is_plain() || steps.lists().empty()) return;
  const Direction direction = reversed ? schema::Reverse(steps.direction()) : steps.direction();
  std::uint32_t leaf_count = 0;
  for (const storage::TypeLists& type : steps.lists()) {
    for (const Direction side : {Direction::kOut, Direction::kIn}) {
      const storage::Lists& lists = side == Direction::kOut ? type.out : type.in;
      const auto count = lists.LeafCount();
      if (!count) {
        lists_.clear();
        return;
      }
      leaf_count = std::max(leaf_count, *count);
      if (direction == side) continue;  // leads on, not back
      lists_.push_back(lists);
      if (view.quality().exact_counts) entries_ += view.RelationshipCount(type.type);
    }
  }
  node_limit_ = std::size_t{leaf_count} * storage::kLeafNodes;
}

bool LookBack::Pays(std::size_t count, std::size_t met) {
  constexpr std::size_t kFew = 32;  // for which nothing is weighed
  if (count < kFew || lists_.empty() || entries_ == 0) return false;
  if (rows_ == 0) {
    for (std::uint32_t number = 0; number < node_limit_ / storage::kLeafNodes; ++number) {
      const bool is_there = std::any_of(lists_.begin(), lists_.end(), [&](const auto& lists) {
        return lists.LeafAt(number) != nullptr;
      });
      if (is_there) rows_ += storage::kLeafNodes;
    }
  }
  if (met >= rows_) return true;
  // A row is a look at its offsets and, where it has a list, at some entries.
  constexpr double kRowCost = 2;
  const auto rows = static_cast<double>(rows_);
  const double entries = static_cast<double>(count) * static_cast<double>(entries_) / rows;
  return entries > (rows - static_cast<double>(met)) * kRowCost;
}

}  // namespace kb::query::exec
