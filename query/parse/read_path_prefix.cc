// What stands before a path: selectors, modes, chronologies, and KEEP, which says it behind.
#include "query/parse/reader_inline.h"

namespace kb::query::parse {

void Reader::Keep(ast::Pattern* pattern) {
  SkipSpace();
  const std::uint32_t begin = Here();
  std::optional<ast::Selector> selector = TrySelector();
  std::optional<ast::PathMode> mode;
  ast::ChronologyPtr chronology;
  Restrictors(&mode, &chronology);
  if (!selector && !mode && !chronology) {
    Expect("a selector such as ANY SHORTEST");
    Fail();
  }
  TryGroups(selector ? &*selector : nullptr);
  for (auto& part : pattern->parts) {
    if ((selector && part.selector) || (mode && part.mode) || (chronology && part.chronology)) {
      StopWith(SyntaxError("KEEP says it for all paths, but one has a prefix of its own")
                   .Hint("write the selector before each path, without KEEP")
                   .At(From(begin)));
    }
    if (selector) part.selector = selector;
    if (mode) part.mode = mode;
    if (chronology) part.chronology = chronology;
  }
}

void Reader::TryGroups(ast::Selector* selector) {
  if (!Keyword("PATHS")) Keyword("PATH");
  if (selector == nullptr) return;
  if (selector->kind == ast::SelectorKind::kShortest && (Keyword("GROUPS") || Keyword("GROUP"))) {
    selector->kind = ast::SelectorKind::kShortestGroups;
  }
  TryByGrade(selector);
}

void Reader::TryByGrade(ast::Selector* selector) {
  const bool orders = selector->kind != ast::SelectorKind::kAll &&
                      selector->kind != ast::SelectorKind::kAny && !selector->by_grade;
  if (!orders || !Keyword("BY")) return;
  NeedKeyword("GRADE");
  selector->by_grade = true;
}

void Reader::Restrictors(std::optional<ast::PathMode>* mode, ast::ChronologyPtr* chronology) {
  *mode = TryMode();
  *chronology = TryChronology();
  if (*chronology && !*mode) *mode = TryMode();
}

ast::ChronologyPtr Reader::TryChronology() {
  SkipSpace();
  const std::uint32_t begin = Here();
  if (!Keyword("CHRONOLOGICAL")) return nullptr;
  ast::Chronology chronology;
  chronology.possibly = Keyword("POSSIBLY");
  if (!chronology.possibly) Keyword("CERTAINLY");
  chronology.descending = Keyword("DESCENDING");
  NeedKeyword("BY");
  if (Keyword("RELATIONSHIPS") || Keyword("RELATIONSHIP") || Keyword("EDGES")) {
    chronology.over = ast::Chronology::Over::kRelationships;
  } else {
    NeedKeyword("NODES");
  }
  chronology.key = NeedName("a property key", true);
  if (Keyword("WITHIN")) chronology.within = Expression();
  chronology.span = From(begin);
  return std::make_shared<const ast::Chronology>(std::move(chronology));
}

std::optional<ast::PathMode> Reader::TryMode() {
  if (Keyword("WALK")) return ast::PathMode::kWalk;
  if (Keyword("TRAIL")) return ast::PathMode::kTrail;
  if (Keyword("ACYCLIC")) return ast::PathMode::kAcyclic;
  if (Keyword("SIMPLE")) return ast::PathMode::kSimple;
  return std::nullopt;
}

std::optional<ast::Selector> Reader::TrySelector() {
  ast::Selector selector;
  const auto count = [&] {
    if (PeekSymbol("$")) {
      selector.count = Parameter();
    } else if (const std::string_view rest = text_.substr((SkipSpace(), Here()));
               !rest.empty() && rest[0] >= '0' && rest[0] <= '9') {
      selector.count = Number();
    }
  };
  if (Keyword("ALL")) {
    selector.kind = Keyword("SHORTEST") ? ast::SelectorKind::kAllShortest : ast::SelectorKind::kAll;
  } else if (Keyword("ANY")) {
    if (Keyword("SHORTEST")) {
      selector.kind = ast::SelectorKind::kAnyShortest;
    } else {
      selector.kind = ast::SelectorKind::kAny;
      count();
    }
  } else if (Keyword("SHORTEST")) {
    selector.kind = ast::SelectorKind::kShortest;
    count();
  } else {
    return std::nullopt;
  }
  TryByGrade(&selector);
  return selector;
}

}  // namespace kb::query::parse
