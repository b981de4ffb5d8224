#include "query/exec/chronology.h"

namespace kb::query::exec {

Result<void> Chronology::Start() {
  times_.clear();
  known_.clear();
  key_ = runtime_.catalog().FindKey(said_.key);
  order_ = {said_.possibly, said_.descending, {}};
  if (!said_.within) return {};
  KB_ASSIGN(order_.within, eval::EvaluateConstant(*said_.within, runtime_.eval()));
  const Result<void> checked = schema::CheckGap(*order_.within);
  return checked.ok() ? Result<void>() : Error(checked.error()).At(said_.within->span);
}

Chronology::Mark Chronology::TimeOf(const storage::Entity& entity) {
  if (!key_) return kNone;
  const auto [known, is_new] = known_.try_emplace(entity.id(), kNone);
  if (!is_new) return known->second;
  const storage::View& view = runtime_.view();
  auto time = schema::ChainTimeOf(entity.is_relationship ? view.Property(entity.relationship, *key_)
                                                         : view.Property(entity.node, *key_));
  if (!time) return kNone;
  times_.push_back(*std::move(time));
  return known->second = static_cast<Mark>(times_.size());
}

bool Chronology::MayFollow(Mark first, Mark next) const {
  return first != kNone && next != kNone &&
         schema::MayFollow(times_[first - 1], times_[next - 1], order_);
}

bool Chronology::Covers(Mark known, Mark mark, bool reversed) const {
  if (known == mark) return true;
  return known != kNone && mark != kNone &&
         schema::Covers(times_[known - 1], times_[mark - 1], reversed, order_);
}

}  // namespace kb::query::exec
