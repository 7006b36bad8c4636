#include "core/http_record.h"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "core/durable_file.h"
#include "core/json.h"
#include "core/json_at.h"
#include "core/text.h"

namespace mc {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRecordingSchema = "minhchung/recording@1";
constexpr std::array<std::string_view, 5> kKeptHeaders = {"content-type", "retry-after", "date", "link", "etag"};
constexpr std::size_t kRedactKeyBytes = 32;
constexpr std::size_t kHeadTextLimitBytes = 256;
constexpr std::size_t kUnitCodesLimit = 100'000;
constexpr std::size_t kBodyLimitBytes = 512u * 1024 * 1024;  // one body; the manifest's own limit is lower

std::string Relative(const std::string& url, const std::string& base) {
  return url.starts_with(base) ? url.substr(base.size()) : url;
}

std::string FileName(std::int64_t n) {
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "%06lld.json", static_cast<long long>(n));
  return name.data();
}

void PutBody(Json& object, const std::string& body) {
  if (IsValidUtf8(body)) {
    object["body"] = body;
  } else {
    object["body_base64"] = ToBase64(body);
  }
}

Status WriteFile(const fs::path& file, const Json& document) {
  Status written = WriteDurably(file, document.dump(1) + "\n", kOwnerReads);
  if (written.ok()) return written;
  return InternalError("cannot_write", "the recording is not whole: " + written.error().message);
}

class RecordingClient final : public HttpClient {
 public:
  RecordingClient(fs::path folder, RecordingOf what, HttpClient& inner, const Clock& clock, RandomSource& random)
      : folder_(std::move(folder)),
        base_url_(WithoutTrailingSlash(std::move(what.base_url))),
        redactor_(random.Bytes(kRedactKeyBytes), std::move(what.secrets)),
        inner_(inner),
        clock_(clock) {}

  Result<HttpResponse> Send(const HttpRequest& request) override {
    auto result = inner_.Send(request);
    if (written_ == kRecordedExchangesLimit) return result;
    LearnCredentials(request);
    if (result.ok() && !redactor_.LearnFrom(result->body)) {
      written_ = kRecordedExchangesLimit;
      return result;
    }
    Json exchange = {{"at", FormatInstant(clock_.Now())}, {"request", RequestJson(request)}};
    if (result.ok()) {
      exchange["response"] = ResponseJson(*result);
    } else {
      exchange["error"] = {{"class", static_cast<int>(result.error().error_class)}, {"code", result.error().code}};
    }
    MC_CHECK_OK(WriteFile(folder_ / "exchanges" / FileName(++written_), exchange));
    return result;
  }

 private:
  // What was sent behind "Bearer" or "Basic", however the answer spelt it that handed it out.
  void LearnCredentials(const HttpRequest& request) {
    for (const auto& [name, value] : request.headers) {
      if (ToLowerAscii(name) == "authorization") redactor_.Learn(value.substr(value.find(' ') + 1));
    }
  }

  Json RequestJson(const HttpRequest& request) const {
    Json out = {{"method", request.method}, {"url", redactor_.Clean(Relative(request.url, base_url_))}};
    PutBody(out, redactor_.Clean(request.body));
    return out;
  }

  Json ResponseJson(const HttpResponse& response) const {
    Json headers = Json::object();
    for (const std::string_view name : kKeptHeaders) {
      const auto found = response.headers.find(std::string(name));
      if (found != response.headers.end()) headers[found->first] = redactor_.Clean(found->second);
    }
    Json out = {{"status", response.status}, {"headers", std::move(headers)}};
    PutBody(out, redactor_.Clean(response.body));
    return out;
  }

  fs::path folder_;
  std::string base_url_;
  Redactor redactor_;
  HttpClient& inner_;
  const Clock& clock_;
  std::int64_t written_ = 0;
};

Result<std::string> BodyAt(const JsonAt& at) {
  if (const auto base64 = at.Find("body_base64")) {
    const auto bytes = base64->value().is_string() ? FromBase64(base64->value().get<std::string>()) : std::nullopt;
    if (!bytes) return base64->Fail("bad_recording", "must be base64");
    return *bytes;
  }
  MC_TRY(const JsonAt body, at.Member("body"));
  if (!body.value().is_string()) return body.Fail("bad_recording", "must be a text");
  return body.value().get<std::string>();
}

Result<HttpResponse> ResponseAt(const JsonAt& at) {
  MC_CHECK_OK(at.Keys({"status", "headers", "body", "body_base64"}));
  HttpResponse response;
  MC_TRY(const JsonAt status, at.Member("status"));
  MC_TRY(const std::int64_t code, status.Count(100, 599));
  response.status = static_cast<int>(code);
  MC_TRY(const JsonAt headers, at.Member("headers"));
  if (!headers.value().is_object()) return headers.Fail("bad_recording", "must be an object");
  for (const auto& [name, value] : headers.value().items()) {
    if (value.is_string()) response.headers[name] = value.get<std::string>();
  }
  MC_TRY(response.body, BodyAt(at));
  return response;
}

Status ReadError(const JsonAt& at, Error& error) {
  MC_CHECK_OK(at.Keys({"class", "code"}));
  MC_TRY(const JsonAt kind, at.Member("class"));
  MC_TRY(const std::int64_t number, kind.Count(0, static_cast<std::int64_t>(ErrorClass::kInternal)));
  MC_TRY(const JsonAt code, at.Member("code"));
  MC_TRY(std::string text, code.Text(64));
  error = {static_cast<ErrorClass>(number), std::move(text), "as it was recorded"};
  return Ok();
}

}  // namespace

Result<std::unique_ptr<HttpClient>> RecordTo(const fs::path& folder, RecordingOf what, HttpClient& inner,
                                             const Clock& clock, RandomSource& random) {
  std::error_code ec;
  if (fs::exists(folder, ec)) {
    return ConfigError("recording_exists", folder.string() + " exists already: give a folder that does not");
  }
  fs::create_directories(folder / "exchanges", ec);
  if (!ec) fs::permissions(folder, fs::perms::owner_all, ec);
  if (ec) return ConfigError("cannot_write", "the folder " + folder.string() + " cannot be made: check its rights");
  Json head = {{"schema", kRecordingSchema},
               {"source", what.source},
               {"started_at", FormatInstant(clock.Now())},
               {"unit_codes", what.unit_codes}};
  if (what.start) head["start"] = FormatDate(*what.start);
  MC_CHECK_OK(WriteFile(folder / "recording.json", head));
  return std::unique_ptr<HttpClient>(
      std::make_unique<RecordingClient>(folder, std::move(what), inner, clock, random));
}

Result<std::unique_ptr<ReplayClient>> ReplayClient::Open(const fs::path& folder, std::string base_url) {
  auto client = std::make_unique<ReplayClient>();
  client->base_url_ = WithoutTrailingSlash(std::move(base_url));
  MC_TRY(const Json document, ReadJsonFile((folder / "recording.json").string()));
  MC_CHECK_OK(client->ReadHead(JsonAt(document)));
  for (std::int64_t n = 1; fs::exists(folder / "exchanges" / FileName(n)); ++n) {
    MC_CHECK_OK(client->Read(folder / "exchanges" / FileName(n)));
  }
  return Result<std::unique_ptr<ReplayClient>>(std::move(client));
}

Status ReplayClient::ReadHead(const JsonAt& root) {
  MC_CHECK_OK(root.Keys({"schema", "source", "started_at", "unit_codes", "start"}));
  MC_TRY(const JsonAt schema, root.Member("schema"));
  MC_CHECK_OK(schema.OneOf({std::string(kRecordingSchema)}));
  MC_TRY(const JsonAt source, root.Member("source"));
  MC_TRY(source_, source.Text(kHeadTextLimitBytes));
  MC_TRY(const JsonAt started, root.Member("started_at"));
  MC_TRY(const std::string started_text, started.Text(kHeadTextLimitBytes));
  MC_TRY(started_at_, ParseInstant(started_text));
  MC_TRY(const JsonAt codes, root.Member("unit_codes"));
  MC_TRY(const std::vector<JsonAt> items, codes.Items(kUnitCodesLimit));
  for (const JsonAt& item : items) {
    MC_TRY(std::string code, item.Text(kHeadTextLimitBytes));
    unit_codes_.push_back(std::move(code));
  }
  if (const auto start = root.Find("start")) {
    MC_TRY(start_, start->Date());
  }
  return Ok();
}

Status ReplayClient::Read(const fs::path& file) {
  MC_TRY(const Json document, ReadJsonFile(file.string()));
  const JsonAt root(document);
  MC_CHECK_OK(root.Keys({"at", "request", "response", "error"}));
  MC_TRY(const JsonAt request, root.Member("request"));
  MC_CHECK_OK(request.Keys({"method", "url", "body", "body_base64"}));
  Exchange exchange;
  MC_TRY(const JsonAt method, request.Member("method"));
  MC_TRY(exchange.method, method.Text(16));
  MC_TRY(const JsonAt url, request.Member("url"));
  MC_TRY(exchange.url, url.Text(kBodyLimitBytes));
  MC_TRY(exchange.body, BodyAt(request));
  if (const auto error = root.Find("error")) {
    Error recorded;
    MC_CHECK_OK(ReadError(*error, recorded));
    exchange.outcome = std::move(recorded);
  } else {
    MC_TRY(const JsonAt at, root.Member("response"));
    MC_TRY(HttpResponse response, ResponseAt(at));
    exchange.outcome = std::move(response);
  }
  exchanges_.push_back(std::move(exchange));
  return Ok();
}

Result<HttpResponse> ReplayClient::Send(const HttpRequest& request) {
  const std::string url = Relative(request.url, base_url_);
  for (Exchange& exchange : exchanges_) {
    if (exchange.sent || exchange.method != request.method || exchange.url != url || exchange.body != request.body) {
      continue;
    }
    exchange.sent = true;
    if (const auto* error = std::get_if<Error>(&exchange.outcome)) return *error;
    return std::get<HttpResponse>(exchange.outcome);
  }
  return InternalError("not_recorded", "the recording holds no further answer to " + request.method + " " + url);
}

bool ReplayClient::AllSent() const {
  for (const Exchange& exchange : exchanges_) {
    if (!exchange.sent) return false;
  }
  return true;
}

}  // namespace mc
