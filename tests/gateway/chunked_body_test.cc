// Goal: a body in chunks ends where every other reader sees its end, or the request is refused.
#include "gateway/chunked_body.h"

#include <doctest/doctest.h>

using namespace mc;

namespace {

struct TakenChunks {
  ChunkedPart part;
  std::string body, rest;
};

TakenChunks TakeChunks(std::string_view bytes, std::int64_t limit = 1'000) {
  ChunkedBody chunks;
  TakenChunks read;
  read.part = chunks.Take(bytes, read.body, limit);
  read.rest = bytes;
  return read;
}

}  // namespace

TEST_CASE("chunked body: whole, in every cut, and what follows stays") {
  const std::string bytes = "3\r\nabc\r\n00A\r\n0123456789\r\n0\r\n\r\nGET /";
  const std::size_t end = bytes.size() - 5;
  CHECK(TakeChunks(bytes).rest == "GET /");
  for (std::size_t cut = 0; cut <= end; ++cut) {
    ChunkedBody chunks;
    std::string body;
    std::string_view first = std::string_view(bytes).substr(0, cut), second = std::string_view(bytes).substr(cut);
    const ChunkedPart part = chunks.Take(first, body, 13);
    CHECK(part == (cut < end ? ChunkedPart::kGoesOn : ChunkedPart::kWhole));
    CHECK(first.empty());
    if (cut == end) continue;
    CHECK(chunks.Take(second, body, 13) == ChunkedPart::kWhole);
    CHECK(body == "abc0123456789");
    CHECK(second == "GET /");
  }
  CHECK(TakeChunks("0\r\n\r\n").part == ChunkedPart::kWhole);
}

TEST_CASE("chunked body: at its limit and one byte past it") {
  CHECK(TakeChunks("4\r\nabcd\r\n0\r\n\r\n", 4).part == ChunkedPart::kWhole);
  CHECK(TakeChunks("4\r\nabcd\r\n1\r\ne\r\n0\r\n\r\n", 4).part == ChunkedPart::kTooLong);
  CHECK(TakeChunks("ffffffff\r\nabcde", 4).part == ChunkedPart::kTooLong);
}

TEST_CASE("chunked body refused: sizes and ends that readers take in different ways") {
  for (const char* bytes :
       {"\r\n", "g\r\n", " 3\r\n", "3 \r\n", "3;a=b\r\n", "+3\r\n", "-1\r\n", "0x3\r\n", "3\nabc", "3\r\r\n",
        "000000003\r\nabc\r\n", "3\r\nabcd\r\n", "3\r\nabc\n", "3\r\nabc\rX", "0\r\nA: b\r\n\r\n", "0\r\n\n", "0\n"}) {
    CAPTURE(std::string(bytes));
    CHECK(TakeChunks(bytes).part == ChunkedPart::kBroken);
  }
  CHECK(TakeChunks("00000003\r\nabc\r\n0\r\n\r\n").part == ChunkedPart::kWhole);  // eight digits
}
