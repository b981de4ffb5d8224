#include "query/eval/kernel.h"

#include <re2/re2.h>

#include <algorithm>
#include <type_traits>

#include "query/functions/convert.h"

namespace kb::query::eval {
namespace {

/// Adds the slots an expression mentions; the ones it binds itself are harmless among them.
class SlotCollector {
 public:
  explicit SlotCollector(SlotUse* use) : use_(use) {}

  void Visit(const ExpressionPtr& expression) {
    if (expression != nullptr) Visit(*expression);
  }
  void Visit(const Expression& expression) { std::visit(*this, expression.node); }

  void operator()(const bind::Constant&) {}
  void operator()(const bind::Parameter&) {}
  void operator()(const bind::SlotRef& node) { use_->slots.push_back(node.slot); }
  void operator()(const bind::Property& node) { Visit(node.subject); }
  void operator()(const bind::Subscript& node) { Visit(node.subject), Visit(node.index); }
  void operator()(const bind::Slice& node) {
    Visit(node.subject), Visit(node.from), Visit(node.to);
  }
  void operator()(const bind::ListOf& node) {
    for (const auto& item : node.items) Visit(item);
  }
  void operator()(const bind::MapOf& node) {
    for (const auto& entry : node.entries) Visit(entry.second);
  }
  void operator()(const bind::MapProjection& node) {
    Visit(node.subject);
    for (const auto& entry : node.entries) Visit(entry.second);
  }
  void operator()(const bind::Unary& node) { Visit(node.operand); }
  void operator()(const bind::Binary& node) { Visit(node.left), Visit(node.right); }
  void operator()(const bind::Comparison& node) { Visit(node.left), Visit(node.right); }
  void operator()(const bind::IsNull& node) { Visit(node.operand); }
  void operator()(const bind::HasLabels& node) { Visit(node.operand); }
  void operator()(const bind::Call& node) {
    for (const auto& argument : node.arguments) Visit(argument);
  }
  void operator()(const bind::Case& node) {
    Visit(node.subject), Visit(node.otherwise);
    for (const auto& branch : node.branches) Visit(branch.first), Visit(branch.second);
  }
  void operator()(const bind::ListComprehension& node) {
    Visit(node.list), Visit(node.predicate), Visit(node.projection);
  }
  void operator()(const bind::Quantifier& node) { Visit(node.list), Visit(node.predicate); }
  void operator()(const bind::Reduce& node) {
    Visit(node.initial), Visit(node.list), Visit(node.step), Visit(node.predicate);
  }
  void operator()(const bind::PathOf& node) {
    for (const auto& part : node.parts) use_->slots.push_back(part.slot);
  }
  void operator()(const bind::Subquery&) { use_->all = true; }
  void operator()(const bind::Aggregate& node) {
    for (const auto& argument : node.arguments) Visit(argument);
  }

 private:
  SlotUse* use_;
};

void SortSlots(std::vector<Slot>* slots) {
  std::sort(slots->begin(), slots->end());
  slots->erase(std::unique(slots->begin(), slots->end()), slots->end());
}

void MarkUnknown(std::span<const std::uint8_t> nulls, std::uint8_t* truths) {
  for (std::size_t row = 0; row < nulls.size(); ++row) {
    truths[row] = nulls[row] != 0 ? kUnknown : truths[row];
  }
}

template <typename T, typename Read>
void NarrowTo(Repr repr, Vector* vector, T* (Vector::*entries)(), const Read& read) {
  Vector typed;
  typed.Reset(repr, vector->size());
  T* to = (typed.*entries)();
  for (std::uint32_t row = 0; row < vector->size(); ++row) to[row] = read(vector->values()[row]);
  *vector = std::move(typed);
}

}  // namespace

Memo::Memo() = default;
Memo::~Memo() = default;

Memo& MemoOf(EvalContext& context) {
  if (context.memo == nullptr) context.memo = std::make_shared<Memo>();
  return *context.memo;
}

Result<void> Operand::Evaluate(const Expression& expression, const Batch& batch,
                               EvalContext& context) {
  if (const auto* slot = std::get_if<bind::SlotRef>(&expression.node)) {
    vector_ = &batch.column(slot->slot);
    if (vector_->repr() != Repr::kNone) return {};
    own_.SetConstant(Value::Null(), batch.rows);
    vector_ = &own_;
    return {};
  }
  vector_ = &own_;
  return eval::Evaluate(expression, batch, context, &own_);
}

Repr TypeOf(const Vector& vector) {
  if (vector.repr() != Repr::kConstant) return vector.repr();
  const Value& value = vector.values()[0];
  if (value.is_integer()) return Repr::kInteger;
  if (value.is_float()) return Repr::kFloat;
  if (value.is_string()) return Repr::kString;
  if (value.is_boolean()) return Repr::kBoolean;
  if (value.is_node()) return Repr::kNode;
  if (value.is_relationship()) return Repr::kRelationship;
  return Repr::kValue;
}

void MergeNulls(const Vector& a, const Vector& b, Vector* out) {
  for (const Vector* operand : {&a, &b}) {
    const std::uint8_t* nulls = operand->nulls();
    if (nulls == nullptr) continue;
    std::uint8_t* to = out->MutableNulls();
    for (std::uint32_t row = 0; row < out->size(); ++row) {
      to[row] = static_cast<std::uint8_t>(to[row] | nulls[row]);
    }
  }
}

void Narrow(Vector* vector) {
  if (vector->repr() != Repr::kValue || vector->size() == 0) return;
  const auto all = [&](auto is) {
    return std::all_of(vector->values().begin(), vector->values().end(), is);
  };
  const Value& first = vector->values()[0];
  if (first.is_node() && all([](const Value& value) { return value.is_node(); })) {
    NarrowTo(Repr::kNode, vector, &Vector::nodes, [](const Value& v) { return v.node(); });
  } else if (first.is_integer() && all([](const Value& value) { return value.is_integer(); })) {
    NarrowTo(Repr::kInteger, vector, &Vector::integers, [](const Value& v) { return v.integer(); });
  } else if (first.is_float() && all([](const Value& value) { return value.is_float(); })) {
    NarrowTo(Repr::kFloat, vector, &Vector::floats, [](const Value& v) { return v.floating(); });
  } else if (first.is_relationship() &&
             all([](const Value& value) { return value.is_relationship(); })) {
    NarrowTo(Repr::kRelationship, vector, &Vector::relationships,
             [](const Value& v) { return v.relationship(); });
  }
}

Result<void> EvaluateTruths(const Expression& condition, const Batch& batch, EvalContext& context,
                            Truths* truths) {
  Operand operand;
  KB_TRY(operand.Evaluate(condition, batch, context));
  const Vector& vector = operand.vector();
  truths->resize(batch.rows);
  if (vector.repr() == Repr::kBoolean) {
    std::copy_n(vector.booleans(), batch.rows, truths->data());
    if (const std::uint8_t* nulls = vector.nulls())
      MarkUnknown({nulls, batch.rows}, truths->data());
    return {};
  }
  Reader reader(vector);
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    const Value& value = reader[row];
    if (!value.is_boolean() && !value.is_null()) {
      return TypeError("a condition must be a boolean, but this is {} {}",
                       schema::KindName(value.kind()), functions::Preview(value))
          .Detail("InvalidArgumentType")
          .At(condition.span);
    }
    (*truths)[row] = value.is_null() ? kUnknown : value.boolean() ? kTrue : kFalse;
  }
  return {};
}

void WriteTruths(std::span<const std::uint8_t> truths, Vector* out) {
  out->Reset(Repr::kBoolean, static_cast<std::uint32_t>(truths.size()));
  std::uint8_t* booleans = out->booleans();
  bool unknown = false;
  for (std::size_t row = 0; row < truths.size(); ++row) {
    booleans[row] = truths[row] == kTrue ? 1 : 0;
    unknown = unknown || truths[row] == kUnknown;
  }
  if (!unknown) return;
  std::uint8_t* nulls = out->MutableNulls();
  for (std::size_t row = 0; row < truths.size(); ++row) nulls[row] = truths[row] == kUnknown;
}

const SlotUse& SlotsOf(const Expression& expression, EvalContext& context) {
  auto [at, is_new] = MemoOf(context).slots.try_emplace(&expression);
  if (is_new) {
    SlotCollector(&at->second).Visit(expression);
    SortSlots(&at->second.slots);
  }
  return at->second;
}

void Unite(const SlotUse& use, SlotUse* into) {
  into->all = into->all || use.all;
  into->slots.insert(into->slots.end(), use.slots.begin(), use.slots.end());
  SortSlots(&into->slots);
}

void GatherFor(const SlotUse& use, const Batch& from, std::span<const std::uint32_t> rows,
               Batch* to) {
  if (use.all) {
    to->GatherFrom(from, rows, nullptr);
    return;
  }
  std::vector<Slot> slots;
  for (const Slot slot : use.slots) {
    if (static_cast<std::size_t>(slot) < from.columns.size()) slots.push_back(slot);
  }
  to->GatherFrom(from, rows, &slots);
}

}  // namespace kb::query::eval
