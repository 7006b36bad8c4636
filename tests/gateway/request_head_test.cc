// Goal: a request means the same to us and to any proxy in front, or it is refused. One case for each form in which two
// readers can differ (request smuggling, sign-in's header spoofing), limits at and past them, and what is taken.
#include "gateway/request_head.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace mc;

namespace {

const std::string kLine = "GET /a HTTP/1.1\r\n";
const std::string kHost = "Host: x\r\n";

int StatusOf(const std::string& head) {
  const auto parsed = ParseRequestHead(head);
  return parsed.ok() ? 200 : parsed.error().status;
}
int StatusOfFields(const std::string& fields) { return StatusOf(kLine + kHost + fields + "\r\n"); }
int StatusOfPost(const std::string& fields) { return StatusOf("POST /a HTTP/1.1\r\n" + kHost + fields + "\r\n"); }
int StatusOfTarget(const std::string& target) { return StatusOf("GET " + target + " HTTP/1.1\r\n" + kHost + "\r\n"); }

RequestHead Parsed(const std::string& head) {
  const auto parsed = ParseRequestHead(head);
  REQUIRE(parsed.ok());
  return *parsed;
}

}  // namespace

TEST_CASE("request head: what a request says") {
  const RequestHead head = Parsed(
      "POST /a%20b/%C3%A1?x=%31&x=2?3 HTTP/1.1\r\nhOsT: city.example:443\r\nContent-Length: 12\r\nAccept: a\r\n"
      "Empty:\r\nX-T: \t one two\t \r\nACCEPT:b\r\nExpect: 100-Continue\r\n\r\n");
  CHECK(head.method == "POST");
  CHECK(head.path == "/a b/á");
  CHECK(head.query == "x=%31&x=2?3");
  CHECK(head.headers == std::map<std::string, std::string>{{"host", "city.example:443"},
                                                           {"content-length", "12"},
                                                           {"accept", "a, b"},
                                                           {"empty", ""},
                                                           {"x-t", "one two"},
                                                           {"expect", "100-Continue"}});
  CHECK(head.content_length == 12);
  CHECK(head.keep_alive);
  CHECK(head.expects_continue);
  CHECK_FALSE(head.chunked);
}

TEST_CASE("request head: who ends the connection") {
  CHECK(Parsed(kLine + kHost + "\r\n").keep_alive);
  CHECK_FALSE(Parsed(kLine + kHost + "Connection: close\r\n\r\n").keep_alive);
  CHECK_FALSE(Parsed(kLine + kHost + "Connection: x , CLOSE\r\n\r\n").keep_alive);
  CHECK(Parsed(kLine + kHost + "Connection: closer\r\n\r\n").keep_alive);
  CHECK_FALSE(Parsed("GET /a HTTP/1.0\r\n\r\n").keep_alive);
  CHECK_FALSE(Parsed("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
  CHECK_FALSE(Parsed(kLine + kHost + "Expect: 100-continue\r\n\r\n").expects_continue);  // there is no body
  CHECK(StatusOfPost("Content-Length: 1\r\nExpect: 200-ok\r\n") == 417);
}

TEST_CASE("request head refused: Host twice, absent, or no host") {
  CHECK(StatusOf(kLine + kHost + kHost + "\r\n") == 400);
  CHECK(StatusOf(kLine + "\r\n") == 400);
  CHECK(StatusOf("GET /a HTTP/1.0\r\n\r\n") == 200);
  for (const char* host : {"", "a b", "a/b", "a@b", "a,b", "a\\b", "a?b", "\xC3\xA1"}) {
    CAPTURE(std::string(host));
    CHECK(StatusOf(kLine + "Host: " + host + "\r\n\r\n") == 400);
  }
  for (const char* host : {"x", "x.y-z:8", "127.0.0.1:80", "[::1]:80"}) {
    CHECK(StatusOf(kLine + "Host: " + host + "\r\n\r\n") == 200);
  }
}

TEST_CASE("request head refused: Content-Length twice, also when both say the same") {
  CHECK(StatusOfPost("Content-Length: 5\r\nContent-Length: 5\r\n") == 400);
  CHECK(StatusOfPost("Content-Length: 5\r\ncontent-length: 6\r\n") == 400);
  CHECK(StatusOfPost("Content-Length: 5, 5\r\n") == 400);
}

TEST_CASE("request head refused: a Content-Length that is no plain number") {
  for (const char* length : {"+5", "-5", "0x5", "5 5", "5.", "", "1e1", "99999999999999999999", "\xC2\xB2"}) {
    CAPTURE(std::string(length));
    CHECK(StatusOfPost(std::string("Content-Length: ") + length + "\r\n") == 400);
  }
  CHECK(Parsed("POST /a HTTP/1.1\r\n" + kHost + "Content-Length: 999999999999999\r\n\r\n").content_length ==
        999'999'999'999'999);
  CHECK(StatusOfPost("Content-Length: 1000000000000000\r\n") == 400);  // one digit more
}

TEST_CASE("request head refused: Content-Length beside Transfer-Encoding, in either order") {
  CHECK(StatusOfPost("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") == 400);
  CHECK(StatusOfPost("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n") == 400);
  CHECK(StatusOfPost("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n") == 400);
}

TEST_CASE("request head refused: every Transfer-Encoding but chunked, once, in HTTP/1.1") {
  for (const char* coding : {"identity", "gzip, chunked", "chunked, identity", "chunked, chunked", "xchunked",
                             "chunked;q=1", "\"chunked\"", "", "chunked\x0b"}) {
    CAPTURE(std::string(coding));
    CHECK(StatusOfPost(std::string("Transfer-Encoding: ") + coding + "\r\n") == 400);
  }
  CHECK(StatusOfPost("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") == 400);
  CHECK(StatusOf("POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
  CHECK(Parsed("POST /a HTTP/1.1\r\n" + kHost + "Transfer-Encoding: Chunked\r\n\r\n").chunked);
}

TEST_CASE("request head refused: a body where the method takes none") {
  for (const char* method : {"GET", "HEAD", "DELETE"}) {
    CHECK(StatusOf(std::string(method) + " /a HTTP/1.1\r\n" + kHost + "Content-Length: 1\r\n\r\n") == 400);
    CHECK(StatusOf(std::string(method) + " /a HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n") == 400);
    CHECK(StatusOf(std::string(method) + " /a HTTP/1.1\r\n" + kHost + "Content-Length: 0\r\n\r\n") == 200);
  }
}

TEST_CASE("request head refused: a body that is coded") {
  CHECK(StatusOfPost("Content-Length: 1\r\nContent-Encoding: gzip\r\n") == 415);
  CHECK(StatusOfPost("Content-Length: 1\r\nContent-Encoding: identity\r\n") == 200);
}

TEST_CASE("request head refused: a folded line") {
  CHECK(StatusOfFields("A: b\r\n c\r\n") == 400);
  CHECK(StatusOfFields("A: b\r\n\tc: d\r\n") == 400);
  CHECK(StatusOf(kLine + " Host: x\r\n\r\n") == 400);  // the first one
}

TEST_CASE("request head refused: a name with a blank before or in it, empty, or no token") {
  for (const char* field : {"A : b", "A b: c", ": b", "A", "A\t: b", "(A): b", "A\x01: b", "\xC3\xA1: b", "\"A\": b"}) {
    CAPTURE(std::string(field));
    CHECK(StatusOfFields(std::string(field) + "\r\n") == 400);
  }
  CHECK(StatusOfFields("Transfer-Encoding : chunked\r\n") == 400);
}

TEST_CASE("request head refused: a name with '_', which reads as one with '-' elsewhere") {
  for (const char* name :
       {"X_Forwarded_For", "X-Forwarded_For", "REMOTE_ADDR", "REMOTE_PORT", "LOCAL_ADDR", "Content_Length"}) {
    CAPTURE(std::string(name));
    CHECK(StatusOfFields(std::string(name) + ": 1\r\n") == 400);
  }
}

TEST_CASE("request head refused: a name twice whose field is no list") {
  for (const char* name :
       {"Cookie", "Authorization", "Origin", "Content-Type", "Idempotency-Key", "Referer", "X-Any", "Expect"}) {
    CAPTURE(std::string(name));
    CHECK(StatusOfFields(std::string(name) + ": 1\r\n") != 400);
    CHECK(StatusOfFields(std::string(name) + ": 1\r\n" + std::string(name) + ": 1\r\n") == 400);
  }
  CHECK(StatusOfFields("cookie: a=1\r\nCOOKIE: b=1\r\n") == 400);
  CHECK(Parsed(kLine + kHost + "If-None-Match: \"a\"\r\nIf-None-Match: \"b\"\r\n\r\n").headers.at("if-none-match") ==
        "\"a\", \"b\"");
}

TEST_CASE("request head refused: a bare CR or LF, NUL and other control characters") {
  const std::string nul(1, '\0');
  for (const std::string& value : {std::string("a\rb"), std::string("a\nb"), "a" + nul + "b", std::string("a\x0b"),
                                   std::string("a\x7F"), std::string("\r")}) {
    CHECK(StatusOfFields("A: " + value + "\r\n") == 400);
    CHECK(StatusOfTarget("/a" + value) == 400);
  }
  CHECK(StatusOf("GET /a HTTP/1.1\n" + kHost + "\r\n") == 400);
  CHECK(StatusOf("GET /a HTTP/1.1\r\r\n" + kHost + "\r\n") == 400);
  CHECK(StatusOf("\r\nGET /a HTTP/1.1\r\n" + kHost + "\r\n") == 400);
  CHECK(StatusOf("GET /a HTTP/1.1\r\nHost: x\n\n") == 400);
  CHECK(StatusOfFields("A: \xC3\xA1\r\n") == 200);  // above ASCII: as it came
}

TEST_CASE("request head refused: a request line of another form") {
  CHECK(StatusOf("GET http://x/a HTTP/1.1\r\n" + kHost + "\r\n") == 400);
  CHECK(StatusOf("GET HTTP://x HTTP/1.1\r\n" + kHost + "\r\n") == 400);
  CHECK(StatusOf("OPTIONS * HTTP/1.1\r\n" + kHost + "\r\n") == 400);
  CHECK(StatusOf("CONNECT x:443 HTTP/1.1\r\n" + kHost + "\r\n") == 400);
  for (const char* line : {"GET /a", "GET  /a HTTP/1.1", "GET /a  HTTP/1.1", "GET\t/a HTTP/1.1", " GET /a HTTP/1.1",
                           "GET /a HTTP/1.1 ", "GET /a b HTTP/1.1", "GET a HTTP/1.1", "G(T /a HTTP/1.1",
                           "GET /a http/1.1", "GET /a HTTP/1.10", "GET /a HTTP/11", "", "G_T /a HTTP/1.1"}) {
    CAPTURE(std::string(line));
    CHECK(StatusOf(std::string(line) + "\r\n" + kHost + "\r\n") == 400);
  }
  CHECK(StatusOf("PRI * HTTP/2.0\r\n\r\n") == 505);
  CHECK(StatusOf("GET /a HTTP/1.2\r\n" + kHost + "\r\n") == 505);
}

TEST_CASE("request head refused: a path that reads as another one elsewhere") {
  for (const char* path :
       {"/..",     "/.",     "/a/../b", "/a/./b",    "//",    "//a",          "/a//b", "/a/..", "/%2e%2e/b", "/%2E/b",
        "/a%2Fb",  "/a%2fb", "/a%5Cb",  "/a\\b",     "/a%00", "/a%0d%0aX: y", "/a%7F", "/a%",   "/a%4",      "/a%zz",
        "/a%252e", "/a#b",   "/a?b#c",  "/\xC3\xA1", "/%C3",  "/%FF",         "/a|b",  "/a\"b", "/{a}"}) {
    CAPTURE(std::string(path));
    CHECK(StatusOfTarget(path) == 400);
  }
  for (const char* path : {"/", "/a/", "/...", "/.a", "/a..b", "/a;b=c", "/a:@!$&'()*+,=~b", "/a?b|c=[d]{}\"^`\\"}) {
    CAPTURE(std::string(path));
    CHECK(StatusOfTarget(path) == 200);
  }
}

// sign-in.md's own words: never trust who a header says it is.
TEST_CASE("request head: what says who or where the client is reaches no route") {
  const RequestHead head = Parsed(kLine + kHost +
                                  "X-Forwarded-For: 10.0.0.1\r\nx-forwarded-host: evil\r\nX-Forwarded-User: root\r\n"
                                  "Forwarded: for=10.0.0.1\r\nX-Real-IP: 10.0.0.1\r\nTrue-Client-IP: 1\r\n"
                                  "X-Client-IP: 1\r\nX-Original-URL: /admin\r\nX-Rewrite-URL: /admin\r\n"
                                  "Client-Cert: :AA==:\r\nClient-Cert-Chain: :AA==:\r\nKept: 1\r\n\r\n");
  CHECK(head.headers == std::map<std::string, std::string>{{"host", "x"}, {"kept", "1"}});
}

TEST_CASE("request head: limits, at them and one past") {
  const std::string path_at(kRequestPathLimitBytes - 1, 'a');
  CHECK(StatusOfTarget("/" + path_at) == 200);
  CHECK(StatusOfTarget("/" + path_at + "a") == 414);
  const std::string query_at(kRequestTargetLimitBytes - 2, 'q');
  CHECK(StatusOfTarget("/?" + query_at) == 200);
  CHECK(StatusOfTarget("/?" + query_at + "q") == 414);
  const std::string value_at(kHeaderLineLimitBytes - 3, 'v');
  CHECK(StatusOfFields("A: " + value_at + "\r\n") == 200);
  CHECK(StatusOfFields("A: " + value_at + "v\r\n") == 431);
  std::string fields;
  for (std::size_t i = 1; i < kHeaderCountLimit; ++i) fields += "A" + std::to_string(i) + ": b\r\n";
  CHECK(StatusOfFields(fields) == 200);  // with Host
  CHECK(StatusOfFields(fields + "B: b\r\n") == 431);
}

TEST_CASE("request head: its end is found in pieces, and a line that cannot be of a head at once") {
  const std::string whole = kLine + kHost + "\r\n";
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    CHECK(ScanHead(whole.substr(0, cut), 0).part == HeadPart::kGoesOn);
    const HeadScan scan = ScanHead(whole + "GET /b", cut);
    CHECK(scan.part == HeadPart::kWhole);
    CHECK(scan.size == whole.size());
  }
  for (const char* broken :
       {"\n", "\r\n", "GET /a HTTP/1.1\n", "GET /a HTTP/1.1\r\nHost: x\n", "GET / HTTP/1.1\r\n\n"}) {
    CHECK(ScanHead(broken, 0).part == HeadPart::kBroken);
  }
}
