// What others send over HTTP: the requests of a sender that pushes, and the answers of a platform that is pulled.
// Heads are lines "name: value" up to an empty one, the body stands behind it.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "connectors/connector.h"
#include "connectors/link_header.h"
#include "connectors/manifest.h"
#include "connectors/split.h"
#include "core/digest.h"
#include "core/json.h"
#include "core/text.h"
#include "gateway/chunked_body.h"
#include "gateway/inbox_http.h"
#include "gateway/machine_gate.h"
#include "gateway/request_head.h"
#include "gateway/source_check.h"
#include "tests/fuzz/target.h"

namespace mc::fuzz {
namespace {

const Instant kWireNow{1'780'000'000'000'000};

struct Message {
  std::string first;  // line in front of the head
  std::map<std::string, std::string> headers;
  std::string body;
};

std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// As the server and the client hand a head over: names in lower case, values trimmed.
Message Read(std::string_view text) {
  Message message{std::string(TakeLine(text)), {}, ""};
  while (!text.empty()) {
    const std::string_view line = TakeLine(text);
    if (line.empty()) break;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    message.headers[ToLowerAscii(Trim(line.substr(0, colon)))] = std::string(Trim(line.substr(colon + 1)));
  }
  message.body = std::string(text);
  return message;
}

// --- any request

void RequireHead(const RequestHead& head) {
  Require(head.path.starts_with('/') && IsValidUtf8(head.path), "a path is a path");
  Require((head.path + '/').find("/../") == head.path.npos && head.path.find("//") == head.path.npos,
          "a path is plain");
  Require(head.path.find_first_of("\\\r\n\x7F") == head.path.npos, "a path hides nothing");
  Require(head.query.find_first_of(" #\r\n") == head.query.npos, "a query is one word");
  Require(!head.chunked || (head.content_length == 0 && !head.headers.contains("content-length")), "one length");
  Require(head.headers.size() <= kHeaderCountLimit, "headers are bounded");
  for (const auto& [name, value] : head.headers) {
    Require(!name.empty() && name == ToLowerAscii(name) && name.find_first_of("_: \t\r\n") == name.npos,
            "a name is one");
    Require(value.find_first_of(std::string_view("\0\r\n", 3)) == value.npos, "a value is one line");
    Require(!name.starts_with("x-forwarded"), "nobody says who comes");
  }
}

// What a careful writer would make of it; one without a body, which would not be there.
std::string HeadText(const RequestHead& head) {
  std::string text = head.method + " ";
  for (const char c : head.path) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    text += c == '/' ? "/" : std::string{'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  text += "?" + head.query + " HTTP/1.1\r\n";
  for (const auto& [name, value] : head.headers) text += name + ":" + value + "\r\n";
  return text + "\r\n";
}

void RunRequestHead(std::string_view input) {
  const HeadScan scan = ScanHead(input, 0);
  for (std::size_t cut = 1; cut < std::min<std::size_t>(input.size(), 40); ++cut) {
    if (ScanHead(input.substr(0, cut), 0).part != HeadPart::kGoesOn) break;
    const HeadScan later = ScanHead(input, cut);
    Require(later.part == scan.part && later.size == scan.size, "a head ends where it ends, in pieces too");
  }
  if (scan.part != HeadPart::kWhole) return;
  Require(input.substr(0, scan.size).ends_with("\r\n\r\n"), "a head ends with an empty line");
  const auto head = ParseRequestHead(input.substr(0, scan.size));
  if (!head.ok()) return Require(head.error().status >= 400 && head.error().status <= 505, "a refusal has a status");
  RequireHead(*head);
  const std::string text = HeadText(*head);
  if (text.size() > kRequestPathLimitBytes || !head->headers.contains("host") || head->headers.contains("expect")) {
    return;  // the limits and HTTP/1.0 say other things of them
  }
  const auto again = ParseRequestHead(text);
  Require(again.ok() && again->path == head->path && again->query == head->query && again->headers == head->headers &&
              again->chunked == head->chunked && again->content_length == head->content_length,
          "a head written again says the same");
}

void RunChunked(std::string_view input) {
  constexpr std::int64_t kLimit = 1'000;
  std::string whole, pieces;
  std::string_view rest = input;
  const ChunkedPart part = ChunkedBody().Take(rest, whole, kLimit);
  Require(IsInside(input, rest) && std::int64_t(whole.size()) <= kLimit, "a body is bounded");
  ChunkedBody chunks;
  ChunkedPart at = ChunkedPart::kGoesOn;
  std::size_t taken = 0;
  while (taken < input.size() && at == ChunkedPart::kGoesOn) {
    std::string_view one = input.substr(taken++, 1);
    at = chunks.Take(one, pieces, kLimit);
  }
  Require(at == part, "a body ends alike in pieces");
  if (part != ChunkedPart::kWhole) return;
  Require(pieces == whole && taken == input.size() - rest.size(), "and is the same body");
}

// --- pushed

constexpr const char* kSource = "pushed";
constexpr const char* kToken = "t";

// Keeps what it is given, and fails in the way that the key names.
class Writer final : public InboxWriter {
 public:
  Result<InboxReceipt> PutInbox(const InboxPut& message) override {
    puts.push_back(message);
    if (message.key == "full") return TransientError("inbox_full", "the inbox is full");
    if (message.key == "reused") return DataError("key_reused", "the key is known with another body");
    if (message.key == "broken") return InternalError("store_full", "no");
    return InboxReceipt{1, kWireNow, ToHex(Sha256(message.body))};
  }
  std::vector<InboxPut> puts;
};

void RequirePut(const InboxPut& put, const Message& message) {
  Require(put.source == kSource, "only the source's own sender puts");
  Require(!put.key.empty() && put.key.size() <= kIdempotencyKeyLimitBytes, "a key is bounded");
  Require(std::all_of(put.key.begin(), put.key.end(), [](char c) { return c > 0x20 && c < 0x7F; }), "a key is visible");
  Require(put.media_type == "application/json", "only what the source's records are");
  Require(!put.body.empty() && put.body == message.body, "the body is kept as it came");
  Require(!put.record_count || *put.record_count >= 0, "a count counts");
}

void RequireAnswer(const RouteAnswer& answer) {
  static const std::set<int> known = {202, 400, 401, 415, 422, 429, 503};
  Require(known.contains(answer.status), "every request has an answer that the page names");
  const auto body = ParseJson(answer.body);
  Require(body.ok() && body->is_object(), "an answer is a JSON object");
  for (const auto& [name, value] : answer.headers) {
    Require((name + value).find_first_of("\r\n") == std::string::npos, "a header is one line");
  }
}

std::optional<RouteAnswer> CheckSender(const RouteRequest& request, const std::string& source) {
  const std::string token = CredentialsOf(request, "Bearer");
  if (token == kToken && source == kSource) return std::nullopt;
  return ProblemAnswer(401, "Unauthorized", "not the sender");
}

void RunInboxRequest(std::string_view input) {
  const Message message = Read(input);
  Writer writer;
  InboxApi api({{kSource, {RecordFormat::kJson}}}, writer, CheckSender, CheckSender);
  RouteRequest request{{message.first}, message.headers, ""};
  const auto refused = api.Refuse(request);
  if (refused) return RequireAnswer(*refused);
  request.body = message.body;
  const RouteAnswer answer = api.Take(request);
  RequireAnswer(answer);
  const bool reached = answer.status == 202 || answer.status == 422 || answer.status == 429 || answer.status == 503;
  Require(writer.puts.size() == (reached ? 1u : 0u), "one request puts one message, or none");
  for (const InboxPut& put : writer.puts) RequirePut(put, message);
  Require(api.Take(request).body == answer.body, "the same again is answered the same");
}

// --- pulled

constexpr const char* kBase = "https://city.example";
constexpr std::string_view kBetween = "\n=====\n";  // stands between two answers
constexpr int kMostPulls = 12;

// Answers in their order, the last one for ever. Nothing may be asked elsewhere.
class Answers final : public HttpClient {
 public:
  explicit Answers(std::string_view input) {
    for (std::size_t at = 0; at != std::string_view::npos && all_.size() < 8;) {
      const std::size_t end = input.find(kBetween, at);
      const Message message = Read(input.substr(at, end == std::string_view::npos ? end : end - at));
      const std::int64_t status = WholeNumber(message.first).value_or(200);
      all_.push_back({static_cast<int>(status % 1'000), message.headers, message.body});
      at = end == std::string_view::npos ? end : end + kBetween.size();
    }
  }
  Result<HttpResponse> Send(const HttpRequest& request) override {
    Require(SameOrigin(request.url, kBase), "nothing is asked elsewhere");
    for (const auto& [name, value] : request.headers) {
      Require((name + value).find_first_of("\r\n") == std::string::npos, "a header of ours is one line");
    }
    const HttpResponse& answer = all_[std::min(asked_++, all_.size() - 1)];
    (void)CheckClock(answer, kWireNow);
    return answer;
  }

 private:
  std::vector<HttpResponse> all_;
  std::size_t asked_ = 0;
};

Manifest Listed(const char* kind, const char* format, const char* path, const char* paging, const char* auth) {
  const Json json = {
      {"schema", "minhchung/manifest@1"},
      {"id", "pulled"},
      {"register", "pulled"},
      {"title", "t"},
      {"owner", "o"},
      {"legal_basis", "l"},
      {"assumptions", Json::array()},
      {"kind", kind},
      {"endpoints",
       {{"read", {{"method", "GET"}, {"path", "/read"}}}, {"token", {{"method", "POST"}, {"path", "/token"}}}}},
      {"auth", Json::parse(auth)},
      {"streams", {{{"id", "all"}}}},
      {"request", Json::object()},
      {"paging", Json::parse(paging)},
      {"records", {{"format", format}, {"path", path}, {"key", {"id"}}}},
      {"limits", {{"records_per_page", 3}, {"pages_per_pull", 2}, {"max_attempts", 2}}},
      {"lag_limit_minutes", 60},
      {"expected_interval_minutes", 60}};
  auto manifest = ParseManifest(json);
  if (!manifest.ok()) throw Broken("a manifest of the target: " + manifest.error().message);
  return std::move(manifest).value();
}

const std::vector<Manifest>& Lists() {
  constexpr const char* kOpen = R"({"kind":"none"})";
  constexpr const char* kOAuth =
      R"({"kind":"oauth2","endpoint":"token","client_id":"user","secret":"key","scope":"read"})";
  static const std::vector<Manifest> all = {
      Listed("http_json", "json", "items", R"({"kind":"link_header"})", kOpen),
      Listed("http_json", "json", "items", R"({"kind":"cursor","send":"after","read":"next","more":"more"})", kOpen),
      Listed("http_json", "json", "items", R"({"kind":"page","page":"page","size":"n"})", kOAuth),
      Listed("http_json", "json", "items", R"({"kind":"offset","offset":"skip","size":"n"})", kOpen),
      Listed("http_xml", "xml", "list/item", R"({"kind":"none"})", kOpen)};
  return all;
}

void RequirePage(const Page& page) {
  for (const SourceRecord& record : page.records) RequireStorable(record, nullptr);
  for (const UnreadableRecord& bad : page.unreadable) {
    RequireReason(bad.reason);
    RequireStorable(bad.record, &bad.reason);
  }
}

// A platform may fail a pull in any of its ways, but never confuse us: a page's cursor is one that we take again.
void Pull(const Manifest& manifest, std::string_view input) {
  Answers http(input);
  const ManualClock clock(kWireNow);
  const auto sleep = [](std::chrono::milliseconds wait) {
    Require(wait.count() >= 0 && wait <= std::chrono::hours(24), "a pause is bounded");
    return true;
  };
  SourceSettings settings{kBase, "", {{"user", "u"}, {"key", "k"}}, {}, CivilDate{}};
  settings.start = CityDate(kWireNow);
  const auto connector = MakeConnector(manifest, settings, {http, clock, sleep}).value();
  std::optional<Cursor> cursor;
  for (int pulls = 0; pulls < kMostPulls; ++pulls) {
    const auto page = connector->Pull("all", cursor);
    for (const std::string& word : connector->SurplusScope())
      Require(word != "read", "what was asked for is no surplus");
    (void)CheckRights(connector->SurplusScope());
    if (!page.ok()) return RequireError(page.error(), page.error().error_class);
    RequirePage(*page);
    if (page->end) return;
    cursor = page->next;
  }
}

void RunHttpAnswer(std::string_view input) {
  for (const Manifest& manifest : Lists()) Pull(manifest, input);
}

}  // namespace

std::vector<Target> WireTargets() {
  return {{"request_head", RunRequestHead, {}},
          {"chunked_body", RunChunked, {}},
          {"inbox_request", RunInboxRequest, {}},
          {"http_answer", RunHttpAnswer, {}}};
}

}  // namespace mc::fuzz
