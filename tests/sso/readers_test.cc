// Goal: the readers of what strangers write take one form of everything, within their limits.
// Method: tables, at each limit and one past it. The JSON reader beneath is tested in tests/core/json_test.cc.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "sso/base64url.h"
#include "sso/cookie.h"
#include "sso/form.h"
#include "sso/strict_json.h"
#include "sso/url.h"

namespace mc::sso {
namespace {

TEST_CASE("base64url: RFC 4648 section 10 and one form only") {
  const std::pair<const char*, const char*> pairs[] = {{"", ""},           {"f", "Zg"},        {"fo", "Zm8"},
                                                       {"foo", "Zm9v"},    {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"},
                                                       {"\xFB\xFF", "-_8"}};
  for (const auto& [bytes, text] : pairs) {
    CHECK(ToBase64Url(bytes) == text);
    CHECK(FromBase64Url(text) == std::string(bytes));
  }
  for (const char* bad : {"Z", "Zg==", "Zg=", "Zh", "Zm9", "+_8", "-/8", "Z g", "Zg\n", "Zm9vYm", "\xC3\xA9"}) {
    CAPTURE(bad);
    CHECK_FALSE(FromBase64Url(bad).has_value());
  }
}

TEST_CASE("strict objects") {
  CHECK(StrictObject("{}", 2).has_value());
  CHECK_FALSE(StrictObject("{} ", 2).has_value());
  for (const char* bad : {"", "[]", "1", "\xEF\xBB\xBF{}", "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":1,\"b\":1}}", "{} {}",
                          "{\"a\":1,}", "{'a':1}", "{\"a\":\"\xFF\"}", "{/**/}", "{\"a\":NaN}"}) {
    CAPTURE(bad);
    CHECK_FALSE(StrictObject(bad, 1'000).has_value());
  }
  const auto nested = [](int levels) {
    return "{\"a\":" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
  };
  CHECK(StrictObject(nested(kProviderJsonDepthLimit), 1'000).has_value());
  CHECK_FALSE(StrictObject(nested(kProviderJsonDepthLimit + 1), 1'000).has_value());
}

TEST_CASE("texts and dates of an object") {
  const auto text = [](const char* json, std::size_t limit) { return TextOf(*StrictObject(json, 100), "a", limit); };
  CHECK(text("{}", 3).presence == Presence::kAbsent);
  CHECK(text(R"({"a":"abc"})", 3).text == "abc");
  for (const char* wrong : {R"({"a":"abcd"})", R"({"a":""})", R"({"a":null})", R"({"a":1})", R"({"a":["b"]})",
                            R"({"a":"\n"})", R"({"a":"\u007f"})", R"({"a":"\u0085"})"}) {
    CAPTURE(wrong);
    CHECK(text(wrong, 3).presence == Presence::kWrong);
  }
  const auto date = [](const char* json) { return DateOf(*StrictObject(json, 100), "a"); };
  CHECK(date("{}").presence == Presence::kAbsent);
  CHECK(date(R"({"a":0})").presence == Presence::kThere);
  CHECK(date(R"({"a":1700000000.9})").seconds == 1'700'000'000);
  CHECK(date(R"({"a":1.7e9})").seconds == 1'700'000'000);
  CHECK(date(R"({"a":253402300799})").seconds == kNumericDateMost);
  for (const char* wrong :
       {R"({"a":253402300800})", R"({"a":-1})", R"({"a":-0.5})", R"({"a":"1"})", R"({"a":null})", R"({"a":1e300})",
        R"({"a":18446744073709551615})", R"({"a":9223372036854775808})", R"({"a":true})"}) {
    CAPTURE(wrong);
    CHECK(date(wrong).presence == Presence::kWrong);
  }
}

TEST_CASE("forms") {
  const auto form = ParseForm("a=1&b=%2B+%c3%A9&&c&d=");
  REQUIRE(form.has_value());
  CHECK(*form == Form{{"a", "1"}, {"b", "+ \xC3\xA9"}, {"c", ""}, {"d", ""}});
  CHECK_FALSE(HasDuplicate(*form));
  CHECK(HasDuplicate(*ParseForm("a=1&%61=2")));
  CHECK(CountOf(*ParseForm("a=1&b=2&a"), "a") == 2);
  CHECK(*ValueOf(*ParseForm("a=1&a=2"), "a") == "1");
  CHECK(ValueOf(*form, "e") == nullptr);
  for (const char* bad : {"a=%", "a=%4", "a=%zz", "a=%00", "a=%0d%0a", "%0a=1", "a=%ff", "a=\x01", "a=%c2%85"}) {
    CAPTURE(bad);
    CHECK_FALSE(ParseForm(bad).has_value());
  }
  CHECK(ParseForm("a=" + std::string(kFormLimitBytes - 2, 'x')).has_value());
  CHECK_FALSE(ParseForm("a=" + std::string(kFormLimitBytes - 1, 'x')).has_value());
  std::string many;
  for (std::size_t i = 0; i < kFormMostParameters; ++i) many += "a&";
  CHECK(ParseForm(many).has_value());
  CHECK_FALSE(ParseForm(many + "a").has_value());
  CHECK(*ParseForm(FormText({{"a b", "&=%+\xE1\xBA\xBF~"}})) == Form{{"a b", "&=%+\xE1\xBA\xBF~"}});
}

TEST_CASE("cookies") {
  const auto value = [](const std::string& header) {
    const auto found = CookieNamed(header, "__Host-a");
    return found.ok() ? found->value_or("none") : std::string(Code(found.error()));
  };
  CHECK(value("") == "none");
  CHECK(value("__Host-a=x-_9Z") == "x-_9Z");
  CHECK(value("b=1; __Host-a=x; c=\"2,3\"") == "x");
  CHECK(value("b=1;__Host-a=x") == "x");
  CHECK(value("__host-a=x") == "none");
  CHECK(value("x__Host-a=x; __Host-ab=y; __Host-a") == "none");
  CHECK(value("__Host-a=x; __Host-a=x") == "cookie_malformed");
  CHECK(value("__Host-a=x; b=1; __Host-a=y") == "cookie_malformed");
  for (const char* bad : {"__Host-a=", "__Host-a=\"x\"", "__Host-a=x y", "__Host-a=x,__Host-a=y", "__Host-a=a=b",
                          "__Host-a=%41", "__Host-a=\xC3\xA9"}) {
    CAPTURE(bad);
    CHECK(value(bad) == "cookie_malformed");
  }
  const std::string rest = "; __Host-a=x";
  CHECK(value(std::string(kCookieHeaderLimitBytes - rest.size(), 'b') + rest) == "x");
  CHECK(value(std::string(kCookieHeaderLimitBytes - rest.size() + 1, 'b') + rest) == "cookie_malformed");
  std::string many;
  for (std::size_t i = 1; i < kCookieMost; ++i) many += "b=1;";
  CHECK(value(many + "__Host-a=x") == "x");
  CHECK(value(many + "b=1;__Host-a=x") == "cookie_malformed");
}

TEST_CASE("addresses") {
  const auto origin = [](const std::string& text) {
    const auto url = ParseUrl(text);
    return url ? url->origin : std::string("none");
  };
  CHECK(origin("https://a.example") == "https://a.example");
  CHECK(origin("https://a.example:8443/b?c=d") == "https://a.example:8443");
  CHECK(origin("http://[::1]:80/") == "http://[::1]:80");
  CHECK(ParseUrl("https://a.example?b")->has_query);
  CHECK_FALSE(ParseUrl("https://a.example/b")->has_query);
  for (const char* bad : {"",
                          "a.example",
                          "//a.example",
                          "ftp://a.example",
                          "HTTPS://a.example",
                          "https://",
                          "https:///b",
                          "https://A.example",
                          "https://a@b.example",
                          "https://a.example\\@b",
                          "https://a.example#b",
                          "https://a.example/ b",
                          "https://a..example",
                          "https://.a",
                          "https://-a",
                          "https://a:b",
                          "https://a:",
                          "https://a:123456",
                          "https://\xC3\xA9.example",
                          "https://[::2]/",
                          "https://a.example/\n",
                          "javascript:alert(1)"}) {
    CAPTURE(bad);
    CHECK(origin(bad) == "none");
  }
  for (const char* near : {"http://127.0.0.1:1/", "http://localhost", "http://op.localhost:2", "http://[::1]"}) {
    CHECK(ParseUrl(near)->loopback);
  }
  for (const char* far :
       {"http://127.0.0.1.example", "http://notlocalhost", "http://localhost.example", "http://127.0.0.2"}) {
    CHECK_FALSE(ParseUrl(far)->loopback);
  }
  const std::string start = "https://a.example/";
  CHECK(origin(start + std::string(kUrlLimitBytes - start.size(), 'b')) == "https://a.example");
  CHECK(origin(start + std::string(kUrlLimitBytes - start.size() + 1, 'b')) == "none");
  std::string url = "https://a.example/b";
  AppendParameter(url, "c", "d e&f");
  AppendParameter(url, "g", "h");
  CHECK(url == "https://a.example/b?c=d%20e%26f&g=h");
}

}  // namespace
}  // namespace mc::sso
