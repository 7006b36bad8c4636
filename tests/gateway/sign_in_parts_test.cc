// Goal: the small parts of the gate: where a browser may go on to, what is escaped, which language, who is a program, who
// is in the directory.
// Method: tables, the corpus R1 to R14 of open redirects among them.
#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "core/settings.h"
#include "gateway/page.h"
#include "gateway/people.h"
#include "gateway/return_path.h"
#include "gateway/web_gate.h"
#include "sso/provider.h"

using namespace mc;

TEST_CASE("return path: paths of ours stay, everything else becomes the first page") {
  for (const char* good : {"/", "/me", "/people/CB-1/sheets?period=2026-06&lang=en", "/a.b/c_d~e"}) {
    CHECK(ReturnPath(good) == good);
  }
  const std::string longest = "/" + std::string(kReturnPathLimitBytes - 1, 'a');
  CHECK(ReturnPath(longest) == longest);
  CHECK(ReturnPath(longest + "a") == "/");
  for (const std::string& bad : std::vector<std::string>{"",
                                                         "me",
                                                         "https://e/",
                                                         "//e",
                                                         "/\\e",
                                                         "\\\\e",
                                                         "/%09/e",
                                                         "/\t/e",
                                                         "http:e",
                                                         "https://me.e/",
                                                         "https://me@e/",
                                                         "javascript:alert(1)",
                                                         "/a\r\nSet-Cookie: x=1",
                                                         "/a%0d%0aSet-Cookie:x",
                                                         "https://e\\.me/",
                                                         "/ok/..//e",
                                                         "/ok/../e",
                                                         "/./e",
                                                         "/..",
                                                         "/\xE2\x88\x95/e",
                                                         "/%E2%88%95e",
                                                         "/a#b",
                                                         "/a;b",
                                                         "/?to=//e",
                                                         "/a b",
                                                         std::string("/a\0b", 4),
                                                         "/sign-in",
                                                         "/sign-in/oidc/callback?code=1",
                                                         "/sign-out/done",
                                                         "/step-up?to=/"}) {
    CAPTURE(bad);
    CHECK(ReturnPath(bad) == "/");
  }
}

TEST_CASE("page: what it takes from anybody is escaped, in text and in attributes") {
  CHECK(Escaped("<b a='1' b=\"2\">&") == "&lt;b a=&#39;1&#39; b=&quot;2&quot;&gt;&amp;");
  CHECK(Escaped("Nguyễn\n") == "Nguyễn\n");
  CHECK(Escaped(std::string_view("a\0b\r", 4)) ==
        "a\xEF\xBF\xBD"
        "b\xEF\xBF\xBD");
  WebPage page{.language = Language::kEn, .title = "<x>"};
  page.person = "\"><script>";
  page.path = "/?a=\"";
  const RouteAnswer answer = PageAnswer(200, page);
  CHECK(answer.body.find("<x>") == std::string::npos);
  CHECK(answer.body.find("<script>") == std::string::npos);
  CHECK(answer.body.find("<html lang=\"en\">") != std::string::npos);
  CHECK(answer.body.find("?a=&quot;&amp;lang=vi") != std::string::npos);
}

TEST_CASE("page: the language asked for, chosen before, preferred, else Vietnamese") {
  const auto language = [](const std::string& query, const std::string& cookie, const std::string& accept) {
    RouteRequest request;
    request.query = query;
    if (!cookie.empty()) request.headers["cookie"] = cookie;
    if (!accept.empty()) request.headers["accept-language"] = accept;
    return std::string(Tag(LanguageOf(request)));
  };
  const std::string en = std::string(kLanguageCookie) + "=en";
  CHECK(language("", "", "") == "vi");
  CHECK(language("", "", "en-GB,en;q=0.9") == "en");
  CHECK(language("", "", "vi,en;q=0.9") == "vi");
  CHECK(language("", "", "en;q=0.5, vi-VN;q=0.8") == "vi");
  CHECK(language("", "", "fr") == "vi");
  CHECK(language("", "", "en;q=0") == "vi");
  CHECK(language("", "", "en;q=x,;,q=,en;q=") == "vi");
  CHECK(language("", en, "vi") == "en");
  CHECK(language("lang=vi", en, "en") == "vi");
  CHECK(language("lang=de", en, "vi") == "en");
  CHECK(language("lang=en&lang=vi", "", "") == "en");
}

TEST_CASE("gate: who is answered as a program") {
  const auto program = [](const std::string& path, std::map<std::string, std::string> headers) {
    RouteRequest request;
    request.path = path;
    request.headers = std::move(headers);
    return IsForPrograms(request);
  };
  CHECK(program("/api/v1/me", {{"accept", "text/html"}}));
  CHECK(program("/", {}));
  CHECK(program("/", {{"accept", "*/*"}, {"sec-fetch-mode", "cors"}}));
  CHECK(program("/", {{"accept", "text/html"}, {"x-requested-with", "XMLHttpRequest"}}));
  CHECK_FALSE(program("/", {{"accept", "text/html,*/*"}}));
  CHECK_FALSE(program("/apix", {{"sec-fetch-mode", "navigate"}}));
}

TEST_CASE("people: by number, unless two have it; the posts of a day") {
  DirectoryData directory;
  directory.units = {{"U1", "Phòng A", Axis::kCommittee, "", "", {}}};
  directory.people = {{"p1", "An", SubjectGroup::kCivilServant, "aa"},
                      {"p2", "Bình", SubjectGroup::kCivilServant, "bb"},
                      {"p3", "Chi", SubjectGroup::kCivilServant, "bb"},
                      {"p4", "Dũng", SubjectGroup::kCivilServant, ""}};
  Membership post;
  post.person = "p1";
  post.unit = "U1";
  post.span = {ParseDate("2026-06-01").value(), ParseDate("2026-06-30").value()};
  directory.memberships = {post};
  const PeopleIndex index(directory);
  REQUIRE(index.ByNumber("aa"));
  CHECK(index.ByNumber("aa")->name == "An");
  CHECK_FALSE(index.ByNumber("bb"));  // whose would it be?
  CHECK_FALSE(index.ByNumber(""));
  CHECK_FALSE(index.ByNumber("cc"));
  CHECK(index.ById("p3")->name == "Chi");
  CHECK(index.ById("p1")->PostsOn(ParseDate("2026-06-30").value()).size() == 1);
  CHECK(index.ById("p1")->PostsOn(ParseDate("2026-07-01").value()).empty());
  CHECK(index.ById("p1")->posts[0].unit_name == "Phòng A");
}

TEST_CASE("people: a newer edition counts once it was read, an unreadable one leaves the last until it is stale") {
  std::optional<std::int64_t> newest;
  bool broken = false;
  int reads = 0;
  ManualClock clock{Instant{1'780'000'000 * kMicrosPerSecond}};
  People people([&]() -> Result<std::optional<std::int64_t>> { return newest; },
                [&]() -> Result<DirectoryData> {
                  if (broken) return InternalError("store_import", "broken");
                  DirectoryData directory;
                  directory.people = {{"p" + std::to_string(++reads), "x", SubjectGroup::kCadre, "aa"}};
                  return directory;
                },
                clock);
  const auto knows = [&](const char* id) {
    const auto now = people.Now();
    REQUIRE(now.ok());
    return (*now)->ById(id) != nullptr;
  };
  CHECK(people.Now().error().code == "directory_stale");  // nobody has read it yet
  REQUIRE(people.Refresh().ok());
  CHECK_FALSE((*people.Now())->ByNumber("aa"));
  newest = 3;
  REQUIRE(people.Refresh().ok());
  REQUIRE(people.Refresh().ok());
  CHECK(reads == 1);
  CHECK(knows("p1"));
  const Instant last = clock.Now();
  newest = 9;
  broken = true;
  clock.Set(Instant{last.micros + kPeopleStaleMicros});
  CHECK_FALSE(people.Refresh().ok());
  CHECK(knows("p1"));
  clock.Set(Instant{last.micros + kPeopleStaleMicros + 1});
  CHECK_FALSE(people.Refresh().ok());
  CHECK(people.Now().error().code == "directory_stale");
  broken = false;
  REQUIRE(people.Refresh().ok());
  CHECK(knows("p2"));
  CHECK_FALSE(knows("p1"));
}

TEST_CASE("settings name exactly the relaxations that are built") {
  const std::string prefix = "sign_in.providers.*.relaxations.";
  int named = 0;
  for (const SettingRow& row : SettingTable()) {
    if (!row.name.starts_with(prefix)) continue;
    ++named;
    CHECK_MESSAGE(sso::RelaxationFrom(row.name.substr(prefix.size())), row.name);
  }
  CHECK(named == static_cast<int>(sso::Relaxation::kPlainLoopback) + 1);
}
