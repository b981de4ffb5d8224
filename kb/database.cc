#include "kb/database.h"

#include "kb/database_impl.h"
#include "kb/sample.h"
#include "query/parse/parser.h"
#include "schema/definition_text.h"

namespace kb {
namespace {

storage::StoreOptions ToStoreOptions(const Options& options) {
  storage::StoreOptions store;
  store.read_only = options.read_only;
  store.create_if_missing = options.create_if_missing && !options.read_only;
  store.sync = options.sync;
  store.memory_bytes = options.memory;
  return store;
}

/// Runs the built-in case's script, in one transaction.
Result<void> LoadSample(Database& database) {
  Session session = database.NewSession();
  KB_TRY(session.Begin());
  std::string_view rest = SampleScript();
  while (true) {
    const std::size_t end = query::parse::FindStatementEnd(rest);
    if (end == std::string_view::npos) break;
    KB_TRY(session.Run(rest.substr(0, end)));
    rest.remove_prefix(end);
  }
  return session.Commit();
}

}  // namespace

Result<Database> Database::Open(const std::string& path, const Options& options) {
  if (path == ":memory:" || path == ":sample:") {
    KB_ASSIGN(Database database, InMemory(options));
    if (path == ":sample:") KB_TRY(LoadSample(database));
    return database;
  }
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  if (options.memory != 0) impl->memory_guard = std::make_unique<MemoryGuard>(options.memory);
  impl->current = std::make_shared<OpenCase>(options);
  KB_ASSIGN(impl->current->store, storage::Store::Open(path, ToStoreOptions(options)));
  return Database(std::move(impl));
}

Result<Database> Database::InMemory(const Options& options) {
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  if (options.memory != 0) impl->memory_guard = std::make_unique<MemoryGuard>(options.memory);
  impl->in_memory = true;
  impl->current = std::make_shared<OpenCase>(options);
  impl->current->store = storage::Store::InMemory();
  return Database(std::move(impl));
}

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Session Database::NewSession() {
  auto session = std::make_unique<Session::Impl>();
  session->database = impl_.get();
  session->open_case = impl_->Current();
  return Session(std::move(session));
}

SchemaSummary Database::Schema() const {
  const storage::View view = impl_->Current()->store->Present();
  const schema::Catalog& catalog = view.catalog();
  SchemaSummary summary;
  for (std::uint32_t i = 0; i < catalog.label_count(); ++i) {
    const auto id = static_cast<schema::LabelId>(i);
    if (view.NodeCount(id) > 0) {
      summary.labels.push_back({std::string(catalog.Name(id)), view.NodeCount(id)});
    }
  }
  for (std::uint32_t i = 0; i < catalog.type_count(); ++i) {
    const auto id = static_cast<schema::TypeId>(i);
    if (view.RelationshipCount(id) > 0) {
      summary.relationship_types.push_back(
          {std::string(catalog.Name(id)), view.RelationshipCount(id)});
    }
  }
  summary.property_keys.assign(catalog.key_names().begin(), catalog.key_names().end());
  for (const auto& index : catalog.indexes()) {
    summary.indexes.push_back({index.name, std::string(schema::KindText(index.kind)),
                               catalog.Describe(index.subject), index.constraint});
  }
  for (const auto& constraint : catalog.constraints()) {
    summary.constraints.push_back(
        {constraint.name, catalog.Describe(constraint.subject), schema::RuleText(constraint)});
  }
  summary.node_count = view.NodeCount();
  summary.relationship_count = view.RelationshipCount();
  return summary;
}

Result<CheckResult> Database::Check() {
  KB_ASSIGN(storage::CheckReport report, impl_->Current()->store->Check());
  return CheckResult{std::move(report.findings), report.node_count, report.relationship_count};
}

Result<void> Database::Backup(const std::string& path) {
  return impl_->Current()->store->Backup(path);
}

Result<void> Database::Fold() { return impl_->Current()->store->Fold(); }

storage::Store& Database::store() { return *impl_->Current()->store; }

}  // namespace kb
