// Amend: WITHDRAW, ERASE and ASSERT. What rests on a statement or a judgement is decided anew.
#include "query/exec/operators.h"
#include "query/exec/testimony.h"
#include "storage/evidence.h"

namespace kb::query::exec {
namespace {

class Amend final : public Operator {
 public:
  Amend(Runtime& runtime, const plan::Operator& op, OperatorPtr from)
      : Operator(runtime, op, Inputs(std::move(from))),
        clause_(NodeOf<plan::Amend>().clause),
        testimonies_(runtime, clause_.evidence) {}

 private:
  Result<bool> Produce(Batch* out) override {
    KB_ASSIGN(const bool more, input().Next(out));
    if (!more) return false;
    OwnText(out);
    const bind::ExpressionPtr* const expressions[] = {
        &clause_.subject, &clause_.other, &clause_.because, &clause_.by, &clause_.dynamic_key};
    Vector* const vectors[] = {&subjects_, &others_, &reasons_, &authors_, &keys_};
    for (std::size_t i = 0; i < std::size(expressions); ++i) {
      if (!*expressions[i]) continue;
      KB_TRY(eval::Evaluate(**expressions[i], *out, runtime_.eval(), vectors[i]));
      if (vectors[i]->repr() == Repr::kString) vectors[i]->Box();
    }
    KB_TRY(testimonies_.Evaluate(*out));
    if (clause_.kind == ast::AmendKind::kErase && clause_.key.empty() && !clause_.dynamic_key) {
      Remember(out->rows);
    }
    const WriteScope writing(runtime_);
    for (std::uint32_t row = 0; row < out->rows; ++row) {
      const Value subject = subjects_.Get(row);
      if (subject.is_null()) continue;
      auto outcome = Carry(subject, row);
      if (outcome.ok()) continue;
      return Error(outcome.error()).At(clause_.subject->span);
    }
    return true;
  }

  /// What is erased may still be named by clauses that follow.
  void Remember(std::uint32_t rows) {
    if (live() != nullptr && live()->empty()) return;
    for (std::uint32_t row = 0; row < rows; ++row) {
      const Value subject = subjects_.Get(row);
      if (subject.is_node()) runtime_.Remember(subject.node());
      if (subject.is_relationship()) runtime_.Remember(subject.relationship());
    }
  }

  Result<std::string> TextOf(const bind::ExpressionPtr& expression, const Vector& texts,
                             std::uint32_t row, std::string_view word) const {
    if (!expression) return std::string();
    const Value text = texts.Get(row);
    if (text.is_null()) return std::string();
    if (text.is_string()) return std::string(text.string());
    return TypeError("{} is followed by a text, but this is {}", word,
                     schema::KindName(text.kind()))
        .Detail("InvalidArgumentType")
        .At(expression->span);
  }

  Result<std::uint64_t> NumberOf(const Value& value, std::string_view what) const {
    if (value.is_integer() && value.integer() > 0) {
      return static_cast<std::uint64_t>(value.integer());
    }
    return TypeError("a {} is named by its number, but this is {}", what,
                     schema::KindName(value.kind()))
        .Detail("InvalidArgumentType");
  }

  Result<void> Carry(const Value& subject, std::uint32_t row) {
    storage::EvidenceWriter& writer = storage::EvidenceOf(*runtime_.transaction());
    KB_ASSIGN(const std::string because, TextOf(clause_.because, reasons_, row, "BECAUSE"));
    switch (clause_.kind) {
      case ast::AmendKind::kWithdrawStatement: {
        KB_ASSIGN(const std::uint64_t id, NumberOf(subject, "statement"));
        return writer.Withdraw(id, because);
      }
      case ast::AmendKind::kWithdrawJudgement: {
        KB_ASSIGN(const std::uint64_t id, NumberOf(subject, "judgement"));
        return writer.WithdrawJudgement(id, because);
      }
      case ast::AmendKind::kEraseStatement: {
        KB_ASSIGN(const std::uint64_t id, NumberOf(subject, "statement"));
        return writer.EraseStatement(id, because);
      }
      case ast::AmendKind::kErase:
        return Erase(writer, subject, row, because);
      case ast::AmendKind::kAssertSame:
      case ast::AmendKind::kAssertDistinct:
        break;
    }
    return Judge(writer, subject, row, because);
  }

  Result<void> Erase(storage::EvidenceWriter& writer, const Value& subject, std::uint32_t row,
                     std::string_view because) {
    if (!subject.is_node() && !subject.is_relationship()) {
      return TypeError("only nodes, relationships and their properties are erased, not {}",
                       schema::KindName(subject.kind()))
          .Detail("InvalidArgumentType");
    }
    const storage::Entity entity = subject.is_node() ? storage::Entity::Of(subject.node())
                                                     : storage::Entity::Of(subject.relationship());
    std::string key = clause_.key;
    if (clause_.dynamic_key) {
      KB_ASSIGN(key, TextOf(clause_.dynamic_key, keys_, row, "a property's name"));
    }
    if (key.empty() && !clause_.dynamic_key) return writer.Erase(entity, because);
    const auto known = runtime_.transaction()->view().catalog().FindKey(key);
    return known ? writer.Erase(entity, *known, because) : Result<void>();
  }

  Result<void> Judge(storage::EvidenceWriter& writer, const Value& subject, std::uint32_t row,
                     std::string_view because) {
    const Value other = others_.Get(row);
    if (other.is_null()) return {};
    if (!subject.is_node() || !other.is_node()) {
      return TypeError("identity is judged of two nodes, but this is {} and {}",
                       schema::KindName(subject.kind()), schema::KindName(other.kind()))
          .Detail("InvalidArgumentType");
    }
    KB_ASSIGN(const std::string by, TextOf(clause_.by, authors_, row, "BY"));
    KB_TRY(testimonies_.Begin(row));
    auto outcome = writer.Judge(clause_.kind == ast::AmendKind::kAssertSame, subject.node(),
                                other.node(), because, by);
    testimonies_.End();
    return outcome;
  }

  const bind::Amend& clause_;
  Testimonies testimonies_;
  Vector subjects_, others_, reasons_, authors_, keys_;
};

}  // namespace

OperatorPtr MakeAmend(Runtime& runtime, const plan::Operator& op, OperatorPtr input) {
  return std::make_unique<Amend>(runtime, op, std::move(input));
}

}  // namespace kb::query::exec
