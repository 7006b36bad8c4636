// Hubs of edXML messages: a list, by days or whole, then each message by its docId.

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "core/text.h"
#include "tests/conformance/platform.h"

namespace mc::conformance {
namespace {

constexpr const char* kSlashDay = "yyyy/MM/dd";
constexpr const char* kSlashStamp = "yyyy/MM/dd HH:mm:ss";
constexpr std::int64_t kFarMicros = 366ll * 1'000 * kMicrosPerDay;

std::string Element(const std::string& name, const std::string& content) {
  return "<edXML:" + name + ">" + content + "</edXML:" + name + ">";
}

// What the shape adds to the header of a message.
std::string Extra(Shape shape) {
  switch (shape) {
    case Shape::kNewField: return Element("TruongMoi", "1");
    case Shape::kNotUtf8: return Element("Subject", "\xFF\xFE");
    case Shape::kTooLong: return Element("Subject", std::string(5'000, 'x'));
    default: return "";
  }
}

// A time, missing or with an element inside, as the shape has it.
std::string Time(const std::string& name, const std::string& text, Shape shape) {
  if (shape == Shape::kNoTime) return "";
  return Element(name, shape == Shape::kWrongType ? Element("Nam", "2026") : text);
}

std::string Document(const Item& item) {
  const std::string number = item.shape == Shape::kNoKey ? "" : Element("CodeNumber", item.id);
  return Element("From", Element("OrganId", item.unit)) + Element("To", Element("OrganId", "H26.105")) +
         Element("Code", number + Element("CodeNotation", "UBND-VP")) +
         Element("PromulgationInfo", Time("PromulgationDate", "2026/06/01", item.shape)) +
         Element("DocumentType", Element("Type", "18") + Element("TypeName", "Công văn")) +
         Element("DueDate", "2026/06/1" + std::to_string(item.version));
}

std::string StatusOf(const Item& item) {
  const std::string number = item.shape == Shape::kNoKey ? "" : Element("Code", item.id + "/UBND-VP");
  return Element("From", Element("OrganId", "H26.105")) +
         Element("ResponseFor", Element("OrganId", item.unit) + number + Element("PromulgationDate", "2026/06/01")) +
         Element("StatusCode", "0" + std::to_string(item.version + 2)) +
         Time("Timestamp", CityText(item.at, kSlashStamp), item.shape);
}

// Words its list and its answers as the manifest says; what lets one in is the subclass's.
class Hub : public Platform {
 public:
  explicit Hub(const std::string& manifest)
      : Platform(ReadManifest(std::string(MC_SOURCE_DIR) + "/connectors/" + manifest + ".json").value()) {}

  // The register's rules, whatever the dialect.
  std::unique_ptr<Mapper> MakeMapper() const override {
    auto mapper = LoadMapper(std::string(MC_SOURCE_DIR) + "/mapping/rules/documents.json");
    REQUIRE(mapper.ok());
    return std::move(mapper).value();
  }

  std::string Bytes(const Item& item) const override {
    const std::string header = (item.stream == "statuses" ? StatusOf(item) : Document(item)) + Extra(item.shape);
    return R"(<?xml version="1.0" encoding="UTF-8"?><edXML:edXML xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016">)" +
           Element("edXMLEnvelope", Element("edXMLHeader", Element("MessageHeader", header))) + "</edXML:edXML>";
  }

  WireReply Answer(const WireRequest& request, World& world) override {
    return request.path() == manifest().endpoints.at("fetch").path ? Message(request, world) : List(request, world);
  }

  // A message does not change; the sender sends another one.
  void Edit(World& world, std::size_t index, Instant now) const override {
    Item another = world.items.at(index);
    another.at = now;
    ++another.version;
    world.items.push_back(another);
  }
  bool edits_are_revisions() const override { return false; }

 private:
  static std::string DocId(const Item& item) {
    return item.stream + "-" + item.id + "-" + std::to_string(item.version);
  }

  std::string Parameter(const WireRequest& request, const std::string& name) const {
    if (!manifest().messages.in_headers) return request.Query(name);
    const auto header = request.headers.find(ToLowerAscii(name));
    return header == request.headers.end() ? "" : header->second;
  }

  WireReply List(const WireRequest& request, World& world) const {
    Asked asked;
    asked.stream = StreamWith(Parameter(request, "messageType")).id;
    asked.to = {kFarMicros};
    if (manifest().messages.by_days) {
      asked.from = CityInstant(request.Query("fromDate"), kSlashDay);
      asked.to = {CityInstant(request.Query("toDate"), kSlashDay).micros + kMicrosPerDay};
    }
    const Listed listed = ListFor(world, asked);
    nlohmann::json data = nlohmann::json::array();
    for (const Item& item : listed.rows) {
      data.push_back({{"docId", DocId(item)}, {"created_time", CityText(item.at, kSlashStamp)}});
    }
    const auto& success = *manifest().endpoints.at("list").success;
    return {200, nlohmann::json{{success.field, success.equals.front()}, {"count", listed.total}, {"data", data}}.dump()};
  }

  WireReply Message(const WireRequest& request, const World& world) const {
    const std::string id = Parameter(request, "docId");
    const auto found =
        std::find_if(world.items.begin(), world.items.end(), [&](const Item& item) { return DocId(item) == id; });
    if (found == world.items.end()) return {404, R"({"success":false})"};
    if (manifest().messages.message.empty()) return {200, Bytes(*found), "application/xml"};
    return {200, InJson(Bytes(*found))};
  }

  // At the path "data/edxml" in a JSON text; bytes that are not UTF-8 are written as they are.
  static std::string InJson(const std::string& message) {
    std::string text;
    for (const char c : message) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    return R"({"code":200,"data":{"edxml":")" + text + "\"}}";
  }
};

// VXP: parameters and signature travel as headers, and the list knows no days.
class SignedHub final : public Hub {
 public:
  SignedHub() : Hub("documents_vxp") {}

  bool Admits(const WireRequest& request, const std::map<std::string, std::string>& secrets) override {
    const auto header = [&](const std::string& name) {
      const auto found = request.headers.find(ToLowerAscii(name));
      return found == request.headers.end() ? std::string() : found->second;
    };
    nlohmann::ordered_json signed_headers = nlohmann::ordered_json::object();
    const std::string names = header("XroadVnpt-sign-header-key") + ";";
    for (std::size_t at = 0, end; (end = names.find(';', at)) != std::string::npos; at = end + 1) {
      const std::string name = names.substr(at, end - at);
      signed_headers[name] = header("XroadVnpt-" + name);
    }
    return signed_headers.value("systemid", "") == secrets.at("system_id") &&
           header("XroadVnpt-hash-header") == ToHex(HmacSha256(secrets.at("secret"), signed_headers.dump()));
  }
};

// A provincial LGSP hub: a login for a token that ends, fixed headers beside it, messages in JSON.
class LoginHub final : public Hub {
 public:
  LoginHub() : Hub("documents_lgsp") {}

  bool Admits(const WireRequest& request, const std::map<std::string, std::string>& secrets) override {
    const auto shows = [&](const char* name, const std::string& value) {
      const auto found = request.headers.find(name);
      return found != request.headers.end() && found->second == value;
    };
    if (request.path() == manifest().auth.login_path) {
      const auto body = nlohmann::json::parse(request.body);
      return body["username"] == secrets.at("username") && body["password"] == secrets.at("password");
    }
    return shows("x-systemid", secrets.at("system_id")) && shows("x-secretkey", secrets.at("secret_key")) &&
           shows("authorization", "Bearer t" + std::to_string(given_)) && ++uses_ <= kTokenUses;
  }

  WireReply Answer(const WireRequest& request, World& world) override {
    if (request.path() != manifest().auth.login_path) return Hub::Answer(request, world);
    uses_ = 0;
    return {200, R"({"code":"200","data":{"token":"t)" + std::to_string(++given_) + "\"}}"};
  }

 private:
  int given_ = 0, uses_ = 0;
};

}  // namespace

std::unique_ptr<Platform> MakeDocumentPlatform() { return std::make_unique<Hub>("documents"); }
std::unique_ptr<Platform> MakeSignedHub() { return std::make_unique<SignedHub>(); }
std::unique_ptr<Platform> MakeLoginHub() { return std::make_unique<LoginHub>(); }

}  // namespace mc::conformance
