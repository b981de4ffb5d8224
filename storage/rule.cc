// The rule by which contradicting statements are decided.
#include <algorithm>
#include <array>
#include <compare>
#include <set>

#include "schema/order.h"
#include "storage/statement.h"

namespace kb::storage {
namespace {

using schema::Value;

struct Known {
  Criterion criterion;
  std::string_view name, meaning;
};
constexpr std::array<Known, 5> kKnown{{
    {Criterion::kAsserted, "asserted", "what the writer asserts plainly before what a source says"},
    {Criterion::kGrade, "grade", "the better grade, by letter and then by digit"},
    {Criterion::kSources, "sources", "what more sources say"},
    {Criterion::kLatest, "latest", "what was recorded later"},
    {Criterion::kEarliest, "earliest", "what was recorded earlier"},
}};

const Known& Of(Criterion criterion) { return kKnown[static_cast<std::size_t>(criterion) - 1]; }

/// How many sources say the same.
std::size_t SourcesOf(const Statement& statement, std::span<const Statement* const> statements) {
  std::set<schema::NodeId> sources;
  for (const Statement* other : statements) {
    if (!other->plain && schema::Equivalent(other->value, statement.value)) {
      sources.insert(other->testimony.source);
    }
  }
  return sources.size();
}

std::strong_ordering ByTime(const Statement& a, const Statement& b) {
  return a.recorded != b.recorded ? a.recorded <=> b.recorded : a.id <=> b.id;
}

/// `greater`: `a` is preferred.
std::strong_ordering Prefer(Criterion criterion, const Statement& a, const Statement& b,
                            std::span<const Statement* const> statements) {
  switch (criterion) {
    case Criterion::kAsserted:
      return a.plain <=> b.plain;
    case Criterion::kGrade:
      return IsBetter(a.testimony.grade, b.testimony.grade) <=>
             IsBetter(b.testimony.grade, a.testimony.grade);
    case Criterion::kSources:
      return SourcesOf(a, statements) <=> SourcesOf(b, statements);
    case Criterion::kLatest:
      return ByTime(a, b);
    case Criterion::kEarliest:
      return ByTime(b, a);
  }
  return std::strong_ordering::equal;
}

bool IsPreferred(const Statement& a, const Statement& b, const Rule& rule,
                 std::span<const Statement* const> statements) {
  for (const Criterion criterion : rule) {
    const auto order = Prefer(criterion, a, b, statements);
    if (order != std::strong_ordering::equal) return order == std::strong_ordering::greater;
  }
  return ByTime(a, b) == std::strong_ordering::greater;
}

}  // namespace

const Rule& DefaultRule() {
  static const Rule kRule = {Criterion::kAsserted, Criterion::kGrade};
  return kRule;
}

std::string_view NameOf(Criterion criterion) { return Of(criterion).name; }
std::string_view MeaningOf(Criterion criterion) { return Of(criterion).meaning; }

Result<Rule> ParseRule(std::span<const std::string> names) {
  Rule rule;
  for (const std::string& name : names) {
    const auto known = std::find_if(kKnown.begin(), kKnown.end(),
                                    [&](const Known& each) { return each.name == name; });
    if (known == kKnown.end()) {
      return ArgumentError("a rule has no criterion `{}`", name)
          .Hint("there are asserted, grade, sources, latest and earliest");
    }
    if (std::find(rule.begin(), rule.end(), known->criterion) != rule.end()) {
      return ArgumentError("`{}` stands twice in the rule", name);
    }
    rule.push_back(known->criterion);
  }
  if (rule.empty()) {
    return ArgumentError("a rule needs at least one criterion")
        .Hint("the rule that a case begins with is ['asserted', 'grade', 'latest']");
  }
  return rule;
}

std::string EncodeRule(const Rule& rule) {
  std::string bytes;
  for (const Criterion criterion : rule) bytes.push_back(static_cast<char>(criterion));
  return bytes;
}

Result<Rule> DecodeRule(std::string_view bytes) {
  Rule rule;
  for (const char byte : bytes) {
    if (byte < 1 || static_cast<std::size_t>(byte) > kKnown.size()) {
      return CorruptionError("the rule for contradicting statements is damaged");
    }
    rule.push_back(static_cast<Criterion>(byte));
  }
  return rule;
}

std::optional<Value> Decide(std::span<const Statement* const> statements, const Rule& rule) {
  const Statement* best = nullptr;
  for (const Statement* other : statements) {
    // What its writer deletes is gone, whoever says that it was there.
    const Rule& used = other->fact.kind == FactKind::kExistence ? DefaultRule() : rule;
    if (best == nullptr || IsPreferred(*other, *best, used, statements)) best = other;
  }
  if (best == nullptr) return std::nullopt;
  return best->value;
}

}  // namespace kb::storage
