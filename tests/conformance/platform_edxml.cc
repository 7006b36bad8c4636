// A hub of edXML messages: a list by days, then each message by its docId.

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/conformance/platform.h"

namespace mc::conformance {
namespace {

constexpr const char* kSlashDay = "yyyy/MM/dd";
constexpr const char* kSlashStamp = "yyyy/MM/dd HH:mm:ss";

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

class Hub final : public Platform {
 public:
  Hub() : Platform(ReadManifest(std::string(MC_SOURCE_DIR) + "/connectors/documents.json").value()) {}

  std::string Bytes(const Item& item) const override {
    const std::string header = (item.stream == "statuses" ? StatusOf(item) : Document(item)) + Extra(item.shape);
    return R"(<?xml version="1.0" encoding="UTF-8"?><edXML:edXML xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016">)" +
           Element("edXMLEnvelope", Element("edXMLHeader", Element("MessageHeader", header))) + "</edXML:edXML>";
  }

  WireReply Answer(const WireRequest& request, World& world) override {
    return request.path().find("getEdoc") != std::string::npos ? Message(request, world) : List(request, world);
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

  WireReply List(const WireRequest& request, World& world) const {
    Asked asked;
    asked.stream = StreamWith(request.Query("messageType")).id;
    asked.from = CityInstant(request.Query("fromDate"), kSlashDay);
    asked.to = {CityInstant(request.Query("toDate"), kSlashDay).micros + kMicrosPerDay};
    const Listed listed = ListFor(world, asked);
    nlohmann::json data = nlohmann::json::array();
    for (const Item& item : listed.rows) {
      data.push_back({{"docId", DocId(item)}, {"created_time", CityText(item.at, kSlashStamp)}});
    }
    return {200, nlohmann::json{{"success", true}, {"count", listed.total}, {"data", data}}.dump()};
  }

  WireReply Message(const WireRequest& request, const World& world) const {
    const std::string id = request.Query("docId");
    const auto found =
        std::find_if(world.items.begin(), world.items.end(), [&](const Item& item) { return DocId(item) == id; });
    if (found == world.items.end()) return {404, R"({"success":false})"};
    return {200, Bytes(*found), "application/xml"};
  }
};

}  // namespace

std::unique_ptr<Platform> MakeDocumentPlatform() { return std::make_unique<Hub>(); }

}  // namespace mc::conformance
