// Goal: what pages are made of says periods as people do, and lets no text become markup.
#include "gateway/html.h"

#include <doctest/doctest.h>

using namespace mc;

TEST_CASE("html: a period is said as people say it, and anything else stays text") {
  CHECK(PeriodHtml(Language::kVi, "2026-06") == "Tháng 6/2026");
  CHECK(PeriodHtml(Language::kVi, "2026-12") == "Tháng 12/2026");
  CHECK(PeriodHtml(Language::kEn, "2026-01") == "January 2026");
  CHECK(PeriodHtml(Language::kEn, "2026-12") == "December 2026");
  CHECK(PeriodHtml(Language::kEn, "2026-13") == "2026-13");
  CHECK(PeriodHtml(Language::kVi, "<b>") == "&lt;b&gt;");
}

TEST_CASE("html: the way to other periods marks the one that is shown, and does not lead to it") {
  const std::string nav = PeriodNav(Language::kEn, {"2026-05", "2026-06"}, "2026-06",
                                    [](const std::string& period) { return "/x?a=1&period=" + period; });
  CHECK(nav.find("<a href=\"/x?a=1&amp;period=2026-05\">May 2026</a>") != std::string::npos);
  CHECK(nav.find("<strong aria-current=\"page\">June 2026</strong>") != std::string::npos);
  CHECK(nav.find("period=2026-06") == std::string::npos);
}

TEST_CASE("html: cells, links and data are escaped where they are text") {
  CHECK(Vietnamese("a<b>&\"'") == "<span lang=\"vi\">a&lt;b&gt;&amp;&quot;&#39;</span>");
  CHECK(LinkTo("/a\"onclick=\"x", "y") == "<a href=\"/a&quot;onclick=&quot;x\">y</a>");
}
