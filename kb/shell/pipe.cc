#include "kb/shell/pipe.h"

#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

#include "kb/io/json_text.h"
#include "kb/shell/json_value.h"
#include "kb/shell/request.h"
#include "schema/base/gql_status.h"
#include "schema/base/text.h"

namespace kb::shell {
namespace {

using io::AppendJsonInteger;
using io::AppendJsonString;

constexpr std::size_t kReadBytes = 1u << 16;
constexpr std::size_t kRequestBytesMax = 1u << 30;
constexpr std::size_t kBufferBytesKept = 16u << 20;
constexpr std::string_view kEmptyAnswer = R"({"data":{"fields":[],"values":[]}})";

void AppendMember(std::string_view name, std::string_view text, std::string* out) {
  *out += '"';
  *out += name;
  *out += "\":";
  AppendJsonString(text, out);
}

void AppendCount(std::string_view name, std::uint64_t count, std::string* out) {
  *out += '"';
  *out += name;
  *out += "\":";
  AppendJsonInteger(count, out);
}

void AppendPosition(Span span, std::string_view statement, std::string* out) {
  if (span.empty() || span.begin > statement.size()) return;
  const text::Place place = text::Locate(statement, span.begin);
  *out += R"(,"position":{)";
  AppendCount("offset", span.begin, out);
  *out += ',';
  AppendCount("line", place.line, out);
  *out += ',';
  AppendCount("column", place.column, out);
  *out += '}';
}

void AppendError(const Error& error, std::string_view statement, std::string* out) {
  const std::string type(TypeName(error.code()));
  *out += R"({"errors":[{)";
  AppendMember("code", "Neo.ClientError.Statement." + type, out);
  *out += ',';
  AppendMember("type", type, out);
  *out += error.phase() == Phase::kCompile ? R"(,"phase":"compile",)" : R"(,"phase":"runtime",)";
  AppendMember("detail", error.detail(), out);
  *out += ',';
  AppendMember("gqlStatus", GqlStatus(error), out);
  *out += ',';
  AppendMember("message", error.message(), out);
  if (!error.hint().empty()) {
    *out += ',';
    AppendMember("hint", error.hint(), out);
  }
  AppendPosition(error.span(), statement, out);
  *out += "}]}";
}

std::string_view CodeOf(Notice::Kind kind) {
  switch (kind) {
    case Notice::Kind::kUnknownLabel:
      return "Neo.ClientNotification.Statement.UnknownLabelWarning";
    case Notice::Kind::kUnknownType:
      return "Neo.ClientNotification.Statement.UnknownRelationshipTypeWarning";
    case Notice::Kind::kUnknownKey:
      return "Neo.ClientNotification.Statement.UnknownPropertyKeyWarning";
  }
  return "";
}

void AppendNotices(const std::vector<Notice>& notices, std::string_view statement,
                   std::string* out) {
  if (notices.empty()) return;
  *out += R"(,"notifications":[)";
  for (const Notice& notice : notices) {
    *out += &notice == notices.data() ? "{" : ",{";
    AppendMember("code", CodeOf(notice.kind), out);
    *out += ',';
    AppendMember("gqlStatus", GqlStatus(notice), out);
    *out += R"(,"severity":"WARNING","category":"UNRECOGNIZED",)";
    AppendMember("description", notice.message, out);
    if (!notice.hint.empty()) {
      *out += ',';
      AppendMember("hint", notice.hint, out);
    }
    AppendPosition(notice.span, statement, out);
    *out += '}';
  }
  *out += ']';
}

void AppendPlan(const PlanNode& plan, std::string* out) {
  *out += '{';
  AppendMember("operator", plan.op, out);
  *out += ',';
  AppendMember("details", plan.details, out);
  *out += R"(,"estimated_rows":)";
  io::AppendFloatText(std::isfinite(plan.estimated_rows) ? plan.estimated_rows : 0, out);
  for (const auto& [name, count] :
       {std::pair("rows", plan.rows), std::pair("time_us", plan.time_us),
        std::pair("memory_bytes", plan.memory_bytes)}) {
    if (!count) continue;
    *out += ',';
    AppendCount(name, *count, out);
  }
  *out += R"(,"children":[)";
  for (std::size_t i = 0; i < plan.children.size(); ++i) {
    if (i != 0) *out += ',';
    AppendPlan(plan.children[i], out);
  }
  *out += "]}";
}

void AppendCounters(const Counters& counters, std::string* out) {
  const std::pair<std::string_view, std::uint64_t> counts[] = {
      {"nodesCreated", counters.nodes_created},
      {"nodesDeleted", counters.nodes_deleted},
      {"relationshipsCreated", counters.relationships_created},
      {"relationshipsDeleted", counters.relationships_deleted},
      {"propertiesSet", counters.properties_set},
      {"labelsAdded", counters.labels_added},
      {"labelsRemoved", counters.labels_removed},
      {"indexesAdded", counters.indexes_added},
      {"indexesRemoved", counters.indexes_removed}};
  *out += R"(,"counters":{)";
  for (const auto& count : counts) {
    if (&count != counts) *out += ',';
    AppendCount(count.first, count.second, out);
  }
  *out += '}';
}

/// Of a statement that only read.
const std::string& NoCounters() {
  static const std::string text = [] {
    std::string none;
    AppendCounters({}, &none);
    return none;
  }();
  return text;
}

void AppendSummary(const Summary& summary, std::string* out) {
  if (summary.counters == Counters{}) {
    *out += NoCounters();
  } else {
    AppendCounters(summary.counters, out);
  }
  *out += R"(,"timing":{)";
  AppendCount("parse_us", summary.timing.parse_us, out);
  *out += ',';
  AppendCount("plan_us", summary.timing.plan_us, out);
  *out += ',';
  AppendCount("execute_us", summary.timing.execute_us, out);
  *out += '}';
  if (summary.plan) {
    *out += R"(,"plan":)";
    AppendPlan(*summary.plan, out);
  }
}

/// Runs a statement and appends its whole answer. On an error `out` holds a part that the caller
/// drops.
Result<void> AnswerStatement(Session& session, std::string_view statement,
                             const Parameters& parameters, std::string* out) {
  KB_ASSIGN(Cursor cursor, session.Run(statement, parameters));
  *out += R"({"data":{"fields":[)";
  for (std::size_t i = 0; i < cursor.columns().size(); ++i) {
    if (i != 0) *out += ',';
    AppendJsonString(cursor.columns()[i], out);
  }
  *out += R"(],"values":[)";
  for (bool first = true; cursor.Next(); first = false) {
    *out += first ? "[" : ",[";
    const std::span<const Value> row = cursor.row();
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i != 0) *out += ',';
      AppendTyped(row[i], out);
    }
    *out += ']';
  }
  if (!cursor.status().ok()) return Error(cursor.status().error());
  *out += "]}";
  AppendSummary(cursor.summary(), out);
  AppendNotices(cursor.summary().notices, statement, out);
  *out += '}';
  return {};
}

std::string_view Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

Result<void> Answer(Session& session, const Request& request, std::string* out) {
  if (request.procedure) {
    KB_TRY(session.RegisterProcedure(*request.procedure));
    *out += kEmptyAnswer;
    return {};
  }
  if (Trimmed(request.statement) == ":reset") {
    KB_TRY(session.Reset());
    *out += kEmptyAnswer;
    return {};
  }
  return AnswerStatement(session, request.statement, request.parameters, out);
}

/// Writes everything, or returns false when nobody reads any more.
bool WriteAll(int output, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(output, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// Lines of any length from a file descriptor.
class LineReader {
 public:
  explicit LineReader(int input)
      : input_(input), read_(std::make_unique_for_overwrite<char[]>(kReadBytes)) {}

  /// The next line without its end; false at the end of input. `too_long` tells that the line was
  /// longer than a request may be and has been skipped. The line is good until the next call.
  bool Next(std::string_view* line, bool* too_long) {
    *too_long = false;
    for (std::size_t searched = begin_;;) {
      const std::size_t end = buffer_.find('\n', searched);
      if (end != std::string::npos) {
        *line = std::string_view(buffer_).substr(begin_, end - begin_);
        begin_ = end + 1;
        return true;
      }
      DropUsed();
      if (buffer_.size() > kRequestBytesMax) {
        *too_long = true;
        buffer_.clear();
      }
      searched = buffer_.size();
      if (!Fill()) {
        *line = buffer_;
        begin_ = buffer_.size();
        return !buffer_.empty() || *too_long;
      }
    }
  }

 private:
  void DropUsed() {
    buffer_.erase(0, std::exchange(begin_, 0));
    if (buffer_.capacity() > kBufferBytesKept && buffer_.size() < kReadBytes) {
      std::string(buffer_).swap(buffer_);
    }
  }

  bool Fill() {
    ssize_t count = 0;
    do {
      count = ::read(input_, read_.get(), kReadBytes);
    } while (count < 0 && errno == EINTR);
    if (count > 0) buffer_.append(read_.get(), static_cast<std::size_t>(count));
    return count > 0;
  }

  int input_;
  std::unique_ptr<char[]> read_;  ///< Not zeroed for each request: that took longer than many.
  std::string buffer_;
  std::size_t begin_ = 0;  ///< In the buffer, of the line that comes next.
};

}  // namespace

void AnswerRequest(Session& session, std::string_view line, std::string* out) {
  const std::size_t start = out->size();
  const auto fail = [&](const Error& error, std::string_view statement) {
    out->resize(start);
    AppendError(error, statement, out);
  };
  try {
    Request request;
    if (auto read = ReadRequest(line, &request); !read.ok()) {
      fail(read.error(), {});
    } else if (auto answer = Answer(session, request, out); !answer.ok()) {
      fail(answer.error(), request.statement);
    }
  } catch (const std::bad_alloc&) {
    fail(LimitError("the statement needs more memory than there is"), {});
  } catch (const std::exception& exception) {
    fail(InternalError("the request could not be answered: {}", exception.what()), {});
  }
  *out += '\n';
}

int ServePipe(Session& session, int input, int output) {
  LineReader reader(input);
  std::string answer;
  std::string_view line;
  for (bool too_long = false; reader.Next(&line, &too_long);) {
    answer.clear();
    if (too_long) {
      AppendError(ProtocolError("a request of more than {} bytes", kRequestBytesMax), {}, &answer);
      answer += '\n';
    } else {
      AnswerRequest(session, line, &answer);
    }
    if (!WriteAll(output, answer)) return 1;
    if (answer.capacity() > kBufferBytesKept) std::string().swap(answer);
  }
  return 0;
}

}  // namespace kb::shell
