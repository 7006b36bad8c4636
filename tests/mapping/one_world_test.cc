// Goal: one document and what its receiver says of it are one item with one standing, whichever dialect they come in;
// a dialect that cannot say what is counted credits and blames nobody.
// Method: the golden records of one document (128/UBND-VP) in dialects A, A' (after the hub), B and C, through the
// rules as they are shipped; the receiver's 04 is its 06 with another code and day. Items are built of each pair.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "mapping/mapper.h"
#include "tests/support/evidence_maker.h"

using namespace mc;
using namespace mc::test;

namespace {

namespace fs = std::filesystem;

const std::string kWorldKey = "document:H26.101|128/UBND-VP|2026-06-08|H26.102";

std::string GoldenBytes(const std::string& name) {
  const fs::path folder = fs::path(MC_SOURCE_DIR) / "tests/golden" / name;
  const bool json = fs::exists(folder / "record.json");
  std::ifstream in(folder / (json ? "record.json" : "message.edxml"), std::ios::binary);
  REQUIRE_MESSAGE(in.good(), name);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string With(std::string bytes, const std::string& old, const std::string& anew) {
  const std::size_t at = bytes.find(old);
  REQUIRE_MESSAGE(at != std::string::npos, old);
  return bytes.replace(at, old.size(), anew);
}

Evidence ReadOfWorld(const std::string& source, const std::string& bytes) {
  const auto mapper = LoadMapper((fs::path(MC_SOURCE_DIR) / "mapping/rules" / (source + ".json")).string());
  REQUIRE(mapper.ok());
  SourceRecord record;
  record.bytes = bytes;
  record.source = source;
  record.media_type = bytes.starts_with('{') ? "application/json" : "application/xml";
  record.key = {source, ToHex(Sha256(bytes)), Sha256(bytes)};
  const auto read = (*mapper)->Map(record);
  REQUIRE(std::holds_alternative<Evidence>(read));
  Evidence evidence = std::get<Evidence>(read);
  evidence.register_id = "edoc";  // dialects of one register
  return evidence;
}

DirectoryData WorldDirectory() {
  DirectoryData d;
  d.units = {{"U102", "Ủy ban nhân dân Phường Ngọc Hà", Axis::kCommittee, "", "", {{"H26.102", {}}}}};
  d.people = {{"an", "an", SubjectGroup::kCivilServant, ""}};
  Membership post;
  post.person = "an";
  post.unit = "U102";
  post.span.from = *ParseDate("2026-01-01");
  d.memberships = {post};
  d.staff_codes = {{"an", "H26.102", "CB0042", {}}};
  d.emails = {{"an", "ntmau@mau.hanoi.gov.vn", {}}};
  return d;
}

// What one dialect says: the document, and its receiver's 06, of which a 04 is made.
Story Told(const std::string& source, const std::string& document, const std::string& status) {
  Story s(WorldDirectory());
  s.Take(ReadOfWorld(source, document));
  std::string assigned = With(status, "2026/06/12 16:45:09", "2026/06/09 08:00:00");
  assigned =
      source == "documents" ? With(assigned, "StatusCode>06<", "StatusCode>04<") : With(assigned, "\"06\"", "\"04\"");
  s.Take(ReadOfWorld(source, assigned));
  s.Take(ReadOfWorld(source, status));
  return s;
}

}  // namespace

TEST_CASE("one document in dialects A, A', B and C is one item with one standing") {
  const std::string status = GoldenBytes("documents/status-06");
  const std::string b =
      With(GoldenBytes("documents/document-dialect-b"), "<Subject>", "<DueDate>2026-06-15</DueDate><Subject>");
  const Story told[] = {
      Told("documents", GoldenBytes("documents/document"), status),
      Told("documents", GoldenBytes("documents/document-after-hub"), status),
      Told("documents", b, GoldenBytes("documents/status-dialect-b")),
      Told("documents_json", GoldenBytes("documents_json/nested"), GoldenBytes("documents_json/nested-status")),
      Told("documents_json", GoldenBytes("documents_json/nested"), GoldenBytes("documents_json/flat-status-with-time")),
  };
  for (const Story& s : told) {
    REQUIRE(s.Items("2026-06-30").size() == 1);
    const WorkItem item = s.Item(kWorldKey, "2026-06-30");
    CHECK(item.assigned_at == At("2026-06-09 08:00:00"));
    CHECK(item.due == At("2026-06-15"));
    CHECK(item.lead.id == "an");
    CHECK(item.product == "SP-VB-01");
    CHECK(item.held.empty());
    CHECK(Stands(item, "2026-06") == "1 1 0 0");
  }
}

TEST_CASE("what dialect C leaves out credits and blames nobody: no type is held, no time is refused") {
  const Story camel =
      Told("documents_json", GoldenBytes("documents_json/camel"), GoldenBytes("documents_json/nested-status"));
  const WorkItem item = camel.Item(kWorldKey, "2026-06-30");
  CHECK_FALSE(item.held.empty());
  CHECK_FALSE(item.due);
}
