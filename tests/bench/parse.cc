// Parsing alone, and what mapping a record costs.
#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include "connectors/json_page.h"
#include "connectors/json_shape.h"
#include "connectors/records.h"
#include "connectors/sniff.h"
#include "mapping/edxml.h"
#include "mapping/mapper.h"
#include "mapping/rule_set.h"
#include "tests/bench/bench.h"
#include "tests/bench/corpus.h"
#include "tests/bench/limits.h"

namespace mc::bench {
namespace {

// What the reader asks of pugixml (mapping/edxml.cc); its default does less than needed
// (document types pass unseen), and parse_minimal leaves escapes as they are.
constexpr unsigned kSameWork = pugi::parse_minimal | pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol |
                               pugi::parse_doctype | pugi::parse_declaration;

struct Sides {
  Samples ours, peer, with_hash;
};

// Everything between the bytes of an answer and the tree that rules read: the connector's
// look at the message, then the mapping's reader.
double ReadMessageSeconds(const std::string& message, const std::vector<std::string>& namespaces) {
  RecordTree tree;
  std::vector<std::string> marks;
  return SecondsEach([&] {
    Need(Sniff(message) == LooksLike::kXml, "the message does not look like XML");
    const auto asked = RootOf(message);  // once when it is accepted, once when it is taken
    Need(asked && HasEndTag(message, *asked), "the message is cut");
    const auto root = RootOf(message);
    Need(root && IsEdxmlRoot(root->local_name, root->namespace_uri) && HasEndTag(message, *root), "no edXML root");
    marks.clear();
    Need(!ReadEdxml(message, namespaces, tree, marks), "the reader refuses the message");
    Keep(tree);
  });
}

double TakeMessageSeconds(const std::string& message, const Mapper& mapper) {
  const RecordContext context{"documents", "edoc", "documents", std::int64_t{50} << 20, {}, {}};
  return SecondsEach([&] {
    Page page;
    TakeEdxml(context, message, page);
    Need(std::holds_alternative<Evidence>(mapper.Map(page.records.at(0))), "the mapper refuses the message");
  });
}

void BenchEdxml(const Options& options, Report& report) {
  const RuleSet rules = Must(ParseRuleSet(Must(ReadJsonFile(SourcePath("mapping/rules/documents.json")))));
  const auto mapper = Must(LoadMapper(SourcePath("mapping/rules/documents.json")));
  for (const std::size_t attachment : {std::size_t{0}, std::size_t{200'000}}) {
    const std::string message = Message(attachment);
    const std::string name = "edXML of " + std::to_string(message.size()) + " B";
    Sides sides;
    for (int round = 0; round < options.rounds; ++round) {
      sides.peer.push_back(PugixmlParseSeconds(message, kSameWork) * 1e6);
      sides.ours.push_back(ReadMessageSeconds(message, rules.namespaces) * 1e6);
      sides.with_hash.push_back(TakeMessageSeconds(message, *mapper) * 1e6);
    }
    report.Add(Ratio{name + ": our reader / pugixml's parse", Over(sides.peer, sides.ours), 0.5});
    report.Add(Figure{name + ": pugixml's parse", "us", sides.peer});
    report.Add(Figure{name + ": our reader", "us", sides.ours});
    report.Add(Figure{name + ": taken, hashed, copied and mapped", "us", sides.with_hash});
  }
}

// As a pull asks for it.
JsonLayout LayoutOf(const JsonShape& shape, const Manifest& manifest) {
  JsonLayout layout = shape.Layout();
  layout.fields = shape.IdOf(manifest.streams.front()).fields;
  return layout;
}

double SplitSeconds(const std::string& page, const JsonLayout& layout) {
  return SecondsEach([&] {
    const auto split = SplitJson(page, layout);
    Need(split.ok() && split->rows.size() == static_cast<std::size_t>(kPageRecords), "the page is not split");
    Keep(split);
  });
}

double TakeSeconds(const std::string& bytes, const JsonShape& shape, const Manifest& manifest) {
  const RecordContext context = ContextOf(manifest, "dossiers", Instant{});
  const RecordId id = shape.IdOf(manifest.streams.front());
  return SecondsEach([&] {
    const auto split = SplitJson(bytes, LayoutOf(shape, manifest));
    Page page;
    for (const JsonRow& row : split->rows) TakeRow(context, id, row, page);
    Need(page.records.size() == static_cast<std::size_t>(kPageRecords), "rows are missing");
  });
}

void BenchJson(const Options& options, Report& report) {
  const std::string page = DossierPage(1, 100);
  const Manifest manifest = Must(ReadManifest(SourcePath("connectors/public_service.json")));
  const auto shape = ShapeOf(manifest.kind);
  Sides sides;
  for (int round = 0; round < options.rounds; ++round) {
    sides.peer.push_back(DomParseSeconds(page) * 1e6);
    sides.ours.push_back(SplitSeconds(page, LayoutOf(*shape, manifest)) * 1e6);
    sides.with_hash.push_back(TakeSeconds(page, *shape, manifest) * 1e6);
  }
  const std::string name = "JSON page of " + std::to_string(page.size()) + " B, 500 records";
  report.Add(Ratio{name + ": SplitJson / simdjson's DOM parse", Over(sides.peer, sides.ours), 0.3});
  report.Add(Figure{name + ": simdjson's DOM parse", "us", sides.peer});
  report.Add(Figure{name + ": SplitJson", "us", sides.ours});
  report.Add(Figure{name + ": split, hashed, copied into records", "us", sides.with_hash});
}

void BenchMapping(const Options& options, Report& report) {
  struct Kind {
    const char* source;
    const char* name;
  };
  static constexpr std::array<Kind, 6> kKinds = {{{"documents", "document"},
                                                  {"documents", "status-06"},
                                                  {"public_service", "dossier"},
                                                  {"public_service", "step"},
                                                  {"citizen_reports", "open"},
                                                  {"hanoiwork", "task-claimed"}}};
  for (const Kind& kind : kKinds) {
    const auto mapper = Must(LoadMapper(SourcePath("mapping/rules/" + std::string(kind.source) + ".json")));
    const SourceRecord record = Golden(kind.source, kind.name);
    Samples samples;
    for (int round = 0; round < options.rounds; ++round) {
      samples.push_back(SecondsEach([&] {
                          const auto outcome = mapper->Map(record);
                          Need(outcome.index() == 0, std::string("the mapper refuses ") + kind.name);
                        }) *
                        1e6);
    }
    report.Add(Figure{
        "mapping, " + std::string(kind.source) + "/" + kind.name + ", " + std::to_string(record.bytes.size()) + " B",
        "us", samples});
  }
}

}  // namespace

void BenchParse(const Options& options, Report& report) {
  BenchEdxml(options, report);
  BenchJson(options, report);
  BenchMapping(options, report);
}

}  // namespace mc::bench
