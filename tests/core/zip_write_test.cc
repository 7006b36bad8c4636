// Goal: the one form of an archive that we write; others read it as it was meant.
// Method: a vector by its SHA-256, the reader of core/zip.h, and the limits.
#include <doctest/doctest.h>

#include "core/digest.h"
#include "core/zip.h"
#include "core/zip_write.h"

using namespace mc;

TEST_CASE("an archive that was written is read back") {
  const std::map<std::string, std::string> files = {{"b/ế.txt", "two"}, {"a", ""}, {"c", std::string(70'000, 'z')}};
  const auto archive = WriteZip(files);
  REQUIRE(archive.ok());
  std::map<std::string, std::string> back;
  REQUIRE(ReadZip(*archive, {}, [&](ZipEntry entry) {
            CHECK(!entry.fault);
            back[entry.name] = entry.bytes;
            return Ok();
          }).ok());
  CHECK(back == files);
}

TEST_CASE("the one form of an archive: the vector of docs/formats/bundle.md") {
  CHECK(ToHex(Sha256(*WriteZip({{"a", "b"}, {"manifest.json", "{}"}}))) ==
        "00825958dd8f008b0532e7e05242feca94fd9078dd5bd228350a1f5fbe1bed99");
}

TEST_CASE("limits of an archive that is written") {
  CHECK(WriteZip({{std::string(200, 'n'), ""}}).ok());
  CHECK(WriteZip({{std::string(201, 'n'), ""}}).error().code == "zip_too_large");
  CHECK(WriteZip({{"", "x"}}).error().code == "zip_too_large");
  std::map<std::string, std::string> many;
  for (std::size_t i = 0; i < kZipWriteEntryLimit; ++i) many[std::to_string(i)];
  CHECK(WriteZip(many).ok());
  many["one more"];
  CHECK(WriteZip(many).error().code == "zip_too_large");
}
