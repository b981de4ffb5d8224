// Evidence behind clauses that write; WITHDRAW, ERASE and ASSERT; the views of queries.
#include "query/bind/query_binder.h"

namespace kb::query::bind {
namespace {

using schema::Kind;

constexpr KindSet kMomentKinds =
    functions::Set(Kind::kEdtf, Kind::kDate, Kind::kLocalDateTime, Kind::kDateTime);
constexpr KindSet kTextKind = functions::Set(Kind::kString);

Result<void> CheckKinds(const ExpressionPtr& expression, KindSet kinds, std::string_view word) {
  if (!expression || !IsNever(expression->kinds, kinds)) return {};
  return BindError("InvalidArgumentType", expression->span, "{} takes {}, but this is {}", word,
                   DescribeWithArticle(kinds), DescribeWithArticle(expression->kinds));
}

const char* WordOf(ast::AmendKind kind) {
  switch (kind) {
    case ast::AmendKind::kWithdrawStatement:
      return "WITHDRAW STATEMENT";
    case ast::AmendKind::kWithdrawJudgement:
      return "WITHDRAW JUDGEMENT";
    case ast::AmendKind::kErase:
      return "ERASE";
    case ast::AmendKind::kEraseStatement:
      return "ERASE STATEMENT";
    case ast::AmendKind::kAssertSame:
      return "ASSERT SAME";
    case ast::AmendKind::kAssertDistinct:
      break;
  }
  return "ASSERT DISTINCT";
}

KindSet SubjectKinds(ast::AmendKind kind) {
  switch (kind) {
    case ast::AmendKind::kWithdrawStatement:
    case ast::AmendKind::kWithdrawJudgement:
    case ast::AmendKind::kEraseStatement:
      return functions::Set(Kind::kInteger);
    case ast::AmendKind::kErase:
      return functions::Set(Kind::kNode, Kind::kRelationship);
    case ast::AmendKind::kAssertSame:
    case ast::AmendKind::kAssertDistinct:
      break;
  }
  return functions::Set(Kind::kNode);
}

}  // namespace

Result<EvidencePtr> QueryBinder::BindEvidence(const ast::EvidencePtr& evidence,
                                              const char* clause) {
  if (!evidence) return EvidencePtr();
  auto bound = std::make_shared<Evidence>();
  const auto part = [&](const ast::ExpressionPtr& from, KindSet kinds, std::string_view word,
                        ExpressionPtr* to) -> Result<void> {
    if (!from) return {};
    KB_ASSIGN(*to, BindPlain(*from, clause));
    return CheckKinds(*to, kinds, word);
  };
  KB_TRY(part(evidence->source, kTextKind | functions::Set(Kind::kNode), "FROM SOURCE",
              &bound->source));
  KB_TRY(part(evidence->grade, kTextKind, "GRADE", &bound->grade));
  KB_TRY(part(evidence->at, functions::Set(Kind::kMap), "AT", &bound->at));
  KB_TRY(part(evidence->by, kTextKind, "BY", &bound->by));
  KB_TRY(part(evidence->valid, kMomentKinds, "VALID", &bound->valid));
  return EvidencePtr(std::move(bound));
}

Result<Amend> QueryBinder::BindAmend(const ast::Amend& clause) {
  const char* const word = WordOf(clause.kind);
  Amend bound;
  bound.kind = clause.kind;
  const bool of_property = std::holds_alternative<ast::Property>(clause.subject->node) ||
                           std::holds_alternative<ast::Subscript>(clause.subject->node);
  if (clause.kind == ast::AmendKind::kErase && of_property) {
    KB_ASSIGN(SetProperty target, BindPropertyTarget(*clause.subject, word));
    bound.subject = std::move(target.target);
    bound.key = std::move(target.key);
    bound.dynamic_key = std::move(target.dynamic_key);
  } else {
    KB_ASSIGN(bound.subject, BindPlain(*clause.subject, word));
    KB_TRY(CheckKinds(bound.subject, SubjectKinds(clause.kind), word));
  }
  const auto part = [&](const ast::ExpressionPtr& from, KindSet kinds, std::string_view of,
                        ExpressionPtr* to) -> Result<void> {
    if (!from) return {};
    KB_ASSIGN(*to, BindPlain(*from, word));
    return CheckKinds(*to, kinds, of);
  };
  KB_TRY(part(clause.other, functions::Set(Kind::kNode), word, &bound.other));
  KB_TRY(part(clause.because, kTextKind, "BECAUSE", &bound.because));
  KB_TRY(part(clause.by, kTextKind, "BY", &bound.by));
  KB_ASSIGN(bound.evidence, BindEvidence(clause.evidence, word));
  return bound;
}

Result<ViewClausePtr> QueryBinder::BindView(const ast::ViewClausePtr& view, QueryRole role) {
  if (!view) return ViewClausePtr();
  if (role != QueryRole::kStatement && role != QueryRole::kCall) {
    return BindError("InvalidClauseComposition", view->span,
                     "a view can be chosen for a statement or in CALL {{ }}, not here");
  }
  Scope empty(nullptr);
  Scope* const around = role == QueryRole::kCall ? scope_ : &empty;
  const Swap<Scope*> guard(scope_, around);
  auto bound = std::make_shared<ViewClause>();
  bound->possibly = view->possibly;
  bound->only = view->only;
  bound->raw = view->raw;
  const auto part = [&](const ast::ExpressionPtr& from, KindSet kinds, std::string_view word,
                        ExpressionPtr* to) -> Result<void> {
    if (!from) return {};
    KB_ASSIGN(*to, BindPlain(*from, "the view"));
    return CheckKinds(*to, kinds, word);
  };
  KB_TRY(part(view->system_time, kMomentKinds, "FOR SYSTEM_TIME AS OF", &bound->system_time));
  KB_TRY(part(view->valid_from, kMomentKinds, "FOR VALID_TIME", &bound->valid_from));
  KB_TRY(part(view->valid_to, kMomentKinds, "FOR VALID_TIME", &bound->valid_to));
  KB_TRY(part(view->sources, functions::Set(Kind::kList), "SOURCES", &bound->sources));
  return ViewClausePtr(std::move(bound));
}

}  // namespace kb::query::bind
