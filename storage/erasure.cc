#include "storage/erasure.h"

#include "storage/codec.h"

namespace kb::storage {

std::string_view NameOf(Erasure::Kind kind) {
  switch (kind) {
    case Erasure::Kind::kNode:
      return "node";
    case Erasure::Kind::kRelationship:
      return "relationship";
    case Erasure::Kind::kProperty:
      return "property";
    case Erasure::Kind::kStatement:
      break;
  }
  return "statement";
}

std::string EncodeErasure(const Erasure& erasure) {
  std::string out;
  PutVarint(&out, erasure.id);
  out.push_back(static_cast<char>(erasure.kind));
  PutEntity(&out, erasure.entity);
  PutVarint(&out, schema::Raw(erasure.key));
  PutVarint(&out, erasure.statement);
  PutSigned(&out, erasure.recorded);
  PutBytes(&out, erasure.because);
  return out;
}

Result<Erasure> DecodeErasure(std::string_view bytes) {
  ByteReader in(bytes);
  Erasure erasure;
  erasure.id = in.Varint();
  const std::uint8_t kind = in.Byte();
  if (kind < 1 || kind > 4 || erasure.id == 0) in.Fail();
  erasure.kind = static_cast<Erasure::Kind>(kind);
  erasure.entity = ReadEntity(&in);
  erasure.key = schema::KeyId{static_cast<std::uint32_t>(in.VarintUpTo(0xFFFF'FFFFu))};
  erasure.statement = in.Varint();
  erasure.recorded = in.Signed();
  erasure.because = std::string(in.Bytes());
  KB_TRY(in.Finish("the mark of an erasure"));
  return erasure;
}

}  // namespace kb::storage
