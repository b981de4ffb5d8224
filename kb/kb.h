// The umbrella: all that most users of the library include.
#pragma once

#include "kb/cursor.h"    // IWYU pragma: export
#include "kb/database.h"  // IWYU pragma: export
#include "kb/options.h"   // IWYU pragma: export
#include "kb/session.h"   // IWYU pragma: export
