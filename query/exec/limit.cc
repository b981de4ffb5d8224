// Skip and Limit. Limit stops asking its input when it has enough, unless the input writes: the
// effects of a statement do not depend on how many of its rows are wanted.
#include <algorithm>

#include "query/exec/operators.h"
#include "query/exec/subquery.h"

namespace kb::query::exec {
namespace {

/// The rows [from, to) of a batch, as row numbers.
void Range(std::uint32_t from, std::uint32_t to, std::vector<std::uint32_t>* rows) {
  rows->clear();
  for (std::uint32_t row = from; row < to; ++row) rows->push_back(row);
}

class Skip final : public Operator {
 public:
  Skip(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : Operator(runtime, op, Inputs(std::move(from))) {}

  void Rewind() override {
    Operator::Rewind();
    started_ = false;
  }

 private:
  Result<bool> Produce(Batch* out) override {
    if (!started_) {
      KB_ASSIGN(left_, runtime_.EvaluateCount(*NodeOf<plan::Skip>().count, "SKIP"));
      started_ = true;
    }
    while (true) {
      KB_ASSIGN(const bool more, input().Next(left_ == 0 ? out : &batch_));
      if (!more) return false;
      if (left_ == 0) return true;
      if (left_ >= batch_.rows) {
        left_ -= batch_.rows;
        continue;
      }
      Range(static_cast<std::uint32_t>(left_), batch_.rows, &rows_);
      out->GatherFrom(batch_, rows_, live());
      left_ = 0;
      return true;
    }
  }

  bool started_ = false;
  std::uint64_t left_ = 0;
  Batch batch_;
  std::vector<std::uint32_t> rows_;
};

class Limit final : public Operator {
 public:
  Limit(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : Operator(runtime, op, Inputs(std::move(from))), writes_(WritesGraph(op)) {}

  void Rewind() override {
    Operator::Rewind();
    started_ = false;
    drained_ = false;
  }

 private:
  Result<bool> Produce(Batch* out) override {
    if (!started_) {
      KB_ASSIGN(left_, runtime_.EvaluateCount(*NodeOf<plan::Limit>().count, "LIMIT"));
      started_ = true;
    }
    if (left_ == 0) {
      if (writes_) KB_TRY(Drain());
      return false;
    }
    KB_ASSIGN(const bool more, input().Next(&batch_));
    if (!more) {
      drained_ = true;
      return false;
    }
    if (batch_.rows <= left_) {
      left_ -= batch_.rows;
      std::swap(*out, batch_);
      return true;
    }
    Range(0, static_cast<std::uint32_t>(left_), &rows_);
    out->GatherFrom(batch_, rows_, live());
    left_ = 0;
    return true;
  }

  Result<void> Drain() {
    while (!drained_) {
      KB_ASSIGN(const bool more, input().Next(&batch_));
      drained_ = !more;
    }
    return {};
  }

  const bool writes_;
  bool started_ = false;
  bool drained_ = false;
  std::uint64_t left_ = 0;
  Batch batch_;
  std::vector<std::uint32_t> rows_;
};

}  // namespace

OperatorPtr MakeSkip(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<Skip>(runtime, op, std::move(input));
}

OperatorPtr MakeLimit(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<Limit>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
