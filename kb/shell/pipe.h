// The machine protocol: one JSON request a line in, one JSON answer a line out, in order.
//
// Requests are {"statement", "parameters"} and {"procedure": {"signature", "rows"}}; answers are
// {"data", "counters", "timing", "plan"} or {"errors"}. An answer is composed whole before it is
// sent, because an error on the way must take its rows back. Every line gets exactly one answer.
#pragma once

#include <string>
#include <string_view>

#include "kb/session.h"

namespace kb::shell {

/// Answers one request: appends a line, with its '\n', to `out`.
void AnswerRequest(Session& session, std::string_view line, std::string* out);

/// Serves requests from one file descriptor to the other until the first ends or the second is
/// closed. Returns the exit status of the program.
int ServePipe(Session& session, int input, int output);

}  // namespace kb::shell
