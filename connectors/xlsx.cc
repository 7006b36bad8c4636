#include "connectors/xlsx.h"

#include <algorithm>
#include <map>

#include "connectors/sniff.h"
#include "connectors/xlsx_part.h"
#include "core/text.h"
#include "core/zip.h"

namespace mc {
namespace xlsx {
namespace {

constexpr const char* kPackageList = "[Content_Types].xml";  // every package has one
constexpr std::string_view kOldOffice = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";  // also around an encrypted .xlsx

Error NotXlsx(const std::string& what) {
  return DataError("not_xlsx", "the file is " + what + ": save it as .xlsx, without a password");
}

// The XML parts of a package, by their names without case.
class Package {
 public:
  static Result<Package> Open(std::string_view bytes) {
    if (bytes.starts_with(kOldOffice)) return NotXlsx("an old .xls workbook or one with a password");
    if (!IsOfficeArchive(bytes)) return NotXlsx("no .xlsx workbook");
    Package package;
    const ZipLimits limits{.entry_bytes = kXlsxPartLimitBytes,
                           .total_bytes = kXlsxTotalLimitBytes,
                           .ratio = kXlsxPackedRatioLimit};
    MC_CHECK_OK(ReadZip(bytes, limits, [&](ZipEntry entry) {
      const std::string name = ToLowerAscii(entry.name);
      if (name.ends_with(".xml") || name.ends_with(".rels")) package.parts_.emplace(name, std::move(entry));
      return Ok();
    }));
    return package;
  }

  // An empty text where there is no such part.
  Result<std::string_view> Part(const std::string& name) const {
    const auto found = parts_.find(ToLowerAscii(name));
    if (found == parts_.end()) return std::string_view();
    if (found->second.fault) return *found->second.fault;
    const std::string_view text = StripBom(found->second.bytes);
    if (!IsValidUtf8(text)) return BadWorkbook("a part of it is not UTF-8");
    return text;
  }

 private:
  std::map<std::string, ZipEntry> parts_;
};

struct Relation {
  std::string type;    // the last segment of its URI: "worksheet"
  std::string target;  // name of the part
  bool external = false;
};
using Relations = std::map<std::string, Relation>;  // by id

// "../a/b.xml" beside "xl/workbook.xml" is "a/b.xml".
std::string Resolve(const std::string& part, std::string_view target) {
  if (target.starts_with('/')) return std::string(target.substr(1));
  std::string folder = part.substr(0, part.rfind('/') == std::string::npos ? 0 : part.rfind('/') + 1);
  while (target.starts_with("../") || target.starts_with("./")) {
    if (target.starts_with("../") && !folder.empty()) {
      const std::size_t before = folder.size() < 2 ? std::string::npos : folder.rfind('/', folder.size() - 2);
      folder.resize(before == std::string::npos ? 0 : before + 1);
    }
    target.remove_prefix(target.starts_with("../") ? 3 : 2);
  }
  return folder + std::string(target);
}

class RelationTaker final : public PartTaker {
 public:
  RelationTaker(const std::string& part, Relations& relations) : part_(part), relations_(relations) {}
  Status Open(std::string_view name, const AttributeList& attributes) override {
    if (name != "Relationship") return Ok();
    const std::string type = AttributeOf(attributes, "Type").value_or("");
    Relation relation;
    relation.type = type.substr(type.rfind('/') == std::string::npos ? 0 : type.rfind('/') + 1);
    relation.external = AttributeOf(attributes, "TargetMode") == "External";
    relation.target = Resolve(part_, AttributeOf(attributes, "Target").value_or(""));
    relations_.emplace(AttributeOf(attributes, "Id").value_or(""), std::move(relation));
    return Ok();
  }
  Status Close(std::string_view, std::string) override { return Ok(); }

 private:
  const std::string& part_;
  Relations& relations_;
};

Result<Relations> RelationsOf(const Package& package, const std::string& part) {
  const std::size_t slash = part.rfind('/');
  const std::size_t name = slash == std::string::npos ? 0 : slash + 1;
  MC_TRY(const std::string_view text, package.Part(part.substr(0, name) + "_rels/" + part.substr(name) + ".rels"));
  Relations relations;
  RelationTaker taker(part, relations);
  MC_CHECK_OK(WalkPart(text, taker));
  return relations;
}

const Relation* FindType(const Relations& relations, std::string_view type) {
  for (const auto& [id, relation] : relations) {
    if (relation.type == type && !relation.external) return &relation;
  }
  return nullptr;
}

struct SheetEntry {
  std::string name, relation;
  bool shown = true;
};

class WorkbookTaker final : public PartTaker {
 public:
  Status Open(std::string_view name, const AttributeList& attributes) override {
    if (name == "workbookPr") from_1904 = FlagOf(attributes, "date1904");
    if (name != "sheet") return Ok();
    sheets.push_back({AttributeOf(attributes, "name").value_or(""), AttributeOf(attributes, "id").value_or(""),
                      AttributeOf(attributes, "state").value_or("visible") == "visible"});
    return Ok();
  }
  Status Close(std::string_view, std::string) override { return Ok(); }

  bool from_1904 = false;
  std::vector<SheetEntry> sheets;
};

class StringTaker final : public PartTaker {
 public:
  explicit StringTaker(std::vector<std::string>& strings) : strings_(strings) {}
  Status Open(std::string_view name, const AttributeList&) override {
    text_.Open(name);
    return Ok();
  }
  Status Close(std::string_view name, std::string text) override {
    text_.Close(name, text);
    if (name != "si") return Ok();
    if (static_cast<std::int64_t>(strings_.size()) == kXlsxStringLimit) {
      return TooLarge("shared texts", kXlsxStringLimit);
    }
    strings_.push_back(text_.Take());
    return Ok();
  }

 private:
  std::vector<std::string>& strings_;
  RichText text_;
};

class StyleTaker final : public PartTaker {
 public:
  Status Open(std::string_view name, const AttributeList& attributes) override {
    if (name == "cellXfs") in_cells_ = true;
    if (name == "numFmt") {
      codes_[NumberOf(attributes, "numFmtId").value_or(0)] = AttributeOf(attributes, "formatCode").value_or("");
    }
    if (name != "xf" || !in_cells_) return Ok();
    if (static_cast<std::int64_t>(ids_.size()) == kXlsxStyleLimit) return TooLarge("cell styles", kXlsxStyleLimit);
    ids_.push_back(NumberOf(attributes, "numFmtId").value_or(0));
    return Ok();
  }
  Status Close(std::string_view name, std::string) override {
    if (name == "cellXfs") in_cells_ = false;
    return Ok();
  }
  std::vector<Shown> Styles() const {
    std::vector<Shown> styles;
    for (const std::int64_t id : ids_) {
      const auto code = codes_.find(id);
      styles.push_back(code == codes_.end() ? ShownByBuiltIn(id) : ShownBy(code->second));
    }
    return styles;
  }

 private:
  bool in_cells_ = false;
  std::map<std::int64_t, std::string> codes_;
  std::vector<std::int64_t> ids_;
};

Status ReadContext(const Package& package, const Relations& relations, Context& context) {
  if (const Relation* strings = FindType(relations, "sharedStrings")) {
    MC_TRY(const std::string_view part, package.Part(strings->target));
    StringTaker taker(context.strings);
    MC_CHECK_OK(WalkPart(part, taker));
  }
  if (const Relation* styles = FindType(relations, "styles")) {
    MC_TRY(const std::string_view part, package.Part(styles->target));
    StyleTaker taker;
    MC_CHECK_OK(WalkPart(part, taker));
    context.styles = taker.Styles();
  }
  return Ok();
}

Result<SheetEntry> ChooseSheet(const std::vector<SheetEntry>& sheets, const Relations& relations,
                               std::string_view wanted) {
  const std::string name = ToNfc(wanted).value_or(std::string(wanted));
  for (const SheetEntry& sheet : sheets) {
    const auto relation = relations.find(sheet.relation);
    if (relation == relations.end() || relation->second.type != "worksheet" || relation->second.external) continue;
    if (wanted.empty() ? sheet.shown : ToNfc(sheet.name) == name) return sheet;
  }
  return DataError("no_such_sheet", wanted.empty() ? "the workbook shows no sheet of cells"
                                                   : "the workbook has no sheet \"" + std::string(wanted) + "\"");
}

}  // namespace
}  // namespace xlsx

bool IsOfficeArchive(std::string_view bytes) {
  return Sniff(bytes) == LooksLike::kZip && HasZipEntry(bytes, xlsx::kPackageList);
}

Result<XlsxSheet> ReadXlsx(std::string_view workbook, std::string_view wanted) {
  MC_TRY(const xlsx::Package package, xlsx::Package::Open(workbook));
  MC_TRY(const xlsx::Relations top, xlsx::RelationsOf(package, ""));
  const xlsx::Relation* main = xlsx::FindType(top, "officeDocument");
  if (!main) return xlsx::BadWorkbook("it names no main part");
  MC_TRY(const std::string_view part, package.Part(main->target));
  xlsx::WorkbookTaker book;
  MC_CHECK_OK(xlsx::WalkPart(part, book));
  if (book.sheets.empty()) return xlsx::NotXlsx("an Office file without sheets of cells (.docx, .xlsb)");
  MC_TRY(const xlsx::Relations relations, xlsx::RelationsOf(package, main->target));
  MC_TRY(const xlsx::SheetEntry chosen, xlsx::ChooseSheet(book.sheets, relations, wanted));
  xlsx::Context context;
  context.from_1904 = book.from_1904;
  MC_CHECK_OK(xlsx::ReadContext(package, relations, context));
  MC_TRY(const std::string_view cells, package.Part(relations.at(chosen.relation).target));
  if (cells.empty()) return xlsx::BadWorkbook("the part of its sheet is not there");
  MC_TRY(std::vector<XlsxRow> rows, xlsx::ReadSheetPart(cells, context));
  return XlsxSheet{chosen.name, std::move(rows)};
}

}  // namespace mc
