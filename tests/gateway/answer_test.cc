// Goal: every answer carries what keeps a browser from misusing it, and nothing of a route can break its head.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "gateway/answer_head.h"
#include "gateway/security_headers.h"

using namespace mc;

namespace {

std::map<std::string, std::string> Secured(const RouteAnswer& answer) {
  std::map<std::string, std::string> headers;
  for (const auto& [name, value] : SecurityHeadersOf(answer)) headers.emplace(name, value);
  return headers;
}

std::size_t LinesOf(const std::string& head, const std::string& name) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = head.find("\r\n" + name + ": ", at)) != std::string::npos; ++at) ++count;
  return count;
}

}  // namespace

TEST_CASE("security headers: a page") {
  const auto headers = Secured(HtmlAnswer(200, "<p>"));
  CHECK(headers.size() == 6);
  CHECK(headers.at("X-Content-Type-Options") == "nosniff");
  CHECK(headers.at("Cache-Control") == "no-store");
  CHECK(headers.at("Referrer-Policy") == "same-origin");
  CHECK(headers.at("Cross-Origin-Opener-Policy") == "same-origin");
  CHECK(headers.at("Cross-Origin-Resource-Policy") == "same-origin");
  const std::string& policy = headers.at("Content-Security-Policy");
  for (const char* part : {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"}) {
    CHECK(policy.find(part) != std::string::npos);
  }
  CHECK(policy.find("unsafe") == std::string::npos);
  CHECK(policy.find("script") == std::string::npos);
}

TEST_CASE("security headers: what is no page, what is public, what the route says itself") {
  CHECK(Secured(RouteAnswer{}).at("Content-Security-Policy") == kDataPolicy);
  CHECK(Secured(ProblemAnswer(404, "x")).at("Cache-Control") == "no-store");
  const auto open = Secured({200, "text/plain", "", {{"Cache-Control", "public, max-age=5"}}});
  CHECK_FALSE(open.contains("Cache-Control"));
  CHECK_FALSE(open.contains("Cross-Origin-Resource-Policy"));
  CHECK(open.contains("X-Content-Type-Options"));
  const auto kept = Secured({200, "text/plain", "", {{"cache-control", "private, no-cache"}}});
  CHECK_FALSE(kept.contains("Cache-Control"));
  CHECK(kept.contains("Cross-Origin-Resource-Policy"));
  const auto own = Secured({200, "text/html", "", {{"CONTENT-SECURITY-POLICY", "default-src 'none'"}}});
  CHECK_FALSE(own.contains("Content-Security-Policy"));
}

TEST_CASE("an answer's head: status, length, one line a name, cookies as many as there are") {
  RouteAnswer answer{
      201, "text/plain", "four", {{"Set-Cookie", "a=1"}, {"Set-Cookie", "b=2"}, {"Cache-Control", "private"}}};
  const std::string head = AnswerHead(answer, true);
  CHECK(head.starts_with("HTTP/1.1 201 Created\r\nDate: "));
  CHECK(head.ends_with("\r\n\r\n"));
  CHECK(head.find("\r\nContent-Length: 4\r\n") != std::string::npos);
  CHECK(head.find("\r\nContent-Type: text/plain\r\n") != std::string::npos);
  CHECK(LinesOf(head, "Set-Cookie") == 2);
  CHECK(LinesOf(head, "Cache-Control") == 1);
  CHECK(LinesOf(head, "Connection") == 0);
  CHECK(LinesOf(AnswerHead(answer, false), "Connection") == 1);
  answer.body.clear();
  CHECK(LinesOf(AnswerHead(answer, true), "Content-Type") == 0);
  for (const int status : {204, 304}) {
    const std::string bare = AnswerHead({status, "text/plain", "left out", {{"ETag", "\"1\""}}}, true);
    CHECK(LinesOf(bare, "Content-Length") == 0);
    CHECK(LinesOf(bare, "ETag") == 1);
  }
}

TEST_CASE("an answer whose headers would break its head is not sent") {
  const auto sound = [](const char* name, const std::string& value) {
    return HeadersAreSound({200, "text/plain", "", {{name, value}}});
  };
  CHECK(sound("X-A", "b c\td"));
  CHECK(sound("X-A", "\xC3\xA1"));
  for (const char* value : {"a\r\nB: c", "a\n", "a\r", "\x01", "\x7F"}) CHECK_FALSE(sound("X-A", value));
  CHECK_FALSE(sound("X-A", std::string(1, '\0')));
  for (const char* name : {"", "A B", "A:", "A\r\n", "Content-Length", "transfer-encoding", "Connection", "Date"}) {
    CHECK_FALSE(sound(name, "1"));
  }
  CHECK_FALSE(HeadersAreSound({200, "text/plain\r\nA: b", "", {}}));
}

TEST_CASE("a redirect goes on with GET and has no body") {
  const RouteAnswer on = SeeOther("/there?x=1");
  CHECK(on.status == 303);
  CHECK(on.headers == std::vector<std::pair<std::string, std::string>>{{"Location", "/there?x=1"}});
  for (const char* bad : {"/a\r\nSet-Cookie: x=1", "/a\n", "/\t", "/\x7F"}) CHECK(SeeOther(bad).status == 500);
}
