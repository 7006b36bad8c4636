// ZIP archives for tests, written byte by byte (APPNOTE 4.3), stored or deflated.
#pragma once

#include <doctest/doctest.h>
#include <zlib.h>

#include <string>
#include <vector>

namespace mc::test {

struct ZipPart {
  std::string name;
  std::string bytes;
  bool deflate = false;
  int flags = 0;
};

inline std::string Little(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFF);
  return out;
}

// Raw deflate, without zlib's header.
inline std::string Deflated(const std::string& bytes) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

inline std::string Zip(const std::vector<ZipPart>& parts) {
  std::string files, directory;
  for (const ZipPart& part : parts) {
    const std::string packed = part.deflate ? Deflated(part.bytes) : part.bytes;
    const auto crc = crc32(0, reinterpret_cast<const Bytef*>(part.bytes.data()), static_cast<uInt>(part.bytes.size()));
    const std::string common = Little(20, 2) + Little(static_cast<std::uint64_t>(part.flags), 2) +
                               Little(part.deflate ? 8 : 0, 2) + Little(0, 2) + Little(0x21, 2) + Little(crc, 4) +
                               Little(packed.size(), 4) + Little(part.bytes.size(), 4) + Little(part.name.size(), 2) +
                               Little(0, 2);
    directory += Little(0x02014b50, 4) + Little(20, 2) + common + Little(0, 2) + Little(0, 2) + Little(0, 2) +
                 Little(0, 4) + Little(files.size(), 4) + part.name;
    files += Little(0x04034b50, 4) + common + part.name + packed;
  }
  return files + directory + Little(0x06054b50, 4) + Little(0, 2) + Little(0, 2) + Little(parts.size(), 2) +
         Little(parts.size(), 2) + Little(directory.size(), 4) + Little(files.size(), 4) + Little(0, 2);
}

}  // namespace mc::test
