#include "finding/archive.h"

#include "base/bytes.h"
#include "finding/fields.h"

namespace ftaudit {

std::string to_bytes(const Document& document) {
  ByteWriter writer;
  writer(document);
  return std::move(writer.bytes);
}

Result<Document> document_from_bytes(std::string_view bytes) {
  ByteReader reader(bytes);
  Document document;
  reader(document);
  if (reader.failed() || !reader.at_end()) return Error{"the document is cut short or damaged"};
  return document;
}

}  // namespace ftaudit
