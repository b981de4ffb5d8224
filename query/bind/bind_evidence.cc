// Evidence behind clauses that write, WITHDRAW, and the views of queries.
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

Result<Withdraw> QueryBinder::BindWithdraw(const ast::Withdraw& clause) {
  Withdraw bound;
  KB_ASSIGN(bound.statement, BindPlain(*clause.statement, "WITHDRAW"));
  KB_TRY(CheckKinds(bound.statement, functions::Set(Kind::kInteger), "WITHDRAW STATEMENT"));
  if (clause.because) {
    KB_ASSIGN(bound.because, BindPlain(*clause.because, "WITHDRAW"));
    KB_TRY(CheckKinds(bound.because, kTextKind, "BECAUSE"));
  }
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
