// Goal: nothing that opens a door or names a person's papers survives a recording, and what
// is no such thing stays byte for byte.
// Method: tables of bytes before and after; numbers are compared by shape and consistency.
#include "core/redact.h"

#include <doctest/doctest.h>

using namespace mc;

namespace {

const std::string kKey(32, 'k');

std::string Cleaned(const std::string& text, std::vector<std::string> secrets = {}) {
  return Redactor(kKey, std::move(secrets)).Clean(text);
}

}  // namespace

TEST_CASE("redact: secrets, as they are and percent-encoded, the longest first") {
  const std::vector<std::string> secrets = {"s3cret", "s3cret/and more", "abc"};
  CHECK(Cleaned("Bearer s3cret", secrets) == "Bearer redacted");
  CHECK(Cleaned("?key=s3cret%2Fand%20more&x=1", secrets) == "?key=redacted&x=1");
  CHECK(Cleaned("s3cret/and more", secrets) == "redacted");
  CHECK(Cleaned("abc", secrets) == "abc");  // under kShortestSecretBytes: no secret, and everywhere
  CHECK(Cleaned("abcd", {"abcd"}) == "redacted");
  CHECK(Cleaned("redacted", {"redacted"}) == "redacted");
}

TEST_CASE("redact: what an answer hands out is learned") {
  Redactor redactor(kKey, {});
  redactor.LearnFrom(R"({"data":{"access_token" : "ey.J9"},"session":"phien-77","userProfileUri":"https://x?t=ab"})");
  CHECK(redactor.Clean("a ey.J9 b") == "a redacted b");
  CHECK(redactor.Clean(R"({"session":"phien-77"})") == R"({"session":"redacted"})");
  CHECK(redactor.Clean("https://x?t=ab") == "redacted");
  redactor.LearnFrom(R"({"tokens":"nothing","token":null,"session":"cut)");
  CHECK(redactor.Clean("nothing null cut") == "nothing null cut");
}

TEST_CASE("redact: a secret under other escapes, and one that is a number") {
  CHECK(Cleaned(R"({"password":"p\"q\\r"})", {R"(p"q\r)"}) == R"({"password":"redacted"})");
  CHECK(Cleaned(R"(a\/b== a/b==)", {"a/b=="}) == "redacted redacted");
  Redactor redactor(kKey, {});
  redactor.LearnFrom(R"({"session":"ab\/c\"d","other":1})");
  CHECK(redactor.Clean(R"({"session":"ab/c\"d"})") == R"({"session":"redacted"})");
  CHECK(redactor.Clean(R"(ab\/c\"d ab/c"d)") == "redacted redacted");
  redactor.LearnFrom(R"({"session": 20260610, "token": 123, "id_token": true})");
  CHECK(redactor.Clean(R"({"session":"20260610","n":123,"b":true})") == R"({"session":"redacted","n":123,"b":true})");
}

TEST_CASE("redact: personal numbers become others of their shape, the same for the same") {
  for (const std::string number : {"001099012345", "123456789", "0912345678"}) {
    CAPTURE(number);
    const std::string cleaned = Cleaned("a \"" + number + "\" b " + number);
    CHECK(cleaned.find(number) == std::string::npos);
    REQUIRE(cleaned.size() == number.size() * 2 + 7);
    const std::string first = cleaned.substr(3, number.size());
    CHECK(cleaned.substr(cleaned.size() - number.size()) == first);
    CHECK((first[0] == '0') == (number[0] == '0'));
    CHECK(first.find_first_not_of("0123456789") == std::string::npos);
    CHECK(Redactor(std::string(32, 'x'), {}).Clean(number) != Cleaned(number));
  }
  const std::string abroad = Cleaned("tel +84912345678.");
  CHECK(abroad.starts_with("tel +84"));
  CHECK(abroad != "tel +84912345678.");
}

TEST_CASE("redact: what is no personal number stays") {
  for (const std::string text :
       {"20260610083000", "202606100830", "1718000000127", "12345678", "1234567890", "84912345678",
        "H26.101-260404-00061", "a123456789", "123456789b", "2026-06-10T03:00:00.000000Z"}) {
    CHECK(Cleaned(text) == text);
  }
}

TEST_CASE("redact: long base64 keeps its front and its length") {
  const std::string at_limit(kBase64RunBytes, 'q'), below(kBase64RunBytes - 1, 'q');
  CHECK(Cleaned(below) == below);
  CHECK(Cleaned("<C>" + at_limit + "==</C>") ==
        "<C>" + std::string(kBase64KeptBytes, 'q') + std::string(kBase64RunBytes - kBase64KeptBytes, 'A') + "==</C>");
  std::string lines;
  for (int i = 0; i < 4; ++i) lines += std::string(76, 'z') + "\r\n";
  const std::string cleaned = Cleaned(lines);
  CHECK(cleaned.size() == lines.size());
  CHECK(cleaned.substr(0, kBase64KeptBytes) == std::string(kBase64KeptBytes, 'z'));
  CHECK(cleaned.find('z', kBase64KeptBytes) == std::string::npos);
  CHECK(cleaned.substr(76, 2) == "\r\n");
}

TEST_CASE("redact: secrets learned at the limit and one past it") {
  const auto body = [](std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += "{\"token\":\"tok-" + std::to_string(i) + "\"},";
    return text;
  };
  const std::string last = "tok-" + std::to_string(kLearnedSecretsLimit - 1);
  Redactor redactor(kKey, {"s3cret"});
  CHECK(redactor.LearnFrom(body(kLearnedSecretsLimit)));
  CHECK(redactor.LearnFrom(body(kLearnedSecretsLimit)));  // known ones are none more
  CHECK(redactor.LearnFrom(R"({"token":"abc","session":"redacted","token":"s3cret"})"));
  CHECK(redactor.Clean(last + " s3cret") == "redacted redacted");
  CHECK_FALSE(redactor.LearnFrom(R"({"token":"one more"})"));
  CHECK_FALSE(Redactor(kKey, {}).LearnFrom(body(kLearnedSecretsLimit + 1)));
}
