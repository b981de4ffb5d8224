// Every limit with its reason. A limit that is met is an error of code kLimit that names the
// number.
#pragma once

#include <cstddef>
#include <cstdint>

namespace kb::limits {

/// Nesting of brackets, subqueries and operators in a statement: bounds the stack of every stage.
inline constexpr std::size_t kNestingMax = 256;
/// Operators one inside another in one expression, such as a + b + c + …: every stage walks them on
/// its stack. Chains of AND, OR and of comparisons are not bounded by this.
inline constexpr std::size_t kExpressionHeightMax = 1'000;
/// Clauses of one query in a row: plans are as deep as they are long, and every stage walks them on
/// its stack. Consecutive CREATE clauses of constants count
/// as one.
inline constexpr std::size_t kClausesMax = 1'000;
/// Bytes of one statement. Larger data belongs in parameters or an import.
inline constexpr std::size_t kStatementBytesMax = 64u << 20;
/// Bytes of a name (label, type, property, variable).
inline constexpr std::size_t kNameBytesMax = 65'535;
/// Labels and relationship types of one case: ids have 16 bits.
inline constexpr std::size_t kLabelCountMax = 65'000;
inline constexpr std::size_t kTypeCountMax = 65'000;
/// Nodes of one case, and relationships of one type: ids have 32 bits.
inline constexpr std::uint64_t kNodeCountMax = 0xFFFF'0000u;
inline constexpr std::uint64_t kEdgeCountMax = 0xFFFF'0000u;
/// Elements of one list that a statement makes, such as range(1, 1000000000).
inline constexpr std::size_t kListSizeMax = 100'000'000;
/// Nesting of lists and maps in one value: bounds the stack of everything that walks a value.
inline constexpr std::size_t kValueNestingMax = 10'000;
/// Bytes of one property value.
inline constexpr std::size_t kValueBytesMax = 64u << 20;

}  // namespace kb::limits
