// json and jsonlines: an object a row.
#include "kb/io/format.h"
#include "kb/io/json_text.h"

namespace kb::io {
namespace {

class Json : public ResultWriter {
 public:
  Json(bool array, std::string* out) : array_(array), out_(*out) {}

  void Begin(const std::vector<std::string>& columns) override {
    for (const std::string& name : columns) {
      std::string key;
      AppendJsonString(name, &key);
      keys_.push_back(key + ": ");
    }
  }

  void Row(std::span<const Value> row) override {
    if (array_) out_ += row_count_ == 0 ? "[\n" : ",\n";
    ++row_count_;
    out_ += '{';
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i != 0) out_ += ", ";
      out_ += keys_[i];
      AppendPlainJson(row[i], &out_);
    }
    out_ += '}';
    if (!array_) out_ += '\n';
  }

  Result<void> End() override {
    if (array_ && !keys_.empty()) out_ += row_count_ == 0 ? "[]\n" : "\n]\n";
    return {};
  }

 private:
  const bool array_;
  std::string& out_;
  std::vector<std::string> keys_;
  std::size_t row_count_ = 0;
};

}  // namespace

std::unique_ptr<ResultWriter> MakeJson(const Look& /*look*/, std::string* out) {
  return std::make_unique<Json>(true, out);
}

std::unique_ptr<ResultWriter> MakeJsonLines(const Look& /*look*/, std::string* out) {
  return std::make_unique<Json>(false, out);
}

}  // namespace kb::io
