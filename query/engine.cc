#include "query/engine.h"

#include <list>
#include <mutex>
#include <unordered_map>

#include "query/bind/binder.h"
#include "query/exec/profile.h"
#include "query/exec/stream.h"
#include "query/optimize/passes.h"
#include "query/parse/parser.h"
#include "query/plan/planner.h"
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

  std::shared_ptr<const Prepared> Find(const std::string& text, std::uint64_t version) {
    const std::lock_guard lock(mutex_);
    const auto found = by_text_.find(text);
    if (found == by_text_.end()) return nullptr;
    if (found->second->version != version) {
      entries_.erase(found->second);
      by_text_.erase(found);
      return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->prepared;
  }

  void Put(const std::string& text, std::uint64_t version,
           std::shared_ptr<const Prepared> prepared) {
    // Long texts are loads of data that hardly come again.
    if (entries_max_ == 0 || text.size() > kTextBytesMax) return;
    const std::lock_guard lock(mutex_);
    if (const auto found = by_text_.find(text); found != by_text_.end()) {
      entries_.erase(found->second);
      by_text_.erase(found);
    }
    entries_.push_front({text, version, std::move(prepared)});
    by_text_.emplace(text, entries_.begin());
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
  const std::size_t entries_max_;
  std::mutex mutex_;
  std::list<Entry> entries_;
  std::unordered_map<std::string, std::list<Entry>::iterator> by_text_;
};

}  // namespace

struct Engine::Impl {
  explicit Impl(EngineOptions engine_options)
      : options(std::move(engine_options)), cache(options.plan_cache_entries) {}

  EngineOptions options;
  PlanCache cache;
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
  KB_TRY(optimize::Run(plan, view, passes));
  prepared->plan = std::make_shared<const plan::Plan>(std::move(plan));
  return prepared;
}

}  // namespace

Result<std::shared_ptr<const Prepared>> Engine::Prepare(std::string_view text,
                                                        const storage::View& view,
                                                        const FindProcedure& session_procedures) {
  const std::string key(text);
  const std::uint64_t version = view.catalog().version();
  // A session's procedure may have a name that a cached statement uses otherwise.
  const bool may_cache = !session_procedures;
  if (may_cache) {
    auto found = impl_->cache.Find(key, version);
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
    impl_->cache.Put(key, version, std::make_shared<const Prepared>(*prepared));
  }
  prepared->parse_us = parse_us;
  prepared->plan_us = MicrosecondsSince(parsed_at);
  return std::shared_ptr<const Prepared>(std::move(prepared));
}

Result<std::unique_ptr<ResultStream>> Engine::Start(std::shared_ptr<const Prepared> prepared,
                                                    RunContext context) {
  if (!prepared->plan) return InternalError("only queries give rows");
  for (const auto& name : prepared->statement->parameters) {
    bool given = false;
    for (const auto& [known, value] : *context.parameters) given = given || known == name;
    if (given) continue;
    return Error(ErrorCode::kParameter, fmt::format("parameter ${} was not given", name))
        .Detail("MissingParameter")
        .During(Phase::kCompile)
        .Hint(fmt::format("give it a value, such as :param {} => 1 in the shell", name));
  }
  if (prepared->kind == StatementKind::kWrite && context.transaction == nullptr) {
    return Error(ErrorCode::kReadOnly, "the statement writes, but only reading is allowed here");
  }
  return exec::MakeStream(std::move(prepared), std::move(context));
}

Result<void> Engine::RunSchema(const Prepared& prepared, storage::Transaction& transaction) {
  if (const auto* create = std::get_if<bind::CreateIndex>(&prepared.statement->node)) {
    const storage::View view = transaction.view();
    const auto known_label = view.catalog().FindLabel(create->label);
    const auto known_key = view.catalog().FindKey(create->key);
    const bool is_there =
        (!create->name.empty() && view.catalog().FindIndex(create->name) != nullptr) ||
        (known_label && known_key && view.catalog().FindIndex(*known_label, *known_key) != nullptr);
    if (is_there && create->if_not_exists) return {};
    KB_ASSIGN(const auto label, transaction.Label(create->label));
    KB_ASSIGN(const auto key, transaction.Key(create->key));
    std::string name = create->name;
    if (name.empty()) name = fmt::format("index_{}_{}", create->label, create->key);
    return transaction.CreateIndex(std::move(name), label, key);
  }
  if (const auto* drop = std::get_if<bind::DropIndex>(&prepared.statement->node)) {
    const storage::View view = transaction.view();
    if (drop->if_exists && view.catalog().FindIndex(drop->name) == nullptr) return {};
    return transaction.DropIndex(drop->name);
  }
  return InternalError("a query is no schema statement");
}

PlanText Engine::Explain(const Prepared& prepared) {
  if (!prepared.plan) return {};
  return exec::Describe(*prepared.plan, *prepared.plan->root);
}

}  // namespace kb::query
