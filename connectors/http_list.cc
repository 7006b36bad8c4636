// Kinds http_json and http_xml: any list over HTTP, worded by the manifest alone.

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "connectors/factories.h"
#include "connectors/link_header.h"
#include "connectors/pull_common.h"
#include "connectors/split.h"
#include "connectors/time_text.h"
#include "connectors/windows.h"
#include "core/shown.h"
#include "core/text.h"

namespace mc {
namespace {

using OrderedJson = nlohmann::ordered_json;

// A parameter; numbers are told apart for JSON bodies.
struct Parameter {
  std::string name, text;
  bool number = false;
};

OrderedJson ValueOf(const Parameter& parameter, bool numbers_as_text) {
  const auto number = parameter.number && !numbers_as_text ? WholeNumber(parameter.text) : std::nullopt;
  return number ? OrderedJson(*number) : OrderedJson(parameter.text);
}

// "a/b" nests.
std::string JsonBody(const std::vector<Parameter>& parameters, bool numbers_as_text) {
  OrderedJson body = OrderedJson::object();
  for (const Parameter& parameter : parameters) {
    OrderedJson* at = &body;
    for (const std::string& name : PathOf(parameter.name)) {
      if (!at->is_object()) *at = OrderedJson::object();
      at = &(*at)[name];
    }
    *at = ValueOf(parameter, numbers_as_text);
  }
  return body.dump();
}

class HttpList final : public PullingConnector {
 public:
  using PullingConnector::PullingConnector;

 protected:
  Result<bool> Step(const ManifestStream& stream, Position& position, Page& page) override {
    Page read;
    auto answer = Ask(stream, position, read);
    if (!answer.ok()) {
      if (!CursorForgotten() || !RestartWindow(position, page.notes)) return answer.error();
      return false;
    }
    std::move(read.records.begin(), read.records.end(), std::back_inserter(page.records));
    std::move(read.unreadable.begin(), read.unreadable.end(), std::back_inserter(page.unreadable));
    if (answer->split.order_broken) page.notes.push_back("order_broken");
    if (Turn(*answer, position, page.notes) != PageVerdict::kWindowDone) return false;
    if (position.pages.total) {
      page.control_total = page.control_total.value_or(0) + *position.pages.total;
      page.offered = page.offered.value_or(0) + OfferedIn(position.pages);
    }
    return true;
  }

  Status Probe(const ManifestStream& stream, Position position) override {
    Page read;
    const auto answer = Ask(stream, position, read);
    return answer.ok() ? Ok() : Status(answer.error());
  }

 private:
  struct Answer {
    SplitAnswer split;
    std::string next;
  };

  const PagingSpec& paging() const { return context_.manifest.paging; }
  bool Linked() const { return paging().kind == PagingKind::kCursor || paging().kind == PagingKind::kLinkHeader; }

  bool CursorForgotten() const {
    const int status = fetcher_.last_status();
    return Linked() && (status == 400 || status == 404 || status == 410);
  }

  PageVerdict Turn(const Answer& answer, Position& position, std::vector<std::string>& notes) const {
    const SplitAnswer& split = answer.split;
    switch (paging().kind) {
      case PagingKind::kPage: return TakePage(position, split.marks, split.total, notes);
      case PagingKind::kOffset: return TakeOffsetPage(position, split.marks, split.total, notes);
      default: return TakeLinkedPage(position, split.marks, split.total, answer.next, notes);
    }
  }

  void AddPaging(const Position& position, std::vector<Parameter>& out) const {
    const PagingSpec& spec = paging();
    if (spec.kind == PagingKind::kPage) {
      out.push_back({spec.parameter, std::to_string(position.pages.page - 1 + spec.first), true});
    } else if (spec.kind == PagingKind::kOffset) {
      out.push_back({spec.parameter, position.after.empty() ? "0" : position.after, true});
    } else if (spec.kind == PagingKind::kCursor && !position.after.empty()) {
      out.push_back({spec.parameter, position.after, false});
    }
    if (!spec.size.empty()) out.push_back({spec.size, std::to_string(position.page_size), true});
  }

  std::vector<Parameter> ParametersOf(const ManifestStream& stream, const Position& position) const {
    const RequestSpec& request = context_.manifest.request;
    std::vector<Parameter> out;
    for (const auto& [name, text] : request.parameters) out.push_back({name, text});
    if (!request.argument.empty() && !stream.argument.empty()) out.push_back({request.argument, stream.argument});
    if (!request.unit.empty()) out.push_back({request.unit, position.scope});
    if (request.window) {
      const WindowSpec& window = *request.window;
      // The last day that is included; a moment that is included is asked for twice, which is harmless.
      const bool last_day = window.end_included && IsWholeDays(window.format);
      const Instant to{position.window_to.micros - (last_day ? 1 : 0)};
      out.push_back({window.from, FormatTime(window.format, position.window_from)});
      out.push_back({window.to, FormatTime(window.format, to)});
    }
    AddPaging(position, out);
    return out;
  }

  FetchRequest RequestFor(const ManifestStream& stream, const Position& position) const {
    FetchRequest request;
    request.endpoint = stream.endpoint;
    if (paging().kind == PagingKind::kLinkHeader && !position.after.empty()) {
      request.url = position.after;
      return request;
    }
    const RequestSpec& spec = context_.manifest.request;
    const std::vector<Parameter> parameters = ParametersOf(stream, position);
    if (spec.body == BodyKind::kJson) {
      request.json_body = JsonBody(parameters, spec.numbers_as_text);
      return request;
    }
    for (const Parameter& parameter : parameters) request.query.emplace_back(parameter.name, parameter.text);
    if (spec.body == BodyKind::kForm) {
      const std::string text = QueryText(request.query);
      request.json_body = text.empty() ? "" : text.substr(1);
      request.content_type = "application/x-www-form-urlencoded";
      request.query.clear();
    }
    return request;
  }

  // Fields beside the records that success and paging need.
  std::vector<std::string> Wanted(const std::optional<SuccessTest>& test) const {
    std::vector<std::string> wanted;
    for (const std::string& path : {test ? test->field : "", test ? test->empty : "", paging().read, paging().more}) {
      if (!path.empty()) wanted.push_back(path);
    }
    return wanted;
  }

  Status CheckSuccess(const std::optional<SuccessTest>& test, const SplitAnswer& split) const {
    if (!test) return Ok();
    const auto text = [&](const std::string& path) {
      const auto found = split.fields.find(path);
      return found == split.fields.end() ? std::string() : found->second;
    };
    if (!test->empty.empty() && !Trim(text(test->empty)).empty()) {
      return TransientError("source_error", "the source answers that it failed: " + test->empty + " says so");
    }
    if (test->field.empty()) return Ok();
    const std::string value = text(test->field);
    const auto says = [&](const std::vector<std::string>& texts) {
      return std::find(texts.begin(), texts.end(), value) != texts.end();
    };
    if (says(test->equals)) return Ok();
    const std::string what = test->field + ShownCode(value);
    if (says(context_.manifest.auth.ended)) {
      return AuthError("session_refused",
                       "the source does not take the session: " + what +
                           "; check what the account may read, and that nobody else logs in with it");
    }
    return TransientError("source_error", "the source answers that it failed: " + what);
  }

  // What the answer says of the next page is kept in our cursor, so it must be text, and bounded.
  Result<std::string> NextOf(const FetchRequest& request, const HttpResponse& response,
                             const SplitAnswer& split) const {
    MC_TRY(std::string next, NextAsSaid(request, response, split));
    if (next.size() <= kNextLimitBytes && IsValidUtf8(next) && !HasControls(next)) return next;
    return TransientError("unexpected_answer", "the source's cursor or next link is no plain text of at most " +
                                                   std::to_string(kNextLimitBytes) + " bytes");
  }

  Result<std::string> NextAsSaid(const FetchRequest& request, const HttpResponse& response,
                                 const SplitAnswer& split) const {
    const PagingSpec& spec = paging();
    const auto header = [&](const std::string& name) {
      const auto found = response.headers.find(name);
      return found == response.headers.end() ? std::string() : found->second;
    };
    if (spec.kind == PagingKind::kLinkHeader) return NextLink(header("link"), fetcher_.AddressOf(request));
    if (spec.kind != PagingKind::kCursor) return std::string();
    const auto field = [&](const std::string& path) {
      const auto found = split.fields.find(path);
      return found == split.fields.end() ? std::string() : found->second;
    };
    if (!spec.more.empty() && field(spec.more) == "false") return std::string();
    return spec.read.empty() ? header(spec.read_header) : field(spec.read);
  }

  RecordContext ContextFor(const ManifestStream& stream, const Position& position) const {
    RecordContext context = ContextOf(context_.manifest, stream.id, context_.clock.Now());
    const std::string& unit = context_.manifest.request.unit;
    if (!unit.empty()) context.facts[unit] = position.scope;
    return context;
  }

  Result<Answer> Ask(const ManifestStream& stream, const Position& position, Page& page) {
    const FetchRequest request = RequestFor(stream, position);
    if (!request.url.empty() && !SameOrigin(request.url, context_.settings.base_url)) {
      return ConfigError("foreign_link", "the saved next link leads to another address than base_url");
    }
    const auto& success = context_.manifest.endpoints.at(request.endpoint).success;
    const RecordContext context = ContextFor(stream, position);
    Answer answer;
    const auto response = fetcher_.Fetch(request, [&](const HttpResponse& got) -> Status {
      Page fresh;
      auto split = SplitDocument(SpecOf(context_.manifest, stream), got.body, context, Wanted(success), fresh);
      if (!split.ok()) return Unsplit(split.error());
      MC_CHECK_OK(CheckSuccess(success, *split));
      if (!split->has_rows) return TransientError("unexpected_answer", "the source's answer holds no list of records");
      MC_TRY(answer.next, NextOf(request, got, *split));
      answer.split = std::move(split).value();
      page = std::move(fresh);
      return Ok();
    });
    if (response.ok()) return answer;
    if (response.error().code == "not_offered") return ConfigError("http_status", response.error().message);
    return response.error();
  }
};

}  // namespace

Result<std::unique_ptr<Connector>> MakeHttpList(const Manifest& manifest, SourceSettings settings,
                                                const ConnectorContext& context) {
  const auto& window = manifest.request.window;
  const PullNeeds needs{window && IsWholeDays(window->format), !manifest.request.unit.empty()};
  MC_TRY(PullContext pull, PlanPull(manifest, std::move(settings), context, needs));
  if (!window) pull.plan.limits.window_days = kWholeReachDays;
  return std::unique_ptr<Connector>(std::make_unique<HttpList>(std::move(pull)));
}

}  // namespace mc
