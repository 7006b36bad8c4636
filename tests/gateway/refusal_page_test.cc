// Goal: a refusal is called by what it refuses, and every page that says no leads to the other language.
// Method: the pages as HTML, of requests that were never sent.
#include <doctest/doctest.h>

#include <string>
#include <tuple>
#include <vector>

#include "gateway/file_gate.h"
#include "gateway/page.h"
#include "gateway/web_gate.h"

using namespace mc;

namespace {

std::string TitleIn(const std::string& html) {
  const std::size_t at = html.find("<h1>") + 4;
  return html.substr(at, html.find("</h1>") - at);
}

bool Holds(const std::string& html, const std::string& part) { return html.find(part) != std::string::npos; }

RouteRequest Navigation(const std::string& path, const std::string& query, const std::string& accept_language) {
  RouteRequest request;
  request.path = path;
  request.query = query;
  request.headers = {{"accept", "text/html"}, {"accept-language", accept_language}};
  return request;
}

}  // namespace

TEST_CASE("refusal: no page about a session or a request is called a failed sign-in") {
  struct Case {
    std::string kind, vi, en, leads_to;
  };
  const std::vector<Case> cases = {
      {"ended", "Phiên làm việc đã kết thúc", "Your session has ended", "/sign-in"},
      {"busy", "Hệ thống đang bận", "The system is busy", "/"},
      {"forged", "Yêu cầu bị từ chối", "The request was refused", "/"},
      {"other_person", "Chưa xác nhận lại được", "You could not be confirmed anew", "/"},
      {"sign_out", "Chưa xác nhận được việc đăng xuất", "The sign-out could not be confirmed", "/"},
      {"again", "Chưa đăng nhập được", "You could not be signed in", "/sign-in"},
      {"level", "Chưa đăng nhập được", "You could not be signed in", "/sign-in"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.kind);
    const RouteAnswer vi = RefusalPage(Navigation("/sign-out", "", "vi"), 403, c.kind, Instant{0});
    CHECK(vi.status == 403);
    CHECK(TitleIn(vi.body) == c.vi);
    CHECK(Holds(vi.body, "<title>" + c.vi));
    CHECK(Holds(vi.body, "<code>" + c.kind + "</code>"));
    CHECK(Holds(vi.body, "class=\"button\" href=\"" + c.leads_to + "\""));
    CHECK(TitleIn(RefusalPage(Navigation("/", "", "en"), 403, c.kind, Instant{0}).body) == c.en);
  }
}

// What was refused cannot be asked again to read it in another language: a state is good once, a form was sent.
TEST_CASE("refusal: the link to the other language leads to the same words below, and asks nothing again") {
  for (const auto& [tag, other, link] : {std::tuple{"vi", "en", "English"}, {"en", "vi", "Tiếng Việt"}}) {
    CAPTURE(tag);
    const std::string html =
        RefusalPage(Navigation("/sign-in/oidc/callback", "code=x&state=y", tag), 400, "again", Instant{0}).body;
    CHECK(Holds(html, "<html lang=\"" + std::string(tag) + "\">"));
    CHECK(Holds(html, "<a href=\"#other-language\" lang=\"" + std::string(other) + "\" hreflang=\"" + other + "\">" +
                          link + "</a>"));
    const std::size_t below = html.find("<section id=\"other-language\" lang=\"" + std::string(other) + "\">");
    REQUIRE(below != std::string::npos);
    const Language there = std::string(other) == "vi" ? Language::kVi : Language::kEn;
    CHECK(Holds(html.substr(below), "<h2>" + std::string(Say(there, "refused")) + "</h2>"));
    CHECK(Holds(html.substr(below), std::string(SayRefusal(there, "again"))));
    CHECK_FALSE(Holds(html, "state=y"));
  }
}

TEST_CASE("a page that may be asked again says no with a link to itself in the other language, which stays chosen") {
  const RouteAnswer vi = SayNo(Navigation("/units/H26.1", "", "vi"), 403, "forbidden", "forbidden_lead");
  CHECK(Holds(vi.body, "<a href=\"/units/H26.1?lang=en\" lang=\"en\" hreflang=\"en\">English</a>"));
  const RouteAnswer en = SayNo(Navigation("/units/H26.1", "a=1&lang=en&b=2", "vi"), 403, "forbidden", "forbidden_lead");
  CHECK(Holds(en.body, "<a href=\"/units/H26.1?a=1&amp;b=2&amp;lang=vi\" lang=\"vi\" hreflang=\"vi\">Tiếng Việt</a>"));
  bool kept = false;
  for (const auto& [name, value] : en.headers) kept |= name == "Set-Cookie" && value.starts_with(kLanguageCookie);
  CHECK(kept);
}

TEST_CASE("page: its address for the other language has no language of its own") {
  const auto path = [](const std::string& query) { return PathOf(Navigation("/p", query, "vi")); };
  CHECK(path("") == "/p");
  CHECK(path("lang=en") == "/p");
  CHECK(path("lang=en&lang=vi") == "/p");
  CHECK(path("to=/a&lang=en") == "/p?to=/a");
  CHECK(path("&slang=x&&b") == "/p?slang=x&b");
}
