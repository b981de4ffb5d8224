// Statements: who says what of which fact. A fact is the existence of a node or relationship, a
// label or a property; it can rest on any number of statements, which may contradict each other.
//
// A fact without statements is a plain assertion of its writer. As soon as a fact has a statement,
// what its writer asserts plainly is kept beside it, as a statement without a source. What holds at
// present is decided when something is written, by the rule of the case: unless it says otherwise,
// a plain assertion before all others, then the best grade, then what was recorded last.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/base/result.h"
#include "schema/ids.h"
#include "schema/value.h"

namespace kb::storage {

/// Reliability of the source, A (1) to F (6), and credibility of what it says, 1 to 6; 0 is not
/// graded. Less is better, the letter before the digit.
struct Grade {
  std::uint8_t reliability = 0;
  std::uint8_t credibility = 0;

  bool given() const { return reliability != 0; }
  friend bool operator==(const Grade&, const Grade&) = default;
};
/// "B2". Errors: kArgument that says what a grade is.
Result<Grade> ParseGrade(std::string_view text);
std::string ToText(Grade grade);
/// Whether `a` comes before `b` when one must be chosen; what is not graded comes last.
bool IsBetter(Grade a, Grade b);
/// Both as good or better.
bool IsAtLeast(Grade a, Grade least);

/// A node or a relationship.
struct Entity {
  bool is_relationship = false;
  schema::NodeId node{};
  schema::RelationshipRef relationship{};

  static Entity Of(schema::NodeId id) { return {false, id, {}}; }
  static Entity Of(const schema::RelationshipRef& ref) { return {true, {}, ref}; }
  /// Distinct for distinct entities.
  std::uint64_t id() const {
    return is_relationship ? relationship.id() | std::uint64_t{1} << 63 : schema::Raw(node);
  }
};

/// kSame and kDistinct are judgements: whether the entity and the node `name` are one.
enum class FactKind : std::uint8_t { kExistence, kLabel, kProperty, kSame, kDistinct };

/// Which fact of an entity: `name` is the id of the label, the key or the other node.
struct Fact {
  FactKind kind = FactKind::kExistence;
  std::uint32_t name = 0;
  friend bool operator==(const Fact&, const Fact&) = default;
};

void PutEntity(std::string* out, const Entity& entity);
class ByteReader;  // storage/codec.h
Entity ReadEntity(ByteReader* in);

/// What a statement is made with.
struct Testimony {
  schema::NodeId source{};  ///< The node that stands for the source.
  Grade grade;
  schema::Value at;     ///< The place in the source: a map, or null.
  std::string by;       ///< Who took it down.
  schema::Value valid;  ///< When it is true: an uncertain date, or null for always.
};

/// Immutable once its transaction has committed.
struct Statement {
  std::uint64_t id = 0;  ///< From 1 upwards.
  Entity entity;
  Fact fact;
  schema::Value value;  ///< Of a property; of the others whether it is so.
  bool plain = false;   ///< The writer's own assertion: `testimony` says nothing.
  Testimony testimony;
  std::int64_t recorded = 0;   ///< Microseconds since 1970.
  std::int64_t withdrawn = 0;  ///< The same; 0 while it stands.
  std::string because;         ///< Why it was withdrawn.

  bool StandsAt(std::int64_t time) const {
    return recorded <= time && (withdrawn == 0 || withdrawn > time);
  }
};

/// By what one of several statements that contradict each other is chosen.
enum class Criterion : std::uint8_t {
  kAsserted = 1,  ///< What the writer asserts plainly before what a source says.
  kGrade,         ///< The better grade.
  kSources,       ///< What more sources say.
  kLatest,        ///< What was recorded later.
  kEarliest,      ///< What was recorded earlier.
};
/// One after the other; where all of them leave it open, what was recorded later.
using Rule = std::vector<Criterion>;
/// Asserted, then the grade.
const Rule& DefaultRule();
/// "asserted", "grade", "sources", "latest", "earliest".
std::string_view NameOf(Criterion criterion);
std::string_view MeaningOf(Criterion criterion);
/// Errors: kArgument for a name that is none or stands twice, or no name at all.
Result<Rule> ParseRule(std::span<const std::string> names);

/// What some statements about one fact come to: nullopt if there are none; otherwise the value (of
/// existence and labels true or false). Existence is always decided by the default rule.
std::optional<schema::Value> Decide(std::span<const Statement* const> statements, const Rule& rule);

std::string EncodeRule(const Rule& rule);
/// Errors: kCorruption.
Result<Rule> DecodeRule(std::string_view bytes);

/// What a statement of kind kSame or kDistinct says.
struct Judgement {
  std::uint64_t id = 0;
  bool same = false;
  schema::NodeId a{}, b{};
  std::string because, by;
  std::int64_t made_a = 0, made_b = 0;  ///< When the nodes were made; 0 if before all history.
};
inline bool IsJudgement(const Statement& statement) {
  return statement.fact.kind == FactKind::kSame || statement.fact.kind == FactKind::kDistinct;
}
Judgement JudgementOf(const Statement& statement);
/// Puts what a judgement says into the statement that carries it.
void SetJudgement(Statement* statement, const Judgement& judgement);

std::string EncodeStatement(const Statement& statement);
Result<Statement> DecodeStatement(std::string_view bytes);

}  // namespace kb::storage
