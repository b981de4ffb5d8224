#include "query/exec/testimony.h"

#include "query/functions/convert.h"

namespace kb::query::exec {
namespace {

using functions::Set;
using schema::Kind;

constexpr functions::KindSet kMoments =
    Set(Kind::kEdtf, Kind::kDate, Kind::kLocalDateTime, Kind::kDateTime);

std::array<const bind::ExpressionPtr*, 5> PartsOf(const bind::Evidence& evidence) {
  return {&evidence.source, &evidence.grade, &evidence.at, &evidence.by, &evidence.valid};
}

}  // namespace

Result<void> Testimonies::Evaluate(const Batch& batch) {
  if (!evidence_) return {};
  const auto expressions = PartsOf(*evidence_);
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (!*expressions[i]) continue;
    KB_TRY(eval::Evaluate(**expressions[i], batch, runtime_.eval(), &parts_[i]));
    if (parts_[i].repr() == Repr::kString) parts_[i].Box();
  }
  return {};
}

Result<Value> Testimonies::Checked(std::size_t part, std::uint32_t row, functions::KindSet kinds,
                                   std::string_view word) const {
  const bind::ExpressionPtr& expression = *PartsOf(*evidence_)[part];
  if (!expression) return Value::Null();
  Value value = parts_[part].Get(row);
  if (value.is_null() || (kinds & Set(value.kind())) != 0) return value;
  return TypeError("{} cannot be {} {}", word, schema::KindName(value.kind()),
                   functions::Preview(value))
      .Detail("InvalidArgumentType")
      .At(expression->span);
}

Result<schema::NodeId> Testimonies::SourceAt(std::uint32_t row) {
  KB_ASSIGN(const Value source, Checked(0, row, Set(Kind::kString, Kind::kNode), "a source"));
  if (source.is_node()) return source.node();
  if (source.is_null() || source.string().empty()) {
    return ArgumentError("a source needs a name or a node, but this is {}",
                         source.is_null() ? "null" : "an empty text")
        .At(evidence_->source->span);
  }
  const std::string name(source.string());
  if (const auto known = sources_.find(name); known != sources_.end()) return known->second;
  KB_ASSIGN(const schema::NodeId node, storage::EvidenceOf(*runtime_.transaction()).Source(name));
  sources_.emplace(name, node);
  return node;
}

Result<void> Testimonies::Begin(std::uint32_t row) {
  if (!evidence_) return {};
  End();
  storage::Testimony testimony;
  KB_ASSIGN(testimony.source, SourceAt(row));
  KB_ASSIGN(const Value grade, Checked(1, row, Set(Kind::kString), "a grade"));
  if (!grade.is_null()) {
    auto parsed = storage::ParseGrade(grade.string());
    if (!parsed.ok()) return Error(parsed.error()).At(evidence_->grade->span);
    testimony.grade = *parsed;
  }
  KB_ASSIGN(testimony.at, Checked(2, row, Set(Kind::kMap), "a place in a source"));
  KB_ASSIGN(const Value by, Checked(3, row, Set(Kind::kString), "an author"));
  if (!by.is_null()) testimony.by = std::string(by.string());
  KB_ASSIGN(testimony.valid, Checked(4, row, kMoments, "a valid time"));
  storage::EvidenceOf(*runtime_.transaction()).Testify(&testimony);
  begun_ = true;
  return {};
}

void Testimonies::End() {
  if (!begun_) return;
  begun_ = false;
  storage::EvidenceOf(*runtime_.transaction()).Testify(nullptr);
}

}  // namespace kb::query::exec
