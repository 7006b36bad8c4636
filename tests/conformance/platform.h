// A platform as the suite sees it: a small register of items, told in one wire shape.
//
// To hold a new connector to the suite, write its Platform (what the wire looks like when
// all is well) and add a row to Platforms(). Paging faults and wire faults are put in by
// the suite, in the same way for every platform; what is handed over has faults of its own.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connectors/manifest.h"
#include "core/time.h"
#include "mapping/mapper.h"
#include "tests/conformance/wire_server.h"

namespace mc::conformance {

// How the bytes of one record are written. All but the first two must end in quarantine.
enum class Shape { kGood, kNewField, kNoKey, kNoTime, kWrongType, kNotUtf8, kTooLong };
inline constexpr Shape kBadShapes[] = {Shape::kNoKey, Shape::kNoTime, Shape::kWrongType, Shape::kNotUtf8,
                                       Shape::kTooLong};

struct Item {
  std::string id;      // "007"
  std::string stream;  // of the manifest
  std::string unit;    // organisation code
  Instant at;          // whole second; the time by which the source selects and orders
  int version = 1;     // an edit at the source raises it
  Shape shape = Shape::kGood;
};

enum class PagingFault {
  kNone,
  kRepeated,  // page n + 1 is answered with page n; a list without pages names entries twice
  kSkipped,   // a page, or an entry, is left out; the source's total still counts it
  kReversed,  // the order turns round after the first page
  kShrinks,   // the first item goes away after the first page
};

struct World {
  std::vector<Item> items;
  PagingFault paging = PagingFault::kNone;
  bool shrunk = false;
  bool wide_rights = false;  // our credential may write, too
  std::vector<std::string> lists_read;  // of lists without pages: stream and window
};

// What a request asks for. size 0: the whole list in one answer.
struct Asked {
  std::string stream;
  std::string unit;  // empty: all
  Instant from, to;  // [from, to)
  int page = 1;
  int size = 0;
};

struct Listed {
  std::vector<Item> rows;
  int total = 0;
  bool more = false;  // rows behind this page
};

// What the register has for it, with the paging fault put in.
Listed ListFor(World& world, const Asked& asked);

// What goes wrong with something that is handed over: a file, a message.
enum class HandFault {
  kNone,
  kCut,         // half of it, under a name or length that says it is whole
  kCutArchive,  // half of a ZIP archive
  kCutOnWay,    // the sender goes away in the middle
  kUnfinished,  // still being written
  kShort,       // it says itself that it holds one record more
  kHtml,
  kEmpty,
};
const char* Name(HandFault fault);

// Where a sender puts what it has: a folder of ours, or our inbox at a port.
struct Outlet {
  std::string folder;
  int port = 0;
  Instant now;  // by the sender's clock
};
inline constexpr const char* kPushToken = "a-token-of-the-sender";

class Platform {
 public:
  explicit Platform(Manifest manifest);
  virtual ~Platform() = default;
  Platform(const Platform&) = delete;
  Platform& operator=(const Platform&) = delete;

  // With limits so small that a few items make several windows and pages.
  const Manifest& manifest() const { return manifest_; }
  virtual std::unique_ptr<Mapper> MakeMapper() const;  // default: the manifest's rule file

  virtual std::string Bytes(const Item& item) const = 0;  // exactly as they stand in the answer
  virtual WireReply Answer(const WireRequest& request, World& world) = 0;
  // Whether the request carries what lets us in. `secrets`: name -> value.
  virtual bool Admits(const WireRequest& request, const std::map<std::string, std::string>& secrets);

  // Whether the wire says what our credential may do; then it follows world.wide_rights.
  virtual bool tells_rights() const { return false; }

  // Of a platform that is not asked but hands over: it brings what it did not bring before, and
  // says that this is all up to its clock. What met a fault counts as not brought. Returns what
  // arrived all the same and can only be set aside.
  virtual std::vector<std::string> HandOver(World& world, const Outlet& outlet, HandFault fault);
  virtual std::vector<HandFault> hand_faults() const { return {}; }
  virtual void BringAllAgain() {}

  // Somebody changes world.items[index] at `now`. Where the same record cannot change, the
  // platform adds another one instead, and says so below.
  virtual void Edit(World& world, std::size_t index, Instant now) const;
  virtual bool edits_are_revisions() const { return true; }

 protected:
  const ManifestStream& StreamWith(const std::string& argument) const;

 private:
  Manifest manifest_;
};

struct PlatformRow {
  std::string name;
  ConnectorKind kind;
  std::unique_ptr<Platform> (*make)();
};

const std::vector<PlatformRow>& Platforms();

inline constexpr int kTokenUses = 3;  // of a source that gives tokens: then one is over, whatever was announced

// Whether it is asked over HTTP; else it hands over.
bool IsAsked(const PlatformRow& row);

// The plain list in JSON that several platforms tell, and what reads it.
std::string ListRecord(const Item& item);
std::unique_ptr<Mapper> ListMapper(const std::string& rule_file);

std::unique_ptr<Platform> MakeDossierPlatform();
std::unique_ptr<Platform> MakeReportPlatform();
std::unique_ptr<Platform> MakeTaskPlatform();
std::unique_ptr<Platform> MakeDocumentPlatform();
std::unique_ptr<Platform> MakeSignedHub();
std::unique_ptr<Platform> MakeLoginHub();
std::unique_ptr<Platform> MakeDossiers2025();
std::unique_ptr<Platform> MakeDossierAdapter();
std::unique_ptr<Platform> MakeQuestions();
std::unique_ptr<Platform> MakeOpen311();
std::unique_ptr<Platform> MakeOpen311Xml();
std::unique_ptr<Platform> MakeGuidReports();
std::unique_ptr<Platform> MakeWindowList();
std::unique_ptr<Platform> MakePageList();
std::unique_ptr<Platform> MakeOffsetList();
std::unique_ptr<Platform> MakeCursorList();
std::unique_ptr<Platform> MakeLinkList();
std::unique_ptr<Platform> MakeSignedList();
std::unique_ptr<Platform> MakeXmlList();
std::unique_ptr<Platform> MakeFolder();
std::unique_ptr<Platform> MakeArchiveFolder();
std::unique_ptr<Platform> MakePusher();

// City time in the patterns of the wires, and back; the part that is missing is 0.
std::string CityText(Instant at, const std::string& pattern);  // "yyyy/MM/dd HH:mm:ss"
Instant CityInstant(const std::string& text, const std::string& pattern);

}  // namespace mc::conformance
