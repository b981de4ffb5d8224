#include "query/engine.h"

#include <algorithm>
#include <list>
#include <mutex>
#include <unordered_map>

#include "query/bind/binder.h"
#include "query/bind/suggest.h"
#include "query/exec/change_schema.h"
#include "query/exec/profile.h"
#include "query/exec/stream.h"
#include "query/exec/view_request.h"
#include "query/optimize/passes.h"
#include "query/parse/parser.h"
#include "query/plan/planner.h"
#include "schema/base/parallel.h"
#include "schema/base/text.h"

namespace kb::query {
namespace {

using Clock = std::chrono::steady_clock;

std::uint64_t MicrosecondsSince(Clock::time_point start) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count());
}

StatementKind KindOf(ast::TransactionCommand command) {
  switch (command) {
    case ast::TransactionCommand::kBegin:
      return StatementKind::kBegin;
    case ast::TransactionCommand::kBeginReadOnly:
      return StatementKind::kBeginReadOnly;
    case ast::TransactionCommand::kCommit:
      return StatementKind::kCommit;
    case ast::TransactionCommand::kRollback:
      return StatementKind::kRollback;
  }
  return StatementKind::kBegin;
}

/// Errors of preparing are compile-time errors, whoever raised them.
template <typename T>
Result<T> DuringCompile(Result<T> result) {
  if (!result.ok()) result.error().During(Phase::kCompile);
  return result;
}

/// Plans by text and catalog version; the least recently used goes first. Thread-safe.
class PlanCache {
 public:
  explicit PlanCache(std::size_t entries_max) : entries_max_(entries_max) {}

  std::shared_ptr<const Prepared> Find(std::string_view text, std::uint64_t version) {
    const std::lock_guard lock(mutex_);
    const auto found = by_text_.find(text);
    if (found == by_text_.end()) return nullptr;
    if (found->second->version != version) {
      Drop(found);
      return nullptr;
    }
    if (found->second != entries_.begin()) {
      entries_.splice(entries_.begin(), entries_, found->second);
    }
    return found->second->prepared;
  }

  void Put(std::string_view text, std::uint64_t version, std::shared_ptr<const Prepared> prepared) {
    // Long texts are loads of data that hardly come again.
    if (entries_max_ == 0 || text.size() > kTextBytesMax) return;
    const std::lock_guard lock(mutex_);
    if (const auto found = by_text_.find(text); found != by_text_.end()) Drop(found);
    entries_.push_front({std::string(text), version, std::move(prepared)});
    by_text_.emplace(entries_.front().text, entries_.begin());
    if (entries_.size() <= entries_max_) return;
    by_text_.erase(entries_.back().text);
    entries_.pop_back();
  }

 private:
  static constexpr std::size_t kTextBytesMax = 64 << 10;
  struct Entry {
    std::string text;
    std::uint64_t version;
    std::shared_ptr<const Prepared> prepared;
  };
  using Texts = std::unordered_map<std::string_view, std::list<Entry>::iterator>;

  void Drop(Texts::iterator at) {
    const auto entry = at->second;
    by_text_.erase(at);
    entries_.erase(entry);
  }

  const std::size_t entries_max_;
  std::mutex mutex_;
  std::list<Entry> entries_;
  Texts by_text_;  ///< The texts are those of the entries.
};

}  // namespace

struct Engine::Impl {
  explicit Impl(EngineOptions engine_options)
      : options(std::move(engine_options)),
        cache(options.plan_cache_entries),
        threads(ThreadCount(options.threads)) {}

  EngineOptions options;
  PlanCache cache;
  unsigned threads;
};

Engine::Engine(EngineOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Engine::~Engine() = default;

namespace {

/// Binds, plans and optimises what was parsed.
Result<std::shared_ptr<Prepared>> Compile(const ast::Statement& parsed, const storage::View& view,
                                          const Engine::FindProcedure& session_procedures,
                                          const EngineOptions& options) {
  auto prepared = std::make_shared<Prepared>();
  prepared->explain = parsed.explain;
  if (const auto* command = std::get_if<ast::TransactionCommand>(&parsed.node)) {
    prepared->kind = KindOf(*command);
    return prepared;
  }
  bind::Environment environment;
  environment.catalog = &view.catalog();
  environment.find_procedure = [&](std::string_view name) {
    if (session_procedures) {
      if (auto found = session_procedures(name)) return found;
    }
    return algo::FindProcedure(name);
  };
  KB_ASSIGN(prepared->statement, bind::Bind(parsed, environment));
  const auto* query = std::get_if<std::shared_ptr<const bind::Query>>(&prepared->statement->node);
  if (query == nullptr) {
    prepared->kind = StatementKind::kSchema;
    return prepared;
  }
  prepared->kind = prepared->statement->writes ? StatementKind::kWrite : StatementKind::kRead;
  for (const auto& column : (*query)->columns) prepared->columns.push_back(column.name);
  KB_ASSIGN(plan::Plan plan, plan::MakePlan(prepared->statement));
  optimize::Options passes;
  passes.disabled = options.disabled_passes;
  // The counters of a state of the past would have to be counted first: its plan rests on none.
  const bool of_past = (*query)->view != nullptr && (*query)->view->system_time != nullptr;
  const storage::View planned =
      of_past ? view.WithQuality({false, view.quality().exact_index}) : view;
  KB_TRY(optimize::Run(plan, planned, passes));
  prepared->plan = std::make_shared<const plan::Plan>(std::move(plan));
  return prepared;
}

}  // namespace

Result<std::shared_ptr<const Prepared>> Engine::Prepare(std::string_view text,
                                                        const storage::View& view,
                                                        const FindProcedure& session_procedures) {
  const std::uint64_t version = view.catalog().version();
  // A session's procedure may have a name that a cached statement uses otherwise.
  const bool may_cache = !session_procedures;
  if (may_cache) {
    auto found = impl_->cache.Find(text, version);
    if (found && optimize::Holds(*found->plan, view)) return found;
  }
  const auto start = Clock::now();
  KB_ASSIGN(const auto parsed, DuringCompile(parse::Parse(text)));
  const std::uint64_t parse_us = MicrosecondsSince(start);
  const auto parsed_at = Clock::now();
  KB_ASSIGN(auto prepared,
            DuringCompile(Compile(*parsed, view, session_procedures, impl_->options)));
  if (may_cache && prepared->plan) {
    // What comes from the cache cost nothing to prepare: the copy says so.
    impl_->cache.Put(text, version, std::make_shared<const Prepared>(*prepared));
  }
  prepared->parse_us = parse_us;
  prepared->plan_us = MicrosecondsSince(parsed_at);
  return std::shared_ptr<const Prepared>(std::move(prepared));
}

namespace {

/// The view at the head of a statement, or null.
const bind::ViewClause* ViewOf(const Prepared& prepared) {
  if (!prepared.statement) return nullptr;
  const auto* query = std::get_if<std::shared_ptr<const bind::Query>>(&prepared.statement->node);
  return query == nullptr ? nullptr : (*query)->view.get();
}

/// Derives the view. A plan for the present may rest on what holds at present alone: then the
/// statement is planned for the view.
Result<std::shared_ptr<const Prepared>> ForView(std::shared_ptr<const Prepared> prepared,
                                                const bind::ViewClause& clause,
                                                const EngineOptions& options, RunContext* context) {
  eval::EvalContext evaluation;
  evaluation.view = context->view;
  evaluation.parameters = context->parameters;
  evaluation.cancellation = context->cancellation;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  evaluation.functions.now_seconds = seconds.count();
  evaluation.functions.now_nanos = static_cast<std::int32_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(now - seconds).count());
  exec::Batch one;
  one.rows = 1;
  KB_ASSIGN(context->view, exec::DeriveView(clause, one, 0, evaluation));
  if (optimize::Holds(*prepared->plan, context->view)) return prepared;
  KB_ASSIGN(plan::Plan plan, plan::MakePlan(prepared->statement));
  optimize::Options passes;
  passes.disabled = options.disabled_passes;
  KB_TRY(optimize::Run(plan, context->view, passes));
  auto copy = std::make_shared<Prepared>(*prepared);
  copy->plan = std::make_shared<const plan::Plan>(std::move(plan));
  return std::shared_ptr<const Prepared>(std::move(copy));
}

}  // namespace

Result<std::unique_ptr<ResultStream>> Engine::Start(std::shared_ptr<const Prepared> prepared,
                                                    RunContext context) {
  if (!prepared->plan) return InternalError("only queries give rows");
  const auto& wanted = prepared->statement->parameters;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::string& name = wanted[i];
    bool given = false;
    for (const auto& [known, value] : *context.parameters) given = given || known == name;
    if (given) continue;
    std::vector<std::string_view> names;
    for (const auto& [known, value] : *context.parameters) names.push_back(known);
    const std::string_view near = bind::NearName(name, names);
    return Error(ErrorCode::kParameter,
                 fmt::format("parameter ${} was not given", text::QuoteName(name)))
        .Detail("MissingParameter")
        .At(prepared->statement->parameter_spans[i])
        .During(Phase::kCompile)
        .Hint(near.empty()
                  ? fmt::format("give it a value, such as :param {} => 1 in the shell", name)
                  : fmt::format("did you mean ${}?", near));
  }
  if (prepared->kind == StatementKind::kWrite && context.transaction == nullptr) {
    return Error(ErrorCode::kReadOnly, "the statement writes, but only reading is allowed here");
  }
  context.threads = impl_->threads;
  context.engine = this;
  if (const bind::ViewClause* clause = ViewOf(*prepared)) {
    KB_ASSIGN(prepared, ForView(prepared, *clause, impl_->options, &context));
  }
  return exec::MakeStream(std::move(prepared), std::move(context));
}

Result<void> Engine::RunSchema(const Prepared& prepared, storage::Transaction& transaction) {
  return exec::ChangeSchema(*prepared.statement, transaction);
}

PlanText Engine::Explain(const Prepared& prepared) {
  if (!prepared.plan) return {};
  return exec::Describe(*prepared.plan, *prepared.plan->root);
}

}  // namespace kb::query
