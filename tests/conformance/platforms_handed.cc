// Platforms that are not asked: one puts files into a folder, one pushes to our inbox. Both
// tell the plain list, and keep in mind what they brought already.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "core/digest.h"
#include "tests/conformance/platform.h"
#include "tests/conformance/push_door.h"
#include "tests/support/zip_maker.h"

namespace mc::conformance {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBase = R"({"schema":"minhchung/manifest@1","id":"list","register":"list","title":"Danh sách mẫu",
  "owner":"Đơn vị mẫu","legal_basis":"-","assumptions":[],
  "records":{"format":"json","path":"items","key":["id"],"time":"changed","time_format":"iso","order":"none",
             "total":"total"},
  "limits":{},"lag_limit_minutes":60,"expected_interval_minutes":15})";

Manifest HandedManifest(const char* changes) {
  Json json = Json::parse(kBase);
  json.merge_patch(Json::parse(changes));
  auto manifest = ParseManifest(json);
  REQUIRE_MESSAGE(manifest.ok(), (manifest.ok() ? "" : manifest.error().message));
  return *manifest;
}

// What is brought at once.
struct Load {
  std::string stream;  // argument
  std::string bytes;
  std::int64_t count = 0;  // records, as it says itself
};

class Handed : public Platform {
 public:
  std::unique_ptr<Mapper> MakeMapper() const override { return ListMapper("list_rules.json"); }
  std::string Bytes(const Item& item) const override { return ListRecord(item); }
  WireReply Answer(const WireRequest&, World&) override { return {404, "{}"}; }
  void BringAllAgain() override { brought_.clear(); }

  std::vector<std::string> HandOver(World& world, const Outlet& outlet, HandFault fault) override {
    std::vector<std::string> unreadable;
    for (const ManifestStream& stream : manifest().streams) {
      const Listed listed = NotBrought(world, stream.id, outlet.now);
      Load load{stream.argument, Document(listed), listed.total};
      const bool arrives = Bring(load, outlet, fault);
      if (fault == HandFault::kNone) {
        for (const Item& item : listed.rows) brought_.insert(Mark(item));
      } else if (arrives) {
        unreadable.push_back(load.bytes);
      }
    }
    return unreadable;
  }

 protected:
  using Platform::Platform;
  // Puts it where it belongs, spoilt; what arrived of it is left in `load`. False: nothing arrived, or
  // all of it can be read.
  virtual bool Bring(Load& load, const Outlet& outlet, HandFault fault) = 0;
  int next() { return ++number_; }

 private:
  std::string Mark(const Item& item) const { return item.stream + ToHex(Sha256(Bytes(item))); }

  Listed NotBrought(World& world, const std::string& stream, Instant now) const {
    Asked asked;
    asked.stream = stream;
    asked.to = {now.micros + 1};
    // Somebody looked at the list before: an order that turns or a total that shrinks does so now.
    if (world.paging != PagingFault::kNone) ListFor(world, asked);
    Listed listed = ListFor(world, asked);
    const auto before = listed.rows.size();
    std::erase_if(listed.rows, [&](const Item& item) { return brought_.contains(Mark(item)); });
    listed.total -= static_cast<int>(before - listed.rows.size());
    return listed;
  }

  std::string Document(const Listed& listed) const {
    std::string rows;
    for (const Item& item : listed.rows) rows += (rows.empty() ? "" : ",") + Bytes(item);
    return R"({"total":)" + std::to_string(listed.total) + R"(,"items":[)" + rows + "]}";
  }

  std::set<std::string> brought_;
  int number_ = 0;
};

// One record more than it holds, in the document's own words.
std::string Short(const Load& load) {
  const std::string says = R"({"total":)" + std::to_string(load.count);
  REQUIRE(load.bytes.starts_with(says));
  return R"({"total":)" + std::to_string(load.count + 1) + load.bytes.substr(says.size());
}

constexpr const char* kHtmlPage = "<!DOCTYPE html><html><body>Bao tri</body></html>";

class Folder : public Handed {
 public:
  explicit Folder(bool archives)
      : Handed(HandedManifest(R"({"kind":"file_drop","streams":[{"id":"first","argument":"a"},
                                                                {"id":"second","argument":"b"}]})")),
        archives_(archives) {}

  std::vector<HandFault> hand_faults() const override {
    return {HandFault::kCut,   HandFault::kCutArchive, HandFault::kUnfinished,
            HandFault::kShort, HandFault::kHtml,       HandFault::kEmpty};
  }

 protected:
  bool Bring(Load& load, const Outlet& outlet, HandFault fault) override {
    std::string file = archives_ ? test::Zip({{"list.json", load.bytes, true}}) : load.bytes;
    switch (fault) {
      case HandFault::kCut: load.bytes = file = file.substr(0, file.size() / 2); break;
      case HandFault::kCutArchive:
        file = test::Zip({{"list.json", load.bytes, true}});
        load.bytes = file = file.substr(0, file.size() / 2);
        break;
      case HandFault::kShort: file = archives_ ? test::Zip({{"list.json", Short(load)}}) : Short(load); break;
      case HandFault::kHtml: load.bytes = file = kHtmlPage; break;
      case HandFault::kEmpty: load.bytes = file = ""; break;
      default: break;
    }
    const std::string end = fault == HandFault::kUnfinished ? ".part" : "";
    Put(outlet, load.stream, "list-" + std::to_string(next()) + end, file);
    return fault != HandFault::kShort && fault != HandFault::kUnfinished;
  }

 private:
  // Renamed into place, as of the sender's clock.
  static void Put(const Outlet& outlet, const std::string& stream, const std::string& name, const std::string& bytes) {
    const fs::path folder = fs::path(outlet.folder) / stream;
    fs::create_directories(folder);
    const fs::path written = folder / ".new";
    std::ofstream(written, std::ios::binary) << bytes;
    const timespec at{static_cast<time_t>(outlet.now.micros / kMicrosPerSecond), 0};
    const timespec times[2] = {at, at};
    REQUIRE(utimensat(AT_FDCWD, written.c_str(), times, 0) == 0);
    fs::rename(written, folder / name);
  }

  const bool archives_;
};

class Pusher final : public Handed {
 public:
  Pusher() : Handed(HandedManifest(R"({"kind":"inbox","streams":[{"id":"all"}]})")) {}

  std::vector<HandFault> hand_faults() const override {
    return {HandFault::kCut, HandFault::kCutOnWay, HandFault::kShort, HandFault::kHtml, HandFault::kEmpty};
  }

 protected:
  bool Bring(Load& load, const Outlet& outlet, HandFault fault) override {
    if (fault == HandFault::kCut) load.bytes = load.bytes.substr(0, load.bytes.size() / 2);
    if (fault == HandFault::kHtml) load.bytes = kHtmlPage;
    if (fault == HandFault::kEmpty) load.bytes.clear();
    const std::int64_t count = load.count + (fault == HandFault::kShort ? 1 : 0);
    PushRequest request{manifest().id, "key-" + std::to_string(next()), load.bytes, {}, kPushToken, false};
    request.cut = fault == HandFault::kCutOnWay;
    request.headers.push_back("Minhchung-Complete-Through: " + FormatInstant(outlet.now));
    // A body that is no list has no count that could give it away.
    if (fault == HandFault::kNone || fault == HandFault::kShort) {
      request.headers.push_back("Minhchung-Record-Count: " + std::to_string(count));
    }
    const bool refused = fault == HandFault::kEmpty || fault == HandFault::kCutOnWay;
    const int status = Push(outlet.port, request).status;
    REQUIRE_MESSAGE((status == 202) == !refused, Name(fault) << " is answered with " << status);
    return !refused && fault != HandFault::kShort;
  }
};

}  // namespace

std::unique_ptr<Platform> MakeFolder() { return std::make_unique<Folder>(false); }
std::unique_ptr<Platform> MakeArchiveFolder() { return std::make_unique<Folder>(true); }
std::unique_ptr<Platform> MakePusher() { return std::make_unique<Pusher>(); }

}  // namespace mc::conformance
