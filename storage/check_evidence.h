// The parts of a check that concern evidence, time and identity.
#pragma once

#include <string>
#include <vector>

#include "schema/base/cancel.h"
#include "storage/image/root.h"

namespace kb::storage {

/// A case that is broken in one way is broken in many places: enough is enough.
inline constexpr std::size_t kFindingsMax = 100;

/// Whether what holds is what the statements come to, statements are found by all that they are
/// listed under, and nothing is known of what was erased; adds what is not so to `findings`.
Result<void> CheckEvidence(const Root& root, std::vector<std::string>* findings);

/// Whether the history can be read, in rising times, tells a story (nothing made twice, nothing
/// changed that is not there), and ends with what is there.
Result<void> CheckHistory(const Root& root, std::vector<std::string>* findings);

/// Whether a graph of joined nodes has what its records and judgements come to, and nothing else.
/// Nothing to find in a root of records.
Result<void> CheckIdentity(const Root& joined, const Cancellation* cancellation,
                           std::vector<std::string>* findings);

}  // namespace kb::storage
