// One REST list in the shapes that kind http_json takes: every paging and every credential.
// Nothing here is C++ of a connector; each shape is a manifest.

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "tests/conformance/platform.h"

namespace mc::conformance {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr const char* kListDay = "yyyy-MM-dd";

const char* kListBase = R"({"schema":"minhchung/manifest@1","id":"list","register":"list","title":"Danh sách mẫu",
  "owner":"Đơn vị mẫu","legal_basis":"-","assumptions":[],"kind":"http_json",
  "endpoints":{"read":{"method":"GET","path":"/v1/items"}},
  "streams":[{"id":"first","argument":"a"},{"id":"second","argument":"b"}],
  "request":{"argument":"kind","window":{"from":"from","to":"to","format":"iso","end":"excluded","selects":"changed"}},
  "records":{"format":"json","path":"data/items","key":["id"],"time":"changed","time_format":"iso","order":"none",
             "total":"data/total"},
  "limits":{"overlap_days":1},"lag_limit_minutes":60,"expected_interval_minutes":15})";

Manifest ListManifest(const char* paging, const char* auth, const char* changes = "{}") {
  Json json = Json::parse(kListBase);
  json["paging"] = Json::parse(paging);
  json["auth"] = Json::parse(auth);
  json.merge_patch(Json::parse(changes));
  auto manifest = ParseManifest(json);
  REQUIRE_MESSAGE(manifest.ok(), (manifest.ok() ? "" : manifest.error().message));
  return *manifest;
}

std::string Iso(Instant at) { return FormatInstant(at); }

std::string Header(const WireRequest& request, const std::string& name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? "" : found->second;
}

bool Holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

// The record as it stands in the list, spoilt as asked.
std::string ListRecord(const Item& item) {
  OrderedJson record = {{"id", item.stream + item.id},
                        {"unit", item.unit},
                        {"category", "c1"},
                        {"state", "s" + std::to_string(item.version)},
                        {"changed", Iso(item.at)}};
  if (item.shape == Shape::kNewField) record["note"] = {{"a", 1}};
  if (item.shape == Shape::kNoKey) record.erase("id");
  if (item.shape == Shape::kNoTime) record.erase("changed");
  if (item.shape == Shape::kWrongType) record["changed"] = {{"year", 2026}};
  if (item.shape == Shape::kTooLong) record["note"] = std::string(5'000, 'x');
  std::string text = record.dump();
  if (item.shape == Shape::kNotUtf8) text.insert(text.size() - 1, ",\"note\":\"\xFF\xFE\"");
  return text;
}

std::unique_ptr<Mapper> ListMapper(const std::string& rule_file) {
  auto mapper = LoadMapper(std::string(MC_SOURCE_DIR) + "/tests/conformance/" + rule_file);
  REQUIRE_MESSAGE(mapper.ok(), (mapper.ok() ? "" : mapper.error().message));
  return std::move(mapper).value();
}

namespace {

// A list behind GET, paged by number, with a key in a header; the others differ by one thing.
class PageList : public Platform {
 public:
  PageList()
      : PageList(ListManifest(R"({"kind":"page","page":"page","size":"size"})",
                              R"({"kind":"header","header":"X-Key","secret":"key"})")) {}

  std::unique_ptr<Mapper> MakeMapper() const override { return ListMapper(RuleFile()); }

  std::string Bytes(const Item& item) const override { return ListRecord(item); }

  WireReply Answer(const WireRequest& request, World& world) override {
    const Asked asked = AskedOf(request);
    const Listed listed = ListFor(world, asked);
    WireReply reply;
    std::string rows;
    for (const Item& item : listed.rows) rows += (rows.empty() ? "" : ",") + Bytes(item);
    reply.body = R"({"data":{"total":)" + std::to_string(listed.total) + R"(,"items":[)" + rows + "]}" +
                 NextField(listed.more ? asked.page + 1 : 0) + "}";
    if (listed.more) AddHeaders(request, asked.page + 1, reply);
    return reply;
  }

  // The source selects by the time of the last change.
  void Edit(World& world, std::size_t index, Instant now) const override {
    Platform::Edit(world, index, now);
    world.items[index].at = now;
  }

 protected:
  explicit PageList(Manifest manifest) : Platform(std::move(manifest)) {}
  virtual std::string RuleFile() const { return "list_rules.json"; }

  virtual Asked AskedOf(const WireRequest& request) const {
    Asked asked;
    asked.stream = StreamWith(request.Query("kind")).id;
    asked.from = ParseInstant(request.Query("from")).value();
    asked.to = ParseInstant(request.Query("to")).value();
    asked.page = PageAsked(request);
    asked.size = std::stoi(request.Query("size"));
    return asked;
  }
  virtual int PageAsked(const WireRequest& request) const { return std::stoi(request.Query("page")); }
  // How the next page is told; `next` 0: there is none.
  virtual std::string NextField(int) const { return ""; }
  virtual void AddHeaders(const WireRequest&, int, WireReply&) const {}
};

// A name and password in the header that HTTP has for it (RFC 7617).
std::string BasicOf(const std::string& user, const std::string& password) {
  return "Basic " + ToBase64(user + ":" + password);
}

// An offset in a JSON body, whole days, records that change after their window; tokens for a client
// that shows itself in a header (RFC 6749 section 2.3.1).
class OffsetList final : public PageList {
 public:
  OffsetList()
      : PageList(ListManifest(R"({"kind":"offset","offset":"page/skip","size":"page/take"})",
                              R"({"kind":"oauth2","endpoint":"token","client_id":"client","secret":"key",
                                  "scope":"items.read"})",
                              R"({"endpoints":{"read":{"method":"POST"},"token":{"method":"POST","path":"/token"}},
                                  "limits":{"lookback_days":30},
                                  "request":{"body":"json","window":{"from":"day/from","to":"day/to",
                                             "format":"yyyy-MM-dd","end":"included","selects":"created"}}})")) {}

  void Edit(World& world, std::size_t index, Instant now) const override { Platform::Edit(world, index, now); }

  bool Admits(const WireRequest& request, const std::map<std::string, std::string>& secrets) override {
    const std::string shown = Header(request, "authorization");
    return shown == (request.path() == "/token" ? BasicOf(secrets.at("client"), secrets.at("key")) : "Bearer t");
  }

  WireReply Answer(const WireRequest& request, World& world) override {
    if (request.path() != "/token") return PageList::Answer(request, world);
    const std::string scope = world.wide_rights ? "items.write items.read" : "items.read";
    return {200, R"({"token_type":"Bearer","expires_in":3600,"access_token":"t","scope":")" + scope + "\"}"};
  }
  bool tells_rights() const override { return true; }

 protected:
  Asked AskedOf(const WireRequest& request) const override {
    const auto body = nlohmann::json::parse(request.body);
    Asked asked;
    asked.stream = StreamWith(body["kind"]).id;
    asked.from = CityInstant(body["day"]["from"], kListDay);
    asked.to = {CityInstant(body["day"]["to"], kListDay).micros + kMicrosPerDay};
    asked.size = body["page"]["take"];
    asked.page = body["page"]["skip"].get<int>() / asked.size + 1;
    return asked;
  }
};

// A cursor in the answer, and tokens (RFC 6749 section 4.4) that end sooner than they say.
class CursorList final : public PageList {
 public:
  CursorList()
      : PageList(ListManifest(R"({"kind":"cursor","send":"after","read":"next","size":"size"})",
                              R"({"kind":"oauth2","endpoint":"token","client_id":"client","secret":"key",
                                  "client_auth":"form","scope":"items.read"})",
                              R"({"endpoints":{"token":{"method":"POST","path":"/token"}}})")) {}

  bool Admits(const WireRequest& request, const std::map<std::string, std::string>& secrets) override {
    if (request.path() == "/token") {
      return Holds(request.body, secrets.at("client")) && Holds(request.body, secrets.at("key"));
    }
    return Header(request, "authorization") == "Bearer " + token_ && ++uses_ <= kTokenUses;
  }

  WireReply Answer(const WireRequest& request, World& world) override {
    if (request.path() != "/token") return PageList::Answer(request, world);
    uses_ = 0;
    token_ = TokenNo(++given_, world.wide_rights);
    return {200, R"({"token_type":"Bearer","expires_in":3600,"access_token":")" + token_ + "\"}"};
  }
  bool tells_rights() const override { return true; }

 protected:
  int PageAsked(const WireRequest& request) const override {
    const std::string cursor = request.Query("after");
    return cursor.empty() ? 1 : std::stoi(cursor.substr(1));
  }
  std::string NextField(int next) const override {
    return next == 0 ? R"(,"next":null)" : R"(,"next":"c)" + std::to_string(next) + "\"";
  }

 private:
  // A JWT (RFC 7519) that says what it is good for; who signed it is nobody's matter here.
  static std::string TokenNo(int number, bool wide) {
    std::string claims = ToBase64(wide ? R"({"scp":["items.write","items.read"]})" : R"({"scope":"items.read"})");
    claims.erase(std::find(claims.begin(), claims.end(), '='), claims.end());
    return "e30." + claims + "." + std::to_string(number);
  }

  std::string token_;
  int given_ = 0, uses_ = 0;
};

// The address of the next page in a header (RFC 8288), name and password.
class LinkList final : public PageList {
 public:
  LinkList()
      : PageList(ListManifest(R"({"kind":"link_header","size":"size"})",
                              R"({"kind":"basic","user":"user","secret":"key"})")) {}

  bool Admits(const WireRequest& request, const std::map<std::string, std::string>& secrets) override {
    return Header(request, "authorization") == BasicOf(secrets.at("user"), secrets.at("key"));
  }

 protected:
  int PageAsked(const WireRequest& request) const override {
    const std::string page = request.Query("page");
    return page.empty() ? 1 : std::stoi(page);
  }
  void AddHeaders(const WireRequest& request, int next, WireReply& reply) const override {
    const std::string first = request.target.substr(0, request.target.find("&page="));
    reply.headers.push_back("Link: <http://" + Header(request, "host") + first + "&page=" + std::to_string(next) +
                            ">; rel=\"next\"");
  }
};

// Signed requests: HMAC over the signed headers, in a form that the manifest states.
class SignedList final : public PageList {
 public:
  SignedList()
      : PageList(ListManifest(R"({"kind":"page","page":"page","first":0,"size":"size"})",
                              R"({"kind":"hmac","secret":"key","signature":"X-Sign","headers":{"X-System":"system"},
                                  "signed":["X-System","X-Time"],"timestamp":{"header":"X-Time","format":"iso"}})")) {}

  bool Admits(const WireRequest& request, const std::map<std::string, std::string>& secrets) override {
    const OrderedJson headers = {{"X-System", secrets.at("system")}, {"X-Time", Header(request, "x-time")}};
    return Header(request, "x-sign") == ToHex(HmacSha256(secrets.at("key"), headers.dump()));
  }

 protected:
  int PageAsked(const WireRequest& request) const override { return PageList::PageAsked(request) + 1; }
};

// Everything of a window in one answer, open to whoever reaches it.
class WindowList final : public PageList {
 public:
  WindowList() : PageList(ListManifest(R"({"kind":"none"})", R"({"kind":"none"})")) {}

 protected:
  Asked AskedOf(const WireRequest& request) const override {
    Asked asked;
    asked.stream = StreamWith(request.Query("kind")).id;
    asked.from = ParseInstant(request.Query("from")).value();
    asked.to = ParseInstant(request.Query("to")).value();
    return asked;
  }
};

std::string Tag(const std::string& name, const std::string& content) {
  return "<x:" + name + ">" + content + "</x:" + name + ">";
}

// The same list in XML, its namespace bound at the root.
class XmlList final : public PageList {
 public:
  XmlList()
      : PageList(ListManifest(R"({"kind":"page","page":"page","size":"size"})",
                              R"({"kind":"headers","headers":{"X-System":"system","X-Key":"key"}})",
                              R"({"kind":"http_xml",
                                  "records":{"format":"xml","namespace":"urn:list","path":"answer/items/item",
                                             "total":"answer/total"}})")) {}

  std::string Bytes(const Item& item) const override {
    const bool nested = item.shape == Shape::kWrongType;
    std::string fields =
        Tag("unit", item.unit) + Tag("category", "c1") + Tag("state", "s" + std::to_string(item.version));
    if (item.shape != Shape::kNoKey) fields += Tag("id", item.stream + item.id);
    if (item.shape != Shape::kNoTime) fields += Tag("changed", nested ? Tag("year", "2026") : Iso(item.at));
    if (item.shape == Shape::kNewField) fields += Tag("note", Tag("a", "1"));
    if (item.shape == Shape::kNotUtf8) fields += Tag("note", "\xFF\xFE");
    if (item.shape == Shape::kTooLong) fields += Tag("note", std::string(5'000, 'x'));
    return Tag("item", fields);
  }

  WireReply Answer(const WireRequest& request, World& world) override {
    const Listed listed = ListFor(world, AskedOf(request));
    std::string rows;
    for (const Item& item : listed.rows) rows += Bytes(item) + "\n";
    return {200,
            R"(<?xml version="1.0" encoding="UTF-8"?><x:answer xmlns:x="urn:list">)" +
                Tag("total", std::to_string(listed.total)) + Tag("items", rows) + "</x:answer>",
            "application/xml"};
  }

 protected:
  std::string RuleFile() const override { return "list_rules_xml.json"; }
};

}  // namespace

std::unique_ptr<Platform> MakePageList() { return std::make_unique<PageList>(); }
std::unique_ptr<Platform> MakeWindowList() { return std::make_unique<WindowList>(); }
std::unique_ptr<Platform> MakeOffsetList() { return std::make_unique<OffsetList>(); }
std::unique_ptr<Platform> MakeCursorList() { return std::make_unique<CursorList>(); }
std::unique_ptr<Platform> MakeLinkList() { return std::make_unique<LinkList>(); }
std::unique_ptr<Platform> MakeXmlList() { return std::make_unique<XmlList>(); }
std::unique_ptr<Platform> MakeSignedList() { return std::make_unique<SignedList>(); }

}  // namespace mc::conformance
