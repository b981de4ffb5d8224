// Static kinds: what is known of a value before the statement runs.
//
// A KindSet says which kinds a value can have. Checks reject only what is certainly wrong: a set
// that shares no kind with what is allowed and does not admit null either. A set with kNull is
// therefore never wrong, and unknown is functions::kAnyKind.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "query/ast/expression.h"
#include "query/bind/bound.h"

namespace kb::query::bind {

inline constexpr KindSet kNullKind = functions::Set(schema::Kind::kNull);
inline constexpr KindSet kBooleanKind = functions::Set(schema::Kind::kBoolean);
inline constexpr KindSet kIntegerKind = functions::Set(schema::Kind::kInteger);
inline constexpr KindSet kFloatKind = functions::Set(schema::Kind::kFloat);
inline constexpr KindSet kStringKind = functions::Set(schema::Kind::kString);
inline constexpr KindSet kListKind = functions::Set(schema::Kind::kList);
inline constexpr KindSet kMapKind = functions::Set(schema::Kind::kMap);
inline constexpr KindSet kNodeKind = functions::Set(schema::Kind::kNode);
inline constexpr KindSet kRelationshipKind = functions::Set(schema::Kind::kRelationship);
inline constexpr KindSet kPathKind = functions::Set(schema::Kind::kPath);
inline constexpr KindSet kEntityKinds = kNodeKind | kRelationshipKind;

/// No value of `kinds` is one of `allowed` or null.
constexpr bool IsNever(KindSet kinds, KindSet allowed) {
  return kinds != 0 && (kinds & (allowed | kNullKind)) == 0;
}

/// The set as words: "Integer or Float", "anything". Null is left out unless it stands alone.
std::string Describe(KindSet kinds);
/// With an article, as in a sentence: "a Node", "an Integer or Float".
std::string DescribeWithArticle(KindSet kinds);

/// Kinds of the result of an operator, given those of its operands.
KindSet ResultKinds(ast::BinaryOperator op, KindSet left, KindSet right);
KindSet ResultKinds(ast::UnaryOperator op, KindSet operand);

/// What an operator accepts on either side; kAnyKind where every kind may come.
KindSet OperandKinds(ast::BinaryOperator op);
/// The operator as written.
std::string_view Symbol(ast::BinaryOperator op);

/// Kinds that a field of a procedure's signature accepts ("INTEGER", "LIST<STRING>", "NUMBER?").
KindSet FieldKinds(std::string_view type);

/// Kinds that have fields: `subject.key`.
KindSet PropertySubjectKinds();

}  // namespace kb::query::bind
