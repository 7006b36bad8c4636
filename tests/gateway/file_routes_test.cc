// Goal: whoever sees somebody's file is noted for that person before they see it, and nobody can push that note out of
// sight; nobody reaches what is another's through a sheet that they may see.
// Method: the routes of /api/v1 and the pages over a store and a server, asked as people of a small office.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/gateway/file_support.h"

using namespace mc;
using namespace mc::test;

using Looks = std::vector<std::string>;

TEST_CASE("file routes: what there is not is no look, and what there is is noted once, for both forms of it") {
  FileScene scene;
  const Json own = ItemOf("own", LeadOf("resolved", "subject"), "ward", FileScene::Record());
  scene.Keep({FileScene::SheetWith("subject", {own})});
  const std::string sheet = FileScene::SheetRoute("subject");
  for (const std::string form : {"", "/api/v1"}) {
    CAPTURE(form);
    const std::string none(16, '0');
    for (const std::string& missing :
         Looks{sheet + "/items/" + none, sheet + "/items/" + none + "/records/" + FileScene::Record(),
               FileScene::ItemRoute("subject", "own") + "/records/" + none, FileScene::SheetRoute("subject", "2026-04"),
               FileScene::SheetRoute("colleague")}) {
      CAPTURE(missing);
      CHECK(scene.StatusFor("auditor", form + missing) == 404);
      CHECK(scene.StatusFor("operator", form + missing) == 403);
    }
  }
  for (const std::string& wrong : Looks{"", "/explanation", "/items/" + ItemRef("own")}) {
    CHECK(scene.StatusFor("auditor", "/api/v1" + sheet + wrong + "?nothing=1") == 400);
  }
  CHECK(scene.LooksAt("subject") == Looks{});
  CHECK(scene.LooksAt("colleague") == Looks{});
  CHECK(scene.audit.Count("file_viewed") == 0);

  const std::string record = "head record " + FileScene::Record(), item = "head item " + ItemRef("own");
  for (const std::string form : {"", "/api/v1"}) {
    CHECK(scene.StatusFor("head", form + FileScene::RecordRoute("subject", "own")) == 200);
    CHECK(scene.StatusFor("head", form + FileScene::ItemRoute("subject", "own")) == 200);
  }
  CHECK(scene.StatusFor("head", "/api/v1" + sheet) == 200);
  CHECK(scene.StatusFor("head", "/api/v1" + sheet + "/explanation") == 200);
  CHECK(scene.LooksAt("subject") == Looks{"head explanation", "head sheet", item, record});
  CHECK(scene.StatusFor("subject", "/api/v1" + FileScene::RecordRoute("subject", "own")) == 200);
  CHECK(scene.LooksAt("subject").size() == 4);
}

TEST_CASE("file routes: looks come in pages, as JSON and as HTML") {
  FileScene scene;
  const auto note = [&](std::size_t count) {
    for (std::size_t n = 0; n < count; ++n) {
      Must(scene.store->NoteLook({"subject", "head", Instant{1}, "sheet", kFilePeriod, ""}));
    }
  };
  Must(scene.store->NoteLook({"subject", "auditor", Instant{1}, "record", kFilePeriod, FileScene::Record()}));
  note(kLooksLimit - 1);
  const std::string api = "/api/v1/people/subject/looks", page = "/people/subject/looks";
  CHECK(scene.Get("subject", api).json()["looks"].size() == kLooksLimit);
  CHECK(scene.Get("subject", api).json()["older"].is_null());
  CHECK_FALSE(Has(scene.Get("subject", page, "text/html").body, "?before="));

  note(1);
  const Json first = scene.Get("subject", api).json();
  CHECK(first["looks"].size() == kLooksLimit);
  REQUIRE(first["older"].is_number_integer());
  const std::string older = "?before=" + std::to_string(first["older"].get<std::int64_t>());
  const Json rest = scene.Get("subject", api + older).json();
  REQUIRE(rest["looks"].size() == 1);
  CHECK(rest["looks"][0]["viewer"] == "auditor");
  CHECK(rest["older"].is_null());
  const std::string html = scene.Get("subject", page, "text/html").body;
  CHECK(Has(html, "href=\"" + page + older + "\""));
  CHECK_FALSE(Has(html, "Name of auditor"));
  CHECK(Has(scene.Get("subject", page + older, "text/html").body, "Name of auditor"));

  for (const char* bad : {"?before=", "?before=x", "?before=-1", "?before=1x", "?before=99999999999999999999",
                          "?before=1&before=2", "?after=1"}) {
    CAPTURE(bad);
    CHECK(scene.StatusFor("subject", api + bad) == 400);
  }
  CHECK(scene.Get("subject", page + "?before=x", "text/html").status == 404);
  CHECK(scene.StatusFor("head", api + older) == 403);
}

TEST_CASE("file routes: another lead's item is noted for the lead too, and its record is the lead's") {
  FileScene scene;
  const std::string record = FileScene::Record();
  scene.Keep({FileScene::SheetWith(
      "subject", {ItemOf("theirs", LeadOf("resolved", "member elsewhere"), "elsewhere", record),
                  ItemOf("headed", LeadOf("resolved", "head"), "ward", record),
                  ItemOf("unclear", LeadOf("ambiguous", nullptr, {"subject", "colleague"}), "ward", record),
                  ItemOf("lost", LeadOf("unresolved", nullptr), nullptr, record)})});
  const auto item = [&](const char* person, const char* key) {
    return scene.StatusFor(person, "/api/v1" + FileScene::ItemRoute("subject", key));
  };
  CHECK(item("head", "theirs") == 200);
  CHECK(item("subject", "theirs") == 200);
  const std::string theirs = " item " + ItemRef("theirs");
  CHECK(scene.LooksAt("subject") == Looks{"head" + theirs});
  CHECK(scene.LooksAt("member elsewhere") == Looks{"subject" + theirs, "head" + theirs});

  struct Case {
    const char *key, *who;
    int status;
  };
  const std::vector<Case> cases = {{"theirs", "subject", 403},
                                   {"theirs", "head", 403},
                                   {"theirs", "ward's auditor", 403},
                                   {"theirs", "head elsewhere", 403},
                                   {"theirs", "member elsewhere", 403},
                                   {"headed", "subject", 403},
                                   {"unclear", "subject", 403},
                                   {"lost", "subject", 403},
                                   {"lost", "head", 403},
                                   {"lost", "approver", 403},
                                   {"theirs", "auditor", 200},
                                   {"theirs", "approver", 200},
                                   {"headed", "head", 200},
                                   {"unclear", "head", 200},
                                   {"unclear", "ward's auditor", 200},
                                   {"lost", "auditor", 200}};
  for (const std::string form : {"/api/v1", ""}) {
    for (const Case& c : cases) {
      CAPTURE(form);
      CAPTURE(c.key);
      CAPTURE(c.who);
      CHECK(scene.StatusFor(c.who, form + FileScene::RecordRoute("subject", c.key)) == c.status);
    }
  }
  const std::string opened = " record " + record;
  CHECK(scene.LooksAt("subject") ==
        Looks{"ward's auditor" + opened, "head" + opened, "approver" + opened, "auditor" + opened, "head" + theirs});
  CHECK(scene.LooksAt("member elsewhere") ==
        Looks{"approver" + opened, "auditor" + opened, "subject" + theirs, "head" + theirs});
  CHECK(scene.LooksAt("head") == Looks{});
  CHECK(scene.LooksAt("colleague") == Looks{"ward's auditor" + opened, "head" + opened});  // may lead one of them
}

TEST_CASE("file routes: an explanation is noted for whoever leads one of its items") {
  FileScene scene;
  const std::string record = FileScene::Record();
  scene.Keep({FileScene::SheetWith(
      "subject", {ItemOf("own", LeadOf("resolved", "subject"), "ward", record),
                  ItemOf("theirs", LeadOf("resolved", "member elsewhere"), "elsewhere", record),
                  ItemOf("more of theirs", LeadOf("resolved", "member elsewhere"), "elsewhere", record),
                  ItemOf("unclear", LeadOf("ambiguous", nullptr, {"subject", "colleague"}), "ward", record)})});
  const std::string path = "/api/v1" + FileScene::SheetRoute("subject") + "/explanation";
  CHECK(scene.StatusFor("head", path) == 200);
  CHECK(scene.StatusFor("subject", path) == 200);
  CHECK(scene.LooksAt("subject") == Looks{"head explanation"});
  for (const char* lead : {"member elsewhere", "colleague"}) {
    CHECK(scene.LooksAt(lead) == Looks{"subject explanation", "head explanation"});
  }
  CHECK(scene.LooksAt("head") == Looks{});
}

TEST_CASE("file routes: an item's page links to its records for those who may open them, and tells the others") {
  FileScene scene;
  const std::string record = FileScene::Record();
  scene.Keep({FileScene::SheetWith("subject",
                                   {ItemOf("own", LeadOf("resolved", "subject"), "ward", record),
                                    ItemOf("theirs", LeadOf("resolved", "member elsewhere"), "elsewhere", record)})});
  int links = 0;
  for (const char* key : {"own", "theirs"}) {
    for (const char* who : {"subject", "head", "deputy", "approver", "auditor", "ward's auditor"}) {
      CAPTURE(key);
      CAPTURE(who);
      const auto page = scene.Get(who, FileScene::ItemRoute("subject", key), "text/html");
      REQUIRE(page.status == 200);
      CHECK(Has(page.body, record));
      const bool opens = scene.StatusFor(who, FileScene::RecordRoute("subject", key)) == 200;
      CHECK(Has(page.body, "/records/" + record + "\"") == opens);
      CHECK(Has(page.body, std::string(Say(Language::kVi, "records_closed"))) == !opens);
      links += opens ? 1 : 0;
    }
  }
  CHECK(links == 7);  // own: all but the deputy; theirs: those of the whole city
}

TEST_CASE("file routes: a list of sheets holds those that its reader may see, and is noted") {
  FileScene scene;
  scene.Keep({FileScene::SheetWith("subject", {}, "elsewhere")}, "2026-04");
  scene.Keep({FileScene::SheetWith("subject", {})});
  const auto periods = [&](const char* person, const char* of = "subject") {
    const Json list = scene.Get(person, std::string("/api/v1/people/") + of + "/sheets").json();
    std::vector<std::string> found;
    for (const Json& one : list.at("sheets")) found.push_back(one.at("period").get<std::string>());
    return found;
  };
  CHECK(periods("subject") == Looks{"2026-04", "2026-05"});
  CHECK(scene.LooksAt("subject") == Looks{});
  CHECK(periods("auditor") == Looks{"2026-04", "2026-05"});
  CHECK(periods("ward's auditor") == Looks{"2026-05"});
  CHECK(scene.LooksAt("subject") == Looks{"ward's auditor sheets", "auditor sheets"});
  CHECK(periods("auditor", "colleague") == Looks{});
  CHECK(scene.LooksAt("colleague") == Looks{});  // there was nothing to see
  CHECK(scene.StatusFor("auditor", "/api/v1/people/subject/sheets?nothing=1") == 400);
  CHECK(scene.Get("subject", "/api/v1/people/subject/looks").json()["looks"][0]["what"] == "sheets");

  const auto page = [&](const char* person) {
    return scene.Get(person, FileScene::SheetRoute("subject"), "text/html").body;
  };
  const std::string other = FileScene::SheetRoute("subject", "2026-04");
  CHECK(Has(page("subject"), other));
  CHECK(Has(page("auditor"), other));
  CHECK_FALSE(Has(page("ward's auditor"), other));
  CHECK(Has(page("ward's auditor"), FileScene::SheetRoute("subject")));
}

// The gateway holds the sheet from before; the store has the one of after already.
TEST_CASE("file routes: nobody is shown a sheet of another unit than the one that was decided on") {
  FileScene scene;
  const Json item = ItemOf("own", LeadOf("resolved", "subject"), "ward", FileScene::Record());
  scene.Keep({FileScene::SheetWith("subject", {item})});
  CHECK(scene.StatusFor("head", "/api/v1" + FileScene::SheetRoute("subject")) == 200);
  Must(KeepAll(*scene.store, ScoringOf(kFilePeriod, 1), {FileScene::SheetWith("subject", {item}, "elsewhere")}));
  const auto statuses = [&](int status) {
    CHECK(scene.StatusFor("head", "/api/v1" + FileScene::SheetRoute("subject") + "/explanation") == status);
    for (const std::string form : {"/api/v1", ""}) {
      CHECK(scene.StatusFor("head", form + FileScene::ItemRoute("subject", "own")) == status);
      CHECK(scene.StatusFor("head", form + FileScene::RecordRoute("subject", "own")) == status);
    }
    CHECK(scene.StatusFor("head", FileScene::SheetRoute("subject")) == status);
  };
  statuses(404);
  CHECK(scene.LooksAt("subject") == Looks{"head sheet"});
  REQUIRE(scene.reader.Refresh().ok());
  statuses(403);
  CHECK(scene.StatusFor("head elsewhere", "/api/v1" + FileScene::ItemRoute("subject", "own")) == 200);
}

TEST_CASE("file routes: nobody is let in by a directory that could not be read for a while") {
  FileScene scene;
  const auto after = [&](std::int64_t micros) {
    scene.harness.clock.Set(Instant{scene.harness.clock.Now().micros + micros});
    REQUIRE(scene.sessions.Refresh().ok());
    return scene.StatusFor("auditor", "/api/v1/people/subject/looks");
  };
  CHECK(after(kPeopleStaleMicros) == 200);
  CHECK(after(1) == 503);
  REQUIRE(scene.people.Refresh().ok());
  CHECK(after(0) == 200);
}
