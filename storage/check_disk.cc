// The keys of evidence and time on the disk, read again and compared with the image.
#include <map>

#include "storage/check_evidence.h"
#include "storage/codec.h"
#include "storage/disk.h"
#include "storage/dump.h"
#include "storage/history.h"
#include "storage/key.h"

namespace kb::storage {

namespace {

class EvidenceComparer {
 public:
  EvidenceComparer(const Rocks& rocks, const Root& root, std::vector<std::string>* findings)
      : rocks_(rocks), root_(root), findings_(*findings) {}

  Result<void> Run() {
    KB_TRY(Statements());
    KB_TRY(Erasures());
    KB_TRY(History());
    return Rules();
  }

 private:
  void Find(std::string_view key, std::string_view how) {
    if (findings_.size() >= kFindingsMax) return;
    findings_.push_back(DumpKey(key) + ": " + std::string(how));
  }

  /// Keys of a kind that stand for what the image has, and no others.
  Result<void> Compare(KeyKind kind, std::map<std::string, std::string> image) {
    Rocks::Scan scan = rocks_.ScanPrefix(Family::kMeta, KindPrefix(kind));
    for (; scan.Valid(); scan.Next()) {
      const auto found = image.find(std::string(scan.key()));
      if (found == image.end()) {
        // A statement that was erased leaves its number.
        if (!scan.value().empty()) Find(scan.key(), "on disk, but not in the image");
        continue;
      }
      if (found->second != scan.value()) Find(scan.key(), "not on disk what it is in the image");
      image.erase(found);
    }
    for (const auto& entry : image) Find(entry.first, "in the image, but not on disk");
    return scan.status();
  }

  Result<void> Statements() {
    std::map<std::string, std::string> image;
    if (root_.evidence) {
      root_.evidence->ForEach([&](const Statement& statement) {
        image.emplace(StatementKey(statement.id), EncodeStatement(statement));
      });
    }
    return Compare(KeyKind::kStatement, std::move(image));
  }

  Result<void> Erasures() {
    std::map<std::string, std::string> image;
    if (root_.evidence) {
      for (const Erasure& erasure : root_.evidence->erasures()) {
        image.emplace(ErasureKey(erasure.id), EncodeErasure(erasure));
      }
    }
    return Compare(KeyKind::kErasure, std::move(image));
  }

  Result<void> History() {
    Rocks::Scan scan = rocks_.ScanPrefix(Family::kMeta, KindPrefix(KeyKind::kHistory));
    std::int64_t time = -1;
    std::uint32_t part = 0;
    for (; scan.Valid(); scan.Next()) {
      const auto key = ParseKey(scan.key());
      if (!key) {
        Find(scan.key(), "a key that no version writes");
        continue;
      }
      // The parts of a commit are numbered from 0.
      part = key->time == time ? part + 1 : 0;
      time = key->time;
      if (key->number != part) Find(scan.key(), "a part before it is missing");
      const auto changes = DecodeChanges(scan.value());
      if (!changes.ok()) Find(scan.key(), changes.error().message());
    }
    return scan.status();
  }

  Result<void> Rules() {
    KB_ASSIGN(const auto rule, rocks_.Get(Family::kMeta, MetaKey("rule")));
    if (rule && *rule != EncodeRule(root_.rule)) {
      Find(MetaKey("rule"), "not on disk what it is in the image");
    } else if (!rule && root_.rule != DefaultRule()) {
      Find(MetaKey("rule"), "in the image, but not on disk");
    }
    return {};
  }

  const Rocks& rocks_;
  const Root& root_;
  std::vector<std::string>& findings_;
};

}  // namespace

Result<void> Disk::CompareEvidence(const Root& root, std::vector<std::string>* findings) const {
  return EvidenceComparer(*rocks_, root, findings).Run();
}

}  // namespace kb::storage
