// import directory|catalogue|assessments FILE: the whole document is checked before
// anything is kept; a document that is already there adds nothing.
#include <set>
#include <string>

#include "core/directory.h"
#include "core/json.h"
#include "gateway/commands.h"
#include "gateway/installation.h"
#include "mapping/catalogue.h"

#include <nlohmann/json.hpp>

namespace mc {
namespace {

CommandResult Report(Console& console, const char* what, bool added, std::size_t count, const std::string& counted) {
  if (console.json()) {
    console.Print({{"imported", what}, {"added", added}, {"count", count}});
  } else {
    console.Line((added ? "Đã nhập " : "Không có gì mới: đã có sẵn ") + std::to_string(count) + " " + counted + ".");
  }
  return ExitCode::kDone;
}

Error InFile(Error error, const std::string& file) {
  error.message = file + ": " + error.message;
  return error;
}

// Somebody whom the directory does not know gets no sheet: worth a word, not a refusal,
// because people leave and join between two imports.
void NoteUnknownPeople(const std::vector<Assessment>& assessments, const DirectoryData& directory, Console& console) {
  std::set<std::string> known;
  for (const Person& person : directory.people) known.insert(person.id);
  std::size_t unknown = 0;
  for (const Assessment& a : assessments) unknown += known.count(a.person) == 0 || known.count(a.assessor) == 0;
  if (unknown > 0) {
    console.Note("Lưu ý: " + std::to_string(unknown) + " bản đánh giá nêu người không có trong danh bạ hiện hành.");
  }
}

}  // namespace

CommandResult RunImportDirectory(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const std::string key, installation.PersonKey());
  MC_TRY(const Json document, ReadJsonFile(options.file));
  auto parsed = ParseDirectory(document, key);
  if (!parsed.ok()) return InFile(parsed.error(), options.file);
  MC_TRY(const Json sealed, SealDirectory(document, key));
  MC_TRY(auto store, installation.OpenStore());
  MC_TRY(const bool added, store->ImportDirectory(sealed));
  MC_TRY(const LedgerHead head, store->SignHead());
  (void)head;
  return Report(console, "directory", added, parsed->people.size(),
                "người, " + std::to_string(parsed->units.size()) + " đơn vị");
}

CommandResult RunImportCatalogue(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const Json document, ReadJsonFile(options.file));
  auto parsed = Catalogue::Parse(document);
  if (!parsed.ok()) return InFile(parsed.error(), options.file);
  MC_TRY(auto store, installation.OpenStore());
  MC_TRY(const bool added, store->ImportCatalogue(document));
  MC_TRY(const LedgerHead head, store->SignHead());
  (void)head;
  return Report(console, "catalogue", added, parsed->editions().size(), "phiên bản danh mục");
}

CommandResult RunImportAssessments(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const Json document, ReadJsonFile(options.file));
  auto parsed = ParseAssessments(document);
  if (!parsed.ok()) return InFile(parsed.error(), options.file);
  MC_TRY(auto store, installation.OpenStore());
  if (auto directory = installation.DirectoryOf(*store); directory.ok()) {
    NoteUnknownPeople(*parsed, *directory, console);
  }
  MC_TRY(const bool added, store->ImportAssessments(document));
  MC_TRY(const LedgerHead head, store->SignHead());
  (void)head;
  return Report(console, "assessments", added, parsed->size(), "bản đánh giá");
}

}  // namespace mc
