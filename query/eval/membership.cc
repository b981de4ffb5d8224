// IN: a long constant list becomes a hash set that is kept for the statement; other lists are
// walked.

#include <cmath>

#include "query/eval/kernel.h"
#include "query/functions/convert.h"
#include "schema/base/text.h"

namespace kb::query::eval {
namespace {

/// From here on hashing beats walking.
constexpr std::size_t kSetSizeMin = 4;

/// The integer that a float equals, if there is one that a double holds exactly.
bool AsInteger(double number, std::int64_t* integer) {
  constexpr double kExactMax = 9007199254740992.0;  // 2^53
  if (!(std::abs(number) < kExactMax) || number != std::floor(number)) return false;
  *integer = static_cast<std::int64_t>(number);
  return true;
}

void AddElement(const Value& element, Membership* set) {
  switch (element.kind()) {
    case Kind::kNull:
      set->has_null = true;
      return;
    case Kind::kInteger:
      set->integers.insert(element.integer());
      return;
    case Kind::kString:
      set->strings.insert(element.string());
      return;
    case Kind::kFloat: {
      std::int64_t integer = 0;
      if (AsInteger(element.floating(), &integer)) {
        set->integers.insert(integer);
      } else if (std::abs(element.floating()) >= 9007199254740992.0) {
        set->simple = false;  // may equal an integer that is no double
      } else if (!std::isnan(element.floating())) {
        set->others.insert(element);
      }
      return;
    }
    case Kind::kBoolean:
    case Kind::kNode:
    case Kind::kRelationship:
      set->others.insert(element);
      return;
    case Kind::kList:
    case Kind::kMap:
    case Kind::kPath:
    case Kind::kDate:
    case Kind::kLocalTime:
    case Kind::kTime:
    case Kind::kLocalDateTime:
    case Kind::kDateTime:
    case Kind::kDuration:
    case Kind::kPoint:
    case Kind::kEdtf:
      set->simple = false;
      return;
  }
}

const Membership& MembershipOf(const Expression& expression, const Value& list,
                               EvalContext& context) {
  std::unique_ptr<Membership>& set = MemoOf(context).memberships[&expression];
  if (set == nullptr) {
    set = std::make_unique<Membership>();
    set->list = list;
    // The views into short strings point into the elements, which the list keeps where they are.
    for (const Value& element : set->list.list()) AddElement(element, set.get());
  }
  return *set;
}

std::uint8_t Absent(const Membership& set) { return set.has_null ? kUnknown : kFalse; }

std::uint8_t FindInteger(const Membership& set, std::int64_t integer) {
  return set.integers.contains(integer) ? kTrue : Absent(set);
}
std::uint8_t FindString(const Membership& set, std::string_view text) {
  return set.strings.contains(text) ? kTrue : Absent(set);
}

Truth FindByWalking(const Value& value, std::span<const Value> elements) {
  Truth found = false;
  for (const Value& element : elements) {
    const Truth equal = schema::Equal(value, element);
    if (equal && *equal) return true;
    if (!equal) found = std::nullopt;
  }
  return found;
}

std::uint8_t Find(const Membership& set, const Value& value) {
  if (value.is_null()) return kUnknown;
  if (value.is_integer()) return FindInteger(set, value.integer());
  if (value.is_string()) return FindString(set, value.string());
  if (value.is_float()) {
    std::int64_t integer = 0;
    if (AsInteger(value.floating(), &integer)) return FindInteger(set, integer);
    if (std::isnan(value.floating())) return Absent(set);
    if (std::abs(value.floating()) >= 9007199254740992.0) {
      return ByteOf(FindByWalking(value, set.list.list()));
    }
  }
  return set.others.contains(value) ? kTrue : Absent(set);
}

void FindColumn(const Membership& set, const Vector& column, Truths* truths) {
  const std::uint8_t* nulls = column.nulls();
  const auto is_null = [&](std::uint32_t row) { return nulls != nullptr && nulls[row] != 0; };
  if (column.repr() == Repr::kInteger) {
    for (std::uint32_t row = 0; row < column.size(); ++row) {
      (*truths)[row] = is_null(row) ? kUnknown : FindInteger(set, column.integers()[row]);
    }
  } else if (column.repr() == Repr::kString) {
    for (std::uint32_t row = 0; row < column.size(); ++row) {
      (*truths)[row] = is_null(row) ? kUnknown : FindString(set, column.strings()[row]);
    }
  } else {
    Reader reader(column);
    for (std::uint32_t row = 0; row < column.size(); ++row) {
      (*truths)[row] = Find(set, reader[row]);
    }
  }
}

bool IsFixed(const Expression& expression) {
  return std::holds_alternative<bind::Constant>(expression.node) ||
         std::holds_alternative<bind::Parameter>(expression.node);
}

}  // namespace

Result<void> EvaluateIn(const bind::Binary& node, const Batch& batch, EvalContext& context,
                        Vector* out) {
  Operand left;
  Operand right;
  KB_TRY(left.Evaluate(*node.left, batch, context));
  KB_TRY(right.Evaluate(*node.right, batch, context));
  Truths truths(batch.rows);
  if (IsFixed(*node.right) && right.is_constant() && right.constant().is_list() &&
      right.constant().list().size() >= kSetSizeMin) {
    const Membership& set = MembershipOf(*node.right, right.constant(), context);
    if (set.simple) {
      FindColumn(set, left.vector(), &truths);
      WriteTruths(truths, out);
      return {};
    }
  }
  Reader values(left.vector());
  Reader lists(right.vector());
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    const Value& list = lists[row];
    if (list.is_null()) {
      truths[row] = kUnknown;
    } else if (list.is_list()) {
      truths[row] = ByteOf(FindByWalking(values[row], list.list()));
    } else {
      return TypeError("IN needs a list on its right, but this is {} {}",
                       schema::KindName(list.kind()), functions::Preview(list))
          .Detail("InvalidArgumentType")
          .At(node.right->span);
    }
  }
  WriteTruths(truths, out);
  return {};
}

}  // namespace kb::query::eval
