// The part of a check that concerns evidence and time.
#pragma once

#include <string>
#include <vector>

#include "storage/image/root.h"

namespace kb::storage {

/// Whether what holds is what the statements come to, and whether every record of the history can
/// be read, in rising times; adds what is not so to `findings`.
Result<void> CheckEvidence(const Root& root, std::vector<std::string>* findings);

}  // namespace kb::storage
