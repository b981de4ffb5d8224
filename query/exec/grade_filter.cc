#include "query/exec/grade_filter.h"

#include <algorithm>

namespace kb::query::exec {
namespace {

constexpr GradeFilter::Rank kDigits = 6;
constexpr GradeFilter::Rank kUngraded = kDigits * kDigits + 1;

}  // namespace

bool GradeFilter::Admits(const storage::Entity& entity, bool* at_ceiling) {
  const Rank rank = RankOf(entity);
  if (rank > ceiling_) {
    next_ = std::min(rank, next_.value_or(rank));
    return false;
  }
  if (rank == ceiling_) *at_ceiling = true;
  return true;
}

GradeFilter::Rank GradeFilter::RankOf(const storage::Entity& entity) {
  const auto [known, is_new] = known_.try_emplace(entity.id(), Rank{0});
  if (!is_new) return known->second;
  const auto grade = storage::GradeOfExistence(runtime_.view(), entity);
  if (!grade) return 0;
  if (!grade->given()) return known->second = kUngraded;
  const int rank = (grade->reliability - 1) * kDigits + grade->credibility;
  return known->second = static_cast<Rank>(rank);
}

}  // namespace kb::query::exec
