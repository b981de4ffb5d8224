// Testimonies: what stands behind a clause that writes (FROM SOURCE … GRADE …), row by row.
//
//   KB_TRY(testimonies.Evaluate(batch));   // before the view is given up
//   const WriteScope writing(runtime);
//   KB_TRY(testimonies.Begin(row));        // what is written from here on is stated by it …
//   testimonies.End();                     // … to here; destroying it ends it too
#pragma once

#include <array>
#include <memory>
#include <unordered_map>

#include "query/exec/operator.h"
#include "storage/evidence.h"

namespace kb::query::exec {

/// One thread. Without evidence everything here does nothing.
class Testimonies {
 public:
  Testimonies(Runtime& runtime, bind::EvidencePtr evidence)
      : runtime_(runtime), evidence_(std::move(evidence)) {}
  Testimonies(const Testimonies&) = delete;
  Testimonies& operator=(const Testimonies&) = delete;
  ~Testimonies() { End(); }

  bool given() const { return evidence_ != nullptr; }
  Result<void> Evaluate(const Batch& batch);
  /// Errors: a source that is null or neither text nor node, a grade that is none …
  Result<void> Begin(std::uint32_t row);
  void End();

 private:
  Result<schema::NodeId> SourceAt(std::uint32_t row);
  Result<Value> Checked(std::size_t part, std::uint32_t row, functions::KindSet kinds,
                        std::string_view word) const;

  Runtime& runtime_;
  const bind::EvidencePtr evidence_;
  std::array<Vector, 5> parts_;  ///< Source, grade, at, by, valid.
  std::unordered_map<std::string, schema::NodeId> sources_;
  bool begun_ = false;
};

}  // namespace kb::query::exec
