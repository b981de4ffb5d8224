// Database: one case, open. Make one, make a Session for each thread, ask.
//
//   KB_ASSIGN(auto db, kb::Database::Open("expulsions.kb"));
//   kb::Session session = db.NewSession();
//   KB_ASSIGN(auto cursor, session.Run("MATCH (f:Facility) RETURN f.name AS name"));
//   while (cursor.Next()) fmt::print("{}\n", cursor.row()[0].string());
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kb/options.h"
#include "kb/session.h"
#include "schema/base/result.h"

namespace kb {

namespace storage {
class Store;
}

/// The names of a case, for completion and `:schema`.
struct SchemaSummary {
  struct Entry {
    std::string name;
    std::uint64_t count = 0;
  };
  std::vector<Entry> labels;              ///< With the number of nodes.
  std::vector<Entry> relationship_types;  ///< With the number of relationships.
  std::vector<std::string> property_keys;
  /// `on` such as ":Person(name, born)" or "[:KNOWS](since)".
  struct Index {
    std::string name, kind, on;
    std::string constraint;  ///< That it belongs to, or "".
  };
  std::vector<Index> indexes;
  struct Constraint {
    std::string name, on;
    std::string rule;  ///< "IS UNIQUE", "IS :: DATE" …
  };
  std::vector<Constraint> constraints;
  std::uint64_t node_count = 0;
  std::uint64_t relationship_count = 0;
};

/// What Database::Check found.
struct CheckResult {
  std::vector<std::string> findings;  ///< Empty: clean.
  std::uint64_t node_count = 0;
  std::uint64_t relationship_count = 0;
};

/// Owns everything of an open case. Thread-safe; movable. Sessions and cursors must be gone before
/// it.
class Database {
 public:
  /// Opens (or makes) the case in folder `path`; ":memory:" keeps it in memory, ":sample:" is a
  /// copy of the built-in case in memory. Errors: see storage::Store::Open; the folder stays
  /// untouched.
  static Result<Database> Open(const std::string& path, const Options& options = {});
  static Result<Database> InMemory(const Options& options = {});

  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  Session NewSession();
  SchemaSummary Schema() const;
  Result<CheckResult> Check();
  /// Copies the case, as of now, into a new folder.
  Result<void> Backup(const std::string& path);
  /// Folds recent changes into the packed form now (it happens by itself, too).
  Result<void> Fold();

  /// For the program's own parts (import, algorithms); not for users of the library.
  storage::Store& store();

 private:
  struct Impl;
  explicit Database(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
  friend class Session;
};

}  // namespace kb
