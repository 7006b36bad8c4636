// Goal: an archive from outside gives its entries, never more than the limits, and one bad
// entry does not hide the others.
// Method: small archives made here byte by byte (stored or deflated), and damaged on purpose.
#include "core/zip.h"

#include <doctest/doctest.h>

#include <vector>

#include "tests/support/zip_maker.h"

using namespace mc;
using namespace mc::test;

namespace {

// "name=bytes" or "name!code" per entry; the error's code when nothing could be read.
std::string Read(const std::string& archive, ZipLimits limits = {}) {
  std::string all;
  const Status status = ReadZip(archive, limits, [&](ZipEntry entry) {
    all += (all.empty() ? "" : " ") + entry.name + (entry.fault ? "!" + entry.fault->code : "=" + entry.bytes);
    return Ok();
  });
  return status.ok() ? all : status.error().code;
}

}  // namespace

TEST_CASE("zip: entries in order, folders left out, names as they are") {
  CHECK(Read(Zip({{"a.json", "{}"}, {"sub/", ""}, {"sub/../../b", "x"}})) == "a.json={} sub/../../b=x");
  CHECK(Read(Zip({})) == "");
  CHECK(Read(Zip({{"deflated", std::string(5000, 'q'), true}})) == "deflated=" + std::string(5000, 'q'));
}

TEST_CASE("zip: what is no archive, or cut, is refused") {
  const std::string good = Zip({{"a", "123"}});
  CHECK(Read("") == "bad_zip");
  CHECK(Read("PK\x03\x04 nothing") == "bad_zip");
  CHECK(Read(good.substr(0, good.size() - 5)) == "bad_zip");
}

TEST_CASE("zip: a damaged entry is told, the others are read") {
  std::string archive = Zip({{"a", "first"}, {"b", "second"}});
  archive[archive.find("first")] = 'F';
  CHECK(Read(archive) == "a!zip_damaged b=second");
}

TEST_CASE("zip: limits, at them and one past") {
  ZipLimits limits;
  limits.entries = 2;
  CHECK(Read(Zip({{"a", "1"}, {"b", "2"}}), limits) == "a=1 b=2");
  CHECK(Read(Zip({{"a", "1"}, {"b", "2"}, {"c", "3"}}), limits) == "zip_too_many_entries");
  limits = {};
  limits.entry_bytes = 4;
  CHECK(Read(Zip({{"a", "1234"}, {"b", "12345"}}), limits) == "a=1234 b!zip_entry_too_large");
  limits = {};
  limits.total_bytes = 5;
  CHECK(Read(Zip({{"a", "123"}, {"b", "45"}, {"c", "6"}}), limits) == "a=123 b=45 c!zip_total_too_large");
}

TEST_CASE("zip: an entry that unfolds too far is stopped, whatever size it states") {
  const std::string letters(static_cast<std::size_t>(kZipRatioFloorBytes), 'q');
  CHECK(Read(Zip({{"at the floor", letters, true}})) == "at the floor=" + letters);
  CHECK(Read(Zip({{"bomb", letters + "q", true}})) == "bomb!zip_ratio");
}

TEST_CASE("zip: fronts alone, whatever the rest is worth") {
  const std::string long_text(200'000, 'q');
  std::string archive = Zip({{"a", "12345"}, {"b", long_text, true}, {"c", "12"}});
  ZipLimits limits;
  limits.front_bytes = 3;
  CHECK(Read(archive, limits) == "a=123 b=qqq c=12");
  limits.front_bytes = 5;
  CHECK(Read(archive, limits) == "a=12345 b=qqqqq c=12");
  const auto whole = ReadZipEntry(archive, 1, {});
  REQUIRE(whole.ok());
  CHECK(*whole == long_text);
  limits = {};
  limits.entry_bytes = 200'000;
  CHECK(ReadZipEntry(archive, 1, limits).ok());
  limits.entry_bytes = 199'999;
  CHECK(ReadZipEntry(archive, 1, limits).error().code == "zip_entry_too_large");
  CHECK(ReadZipEntry(archive, 3, {}).error().code == "bad_zip");
  CHECK(ReadZipEntry("", 0, {}).error().code == "bad_zip");
}

TEST_CASE("zip: whether a name is listed, not whether its letters stand somewhere") {
  CHECK(HasZipEntry(Zip({{"a.txt", "x"}, {"Dir/B.txt", "y", true}}), "dir/b.TXT"));
  CHECK_FALSE(HasZipEntry(Zip({{"a.txt", "b.txt"}}), "b.txt"));
  CHECK_FALSE(HasZipEntry(Zip({{"a.zip", Zip({{"b.txt", "y"}})}}), "b.txt"));
  CHECK_FALSE(HasZipEntry("b.txt", "b.txt"));
  CHECK_FALSE(HasZipEntry("", "b.txt"));
}
