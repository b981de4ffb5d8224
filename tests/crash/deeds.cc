#include "tests/crash/deeds.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "schema/edtf.h"
#include "storage/image/root.h"

namespace kb::storage::crash {

void Fail(const std::string& what) {
  std::fprintf(stderr, "kb_crash: %s\n", what.c_str());
  std::exit(1);
}
void Must(Result<void> result, const char* doing) {
  if (!result.ok()) Fail(std::string(doing) + ": " + result.error().Format());
}

namespace {

// What a number says of its transaction.
bool LosesItsStatement(std::int64_t number) { return number % 4 == 0; }
bool IsContradicted(std::int64_t number) { return number % 4 == 3; }
bool IsJoined(std::int64_t number) { return number % 8 == 2; }
bool IsErased(std::int64_t number) { return number % 32 == 1; }
bool IsOverwritten(std::int64_t number) { return number % 4 == 1 && !IsErased(number); }

constexpr std::int64_t kLate = std::int64_t{1} << 40;  ///< Added by who contradicts a number.
constexpr const char* kFormerText = "as it was written first";
constexpr const char* kLatterText = "as it was written afterwards";

std::int64_t RecordedBy(Store& store) { return RecordsOf(store.Present()).root().recorded; }

Value Moment(std::string_view text) {
  return Value::Of(Must(schema::ParseEdtf(text), "an uncertain date"));
}

Testimony By(EvidenceWriter& evidence, const char* source, const char* grade) {
  Testimony testimony;
  testimony.source = Must(evidence.Source(source), "a source");
  testimony.grade = Must(ParseGrade(grade), "a grade");
  return testimony;
}

}  // namespace

Result<Deed> Doer::Do(std::int64_t number) {
  Deed deed;
  deed.number = number;
  deed.before = RecordedBy(store_);
  auto begun = store_.Begin();
  if (!begun.ok()) return begun.error();
  const auto txn = std::move(begun).value();
  Done done = Make(*txn, number);
  if (last_) {
    Alter(*txn, *last_);
    Must(txn->SetProperty(done.nodes[0], Must(txn->Key("follows"), "key"),
                          Value::Integer(last_->number)),
         "follow");
  }
  if (number % 16 == 7) {
    const bool by_grade = number % 32 == 7;
    const Rule rule = by_grade ? Rule{Criterion::kGrade, Criterion::kLatest}
                               : Rule{Criterion::kLatest, Criterion::kGrade};
    Must(EvidenceOf(*txn).SetRule(rule), "set the rule");
  }
  KB_TRY(txn->Commit());
  last_ = done;
  deed.after = RecordedBy(store_);
  return deed;
}

Doer::Done Doer::Make(Transaction& txn, std::int64_t number) {
  Done done;
  done.number = number;
  const std::vector<LabelId> labels{Must(txn.Label("Part"), "label")};
  const TypeId next = Must(txn.Type("NEXT"), "type");
  const KeyId key = Must(txn.Key("number"), "key");
  const KeyId claim = Must(txn.Key("claim"), "key");
  EvidenceWriter& evidence = EvidenceOf(txn);
  for (std::size_t part = 0; part < kParts; ++part) {
    const std::vector<std::pair<KeyId, Value>> properties{
        {key, Value::Integer(number)},
        {Must(txn.Key("part"), "key"), Value::Integer(static_cast<std::int64_t>(part))},
        {Must(txn.Key("text"), "key"), Value::String(kFormerText)},
        {Must(txn.Key("secret"), "key"), Value::Integer(number)}};
    done.nodes[part] = Must(txn.CreateNode(labels, properties), "create");
  }
  for (std::size_t i = 0; i < kParts; ++i) {
    const std::vector<std::pair<KeyId, Value>> properties{{key, Value::Integer(number)}};
    Must(txn.CreateRelationship(done.nodes[i], next, done.nodes[(i + 1) % kParts], properties),
         "connect");
  }
  {
    Testimony strong = By(evidence, "strong", "A1");
    const TestifyScope testifying(evidence, strong);
    Must(txn.SetProperty(done.nodes[0], claim, Value::Integer(number)), "state");
    strong.valid = Moment("2000/2010");
    const TestifyScope for_some_time(evidence, strong);
    Must(txn.SetProperty(done.nodes[0], Must(txn.Key("post"), "key"), Value::Integer(number)),
         "state");
  }
  {
    const Testimony weak = By(evidence, "weak", "D4");
    const TestifyScope testifying(evidence, weak);
    Must(txn.SetProperty(done.nodes[0], claim, Value::Integer(-number)), "state");
  }
  ForEachStatement(RecordsOf(txn.view()), Entity::Of(done.nodes[0]), false,
                   [&](const Statement& s) {
                     const bool is_claim =
                         s.fact.kind == FactKind::kProperty && s.fact.name == schema::Raw(claim);
                     if (is_claim && s.testimony.grade.reliability == 1) done.strong = s.id;
                   });
  // A node too many, created and deleted (or erased) again, leaves nothing but a gap.
  const NodeId gone = Must(txn.CreateNode(labels, {}), "create");
  if (number % 64 == 0) {
    Must(evidence.Erase(Entity::Of(gone), "it was too many"), "erase");
  } else {
    Must(txn.DeleteNode(gone), "delete");
  }
  if (IsJoined(number)) {
    Must(evidence.Judge(true, done.nodes[0], done.nodes[1], "alike", ""), "judge");
    ForEachJudgement(txn.view(), false,
                     [&](const Statement& statement, bool) { done.judgement = statement.id; });
  }
  return done;
}

void Doer::Alter(Transaction& txn, const Done& former) {
  EvidenceWriter& evidence = EvidenceOf(txn);
  if (LosesItsStatement(former.number)) {
    Must(evidence.Withdraw(former.strong, "it was wrong"), "withdraw");
  } else if (IsContradicted(former.number)) {
    const Testimony late = By(evidence, "late", "E5");
    const TestifyScope testifying(evidence, late);
    Must(txn.SetProperty(former.nodes[0], Must(txn.Key("claim"), "key"),
                         Value::Integer(former.number + kLate)),
         "contradict");
  } else if (IsJoined(former.number)) {
    Must(evidence.WithdrawJudgement(former.judgement, "two after all"), "withdraw");
  } else if (IsErased(former.number)) {
    Must(evidence.Erase(Entity::Of(former.nodes[3]), Must(txn.Key("secret"), "key"), "asked for"),
         "erase");
  } else if (IsOverwritten(former.number)) {
    Must(txn.SetProperty(former.nodes[2], Must(txn.Key("text"), "key"), Value::String(kLatterText)),
         "overwrite");
  }
}

State::State(const View& seen, const Shown& shown) : seen_(seen), records_(RecordsOf(seen)) {
  Gather();
  for (const auto& [number, ring] : rings_) Judge(number, ring, shown);
  Must(records_.Status(), "reading records");
  Must(seen_.Status(), "reading");
}

Value State::Of(NodeId node, std::string_view key) const {
  const auto id = records_.catalog().FindKey(key);
  return id ? records_.Property(node, *id) : Value::Null();
}

void State::Gather() {
  const auto label = records_.catalog().FindLabel("Part");
  if (!label) return;
  std::vector<NodeId> nodes(kBlockSize);
  for (std::uint32_t block = 0; block < records_.block_count(); ++block) {
    const std::uint32_t count = records_.ScanBlock(block, *label, nodes.data());
    for (std::uint32_t i = 0; i < count; ++i) {
      const Value number = Of(nodes[i], "number");
      const Value part = Of(nodes[i], "part");
      const bool is_part = number.is_integer() && part.is_integer() && part.integer() >= 0 &&
                           part.integer() < static_cast<std::int64_t>(kParts);
      if (!is_part) Fail("a node without its number");
      Ring& ring = rings_[number.integer()];
      ring.nodes[static_cast<std::size_t>(part.integer())] = nodes[i];
      ++ring.count;
      const Value follows = Of(nodes[i], "follows");
      if (follows.is_integer()) followed_[follows.integer()] = number.integer();
    }
  }
}

void State::Judge(std::int64_t number, const Ring& ring, const Shown& shown) {
  const std::string name = "transaction " + std::to_string(number);
  if (ring.count != kParts) Fail(name + " is half there");
  const TypeId type = records_.catalog().FindType("NEXT").value();
  const KeyId key = records_.catalog().FindKey("number").value();
  for (std::size_t i = 0; i < kParts; ++i) {
    const Slice out = records_.Neighbours(type, Direction::kOut, ring.nodes[i]);
    const NodeId next = ring.nodes[(i + 1) % kParts];
    if (out.size != 1 || out.nodes[0] != next ||
        records_.Neighbours(type, Direction::kIn, ring.nodes[i]).size != 1) {
      Fail(name + " is not joined up");
    }
    const Value other = records_.Property({type, out.edges[0], ring.nodes[i], next}, key);
    if (!other.is_integer() || other.integer() != number) Fail(name + " is joined to another");
  }
  const bool followed = IsFollowed(number);
  const Value text = Of(ring.nodes[2], "text");
  const bool latter = IsOverwritten(number) && followed;
  if (!text.is_string() || text.string() != (latter ? kLatterText : kFormerText)) {
    Fail(name + " has another text than it wrote");
  }
  // What was erased later was erased from this state as well.
  const bool followed_now = shown.present == nullptr ? followed : shown.present->IsFollowed(number);
  const bool erased = IsErased(number) && followed_now;
  if (Of(ring.nodes[3], "secret").is_null() != erased) {
    Fail(name + (erased ? " shows what was erased" : " has lost a value"));
  }
  const bool one = IsJoined(number) && !followed;
  if (ClusterOf(seen_, ring.nodes[0]).size() != (one ? 2u : 1u)) {
    Fail(name + (one ? " is not joined" : " is joined in spite of its withdrawal"));
  }
  JudgeClaim(number, ring, shown);
}

void State::JudgeClaim(std::int64_t number, const Ring& ring, const Shown& shown) {
  const std::string name = "transaction " + std::to_string(number);
  const bool followed = IsFollowed(number);
  const bool by_time = RuleOf(records_).front() == Criterion::kLatest;
  const bool strong = !shown.without_strong && !(LosesItsStatement(number) && followed);
  // Of what was recorded together, what was said last is the latest.
  std::int64_t claim = strong && !by_time ? number : -number;
  if (IsContradicted(number) && followed && by_time) claim = number + kLate;
  const Value claimed = Of(ring.nodes[0], "claim");
  if (!claimed.is_integer() || claimed.integer() != claim) {
    Fail(name + " claims " + claimed.ToText() + " and not " + std::to_string(claim));
  }
  const bool holds = shown.holds_the_post.value_or(true) && !shown.without_strong;
  if (Of(ring.nodes[0], "post").is_null() == holds) Fail(name + " has a wrong post");
}

State JudgeAll(Store& store, const std::vector<Deed>& acknowledged) {
  const View seen = store.Present();
  State present(seen);
  State::Shown without;
  without.without_strong = true;
  if (const auto source = FindSource(seen, "strong")) {
    ViewRequest request;
    request.sources = std::vector<NodeId>{*source};
    const State judged(Must(DeriveView(seen, request), "leave a source out"), without);
  }
  for (const bool holds : {true, false}) {
    ViewRequest request;
    request.valid_from = Moment(holds ? "2005" : "2015");
    State::Shown shown;
    shown.holds_the_post = holds;
    const State judged(Must(DeriveView(seen, request), "a valid time"), shown);
  }
  // The states right after the first and the last, and one between.
  std::vector<std::size_t> chosen{0, acknowledged.size() / 2, acknowledged.size() - 1};
  if (acknowledged.empty()) chosen.clear();
  for (const std::size_t at : chosen) {
    const Deed& deed = acknowledged[at];
    ViewRequest request;
    request.system_time = deed.after;
    State::Shown shown;
    shown.present = &present;
    const State past(Must(DeriveView(seen, request), "a state of the past"), shown);
    for (const Deed& other : acknowledged) {
      const std::string name = "transaction " + std::to_string(other.number);
      if (other.after <= deed.after && !past.Has(other.number)) Fail(name + " is lost in the past");
      if (other.before >= deed.after && past.Has(other.number)) Fail(name + " is there too early");
    }
  }
  return present;
}

}  // namespace kb::storage::crash
