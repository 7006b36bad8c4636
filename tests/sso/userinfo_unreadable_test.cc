// Core section 5.3.2: one JSON object under 200; signed or encrypted answers are not asked for.
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: userinfo unreadable") {
  const auto edit = [](std::function<void(Result<HttpResponse>&)> how) {
    return [how](Scene& s) { s.edit_userinfo_answer = how; };
  };
  Expect(
      {
          {"401", "userinfo_status", edit([](Result<HttpResponse>& r) { r->status = 401; })},
          {"302", "userinfo_status", edit([](Result<HttpResponse>& r) { r->status = 302; })},
          {"500 with a good body", "userinfo_status", edit([](Result<HttpResponse>& r) { r->status = 500; })},
          {"HTML", "userinfo_malformed", edit([](Result<HttpResponse>& r) { r->body = "<html>"; })},
          {"application/jwt", "userinfo_malformed",
           edit([](Result<HttpResponse>& r) { r->headers["content-type"] = "application/jwt"; })},
          {"sub twice", "userinfo_malformed",
           edit([](Result<HttpResponse>& r) { r->body.insert(1, R"("sub":"x",)"); })},
          {"the number twice", "userinfo_malformed",
           edit([](Result<HttpResponse>& r) { r->body.insert(1, R"("SoDinhDanh":"001085099999",)"); })},
          {"one past its limit", "userinfo_malformed",
           edit([](Result<HttpResponse>& r) { r->body.resize(kAnswerLimitBytes + 1, ' '); })},
          {"too slow", "userinfo_unreachable",
           edit([](Result<HttpResponse>& r) { r = TransientError("timeout", "too slow"); })},
      },
      Userinfo::kCalled);
  Expect({{"at its limit", "", edit([](Result<HttpResponse>& r) { r->body.resize(kAnswerLimitBytes, ' '); })}});
}

}  // namespace mc::sso::testing
