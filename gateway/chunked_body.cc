#include "gateway/chunked_body.h"

#include <algorithm>

#include "core/hex.h"

namespace mc {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kMostSizeDigits = 8;

}  // namespace

// A digit of a chunk's size, or the begin of the line's end behind at least one.
bool ChunkedBody::TakeSizeDigit(char c) {
  if (c == '\r' && digits_ > 0) {
    place_ = Place::kSizeEnd;
    mark_ = kLineEnd.substr(1);
    return true;
  }
  const int value = HexValue(c);
  if (value < 0 || digits_ == kMostSizeDigits) return false;
  ++digits_;
  size_ = size_ * 16 + value;
  return true;
}

bool ChunkedBody::TakeMark(char c) {
  if (c != mark_.front()) return false;
  mark_.remove_prefix(1);
  if (!mark_.empty()) return true;
  switch (place_) {
    case Place::kSizeEnd:
      place_ = size_ == 0 ? Place::kLastEnd : Place::kData;
      mark_ = kLineEnd;
      break;
    case Place::kDataEnd:
      place_ = Place::kSize;
      digits_ = 0;
      break;
    default: whole_ = true;
  }
  return true;
}

ChunkedPart ChunkedBody::Take(std::string_view& bytes, std::string& body, std::int64_t limit_bytes) {
  while (!bytes.empty() && !whole_) {
    if (place_ == Place::kData) {
      const std::size_t count = std::min(bytes.size(), static_cast<std::size_t>(size_));
      if (static_cast<std::int64_t>(body.size() + count) > limit_bytes) return ChunkedPart::kTooLong;
      body.append(bytes.substr(0, count));
      bytes.remove_prefix(count);
      size_ -= static_cast<std::int64_t>(count);
      if (size_ == 0) place_ = Place::kDataEnd;
      continue;
    }
    const char c = bytes.front();
    if (!(place_ == Place::kSize ? TakeSizeDigit(c) : TakeMark(c))) return ChunkedPart::kBroken;
    bytes.remove_prefix(1);
  }
  return whole_ ? ChunkedPart::kWhole : ChunkedPart::kGoesOn;
}

}  // namespace mc
