#include "kb/activities.h"

#include <utility>

#include "schema/base/text.h"

namespace kb {
namespace {

/// Of a long statement the beginning tells enough.
constexpr std::size_t kStatementCharactersMax = 500;

std::string_view Beginning(std::string_view text) {
  if (text.size() <= kStatementCharactersMax) return text;
  return text.substr(
      0, text::ByteOffset(text.substr(0, 4 * kStatementCharactersMax), kStatementCharactersMax));
}

}  // namespace

struct Activities::Entry::Record {
  query::Activity activity;
  std::chrono::steady_clock::time_point started;
};

Activities::Activities() = default;
Activities::~Activities() = default;

Activities::Entry& Activities::Entry::operator=(Entry&& other) noexcept {
  std::swap(list_, other.list_);
  std::swap(at_, other.at_);
  return *this;
}

Activities::Entry::~Entry() {
  if (list_ == nullptr) return;
  const std::lock_guard lock(list_->mutex_);
  list_->records_.erase(at_);
}

void Activities::Entry::SetStatement(std::string_view text) {
  if (list_ == nullptr) return;
  const std::lock_guard lock(list_->mutex_);
  at_->activity.statement = Beginning(text);
}

Activities::Entry Activities::Add(std::string_view statement, bool explicit_transaction,
                                  bool read_only) {
  Entry::Record record;
  record.activity.statement = Beginning(statement);
  record.activity.explicit_transaction = explicit_transaction;
  record.activity.read_only = read_only;
  record.activity.started_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                                   std::chrono::system_clock::now().time_since_epoch())
                                   .count();
  record.started = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  record.activity.id = next_id_++;
  Entry entry;
  entry.list_ = this;
  entry.at_ = records_.insert(records_.end(), std::move(record));
  return entry;
}

std::vector<query::Activity> Activities::List() const {
  const auto now = std::chrono::steady_clock::now();
  std::vector<query::Activity> all;
  const std::lock_guard lock(mutex_);
  for (const auto& record : records_) {
    all.push_back(record.activity);
    all.back().elapsed_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(now - record.started).count();
  }
  return all;
}

}  // namespace kb
