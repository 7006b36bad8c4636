// A body in chunks (RFC 9112 7.1), as its bytes come in. Strict as the head is: no chunk extensions, no trailer, sizes
// of at most eight digits, CR LF alone; two readers must see the same end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mc {

enum class ChunkedPart { kGoesOn, kWhole, kBroken, kTooLong };

class ChunkedBody {
 public:
  // Takes from the front of `bytes` and puts what is the body's behind `body`, which grows to `limit_bytes` at most.
  // After kWhole what is left of `bytes` belongs to the next request; after any other end there is no going on.
  ChunkedPart Take(std::string_view& bytes, std::string& body, std::int64_t limit_bytes);

 private:
  enum class Place { kSize, kSizeEnd, kData, kDataEnd, kLastEnd };
  bool TakeSizeDigit(char c);
  bool TakeMark(char c);

  Place place_ = Place::kSize;
  std::string_view mark_;  // what is awaited of a line's end
  std::size_t digits_ = 0;
  std::int64_t size_ = 0;  // left of the chunk
  bool whole_ = false;
};

}  // namespace mc
