// What foreign bytes look like, in words for the person who gave or receives them (sniff.h).

#include <algorithm>
#include <array>

#include "connectors/sniff.h"
#include "core/text.h"

namespace mc {
namespace {

constexpr std::size_t kFrontBytes = 4096;  // nothing behind them is looked at
constexpr std::size_t kRootNameLimit = 40;
constexpr std::string_view kOldExchange = "http://www.e-doc.vn/Schema";

struct Known {
  std::string_view mark;
  std::string_view words;
};

// By the first bytes.
constexpr Known kBinary[] = {
    {"%PDF-", "a PDF file"},
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an Office file of before 2007 (.doc, .xls, .ppt, .msg)"},
    {"\x89PNG\r\n\x1A\n", "a PNG picture"},
    {"\xFF\xD8\xFF", "a JPEG picture"},
    {"GIF8", "a GIF picture"},
    {{"II*\0", 4}, "a TIFF picture (a scan)"},
    {{"MM\0*", 4}, "a TIFF picture (a scan)"},
    {"\x1F\x8B", "a gzip archive"},
    {"7z\xBC\xAF\x27\x1C", "a 7z archive"},
    {"Rar!\x1A\x07", "a RAR archive"},
    {"{\\rtf", "an RTF document"},
    {{"SQLite format 3\0", 16}, "an SQLite database"},
    {{"MZ\x90\0", 4}, "a Windows program"},
    {"\x7F"
     "ELF",
     "a program"},
};

// By a name among the first entries of the archive.
constexpr Known kArchives[] = {
    {"xl/", "an Excel workbook (.xlsx)"},
    {"word/", "a Word document (.docx)"},
    {"ppt/", "a PowerPoint file (.pptx)"},
    {"[Content_Types].xml", "an Office file"},
    {"opendocument.spreadsheet", "an OpenDocument sheet (.ods)"},
    {"opendocument.text", "an OpenDocument text (.odt)"},
    {"META-INF/MANIFEST.MF", "a Java archive"},
};

// By the namespace of the root element, else its local name.
constexpr Known kVocabularies[] = {
    {"http://schemas.xmlsoap.org/soap/envelope/", "a SOAP message"},
    {"http://www.w3.org/2003/05/soap-envelope", "a SOAP message"},
    {"http://www.mic.gov.vn/TBT/QCVN_102_2016", "an edXML message (QCVN 102)"},
    {"http://www.go.vn/eDoc", "an edXML message (go.vn)"},
    {"http://schemas.xmlsoap.org/wsdl/", "a service description (WSDL)"},
    {"http://www.w3.org/2001/XMLSchema", "an XML schema"},
    {"http://www.w3.org/2000/svg", "an SVG picture"},
    {"http://www.w3.org/2005/Atom", "a news feed"},
    {"http://www.w3.org/2000/09/xmldsig#", "an XML signature without its document"},
    {"urn:schemas-microsoft-com:office:spreadsheet", "an Excel sheet saved as XML"},
    {"http://schemas.microsoft.com/office/word/2003/wordml", "a Word document saved as XML"},
    {"rss", "a news feed"},
    {"service_requests", "Open311 reports in XML"},
};

// By the name of a member; the first that is there.
constexpr Known kJsonShapes[] = {
    {"access_token", "a token answer: it holds a secret, delete it"},
    {"id_token", "a token answer: it holds a secret, delete it"},
    {"messageheader", "a JSON rendering of an edXML message"},
    {"header_messageheader_from_organid", "a JSON rendering of an edXML message"},
    {"codeNotation", "a JSON rendering of an edXML message"},
    {"VanBanDi", "JSON of signed results (LTQLVB)"},
    {"ThoiDiemXuLy", "JSON of dossiers"},
    {"MaHoSo", "JSON of dossiers"},
    {"IdHoSo", "JSON of dossiers (interface after 2025)"},
    {"HOIDAPID", "JSON of questions and answers (DVCQG)"},
    {"PhanAnhID", "JSON of citizens' reports"},
    {"noiDungPhanAnh", "JSON of citizens' reports (guid form)"},
    {"NguoiTraLoi", "JSON of citizens' reports (a portal's own table), which is not read"},
    {"service_request_id", "Open311 reports in JSON"},
    {"MaNV", "JSON of tasks"},
    {"SoNhiemVu", "JSON of tasks"},
    {"docId", "a list of messages without the messages"},
    {"messageType", "a list of messages without the messages"},
    {"FeatureCollection", "GeoJSON"},
    {"errorDetail", "an error answer"},
    {"ErrorCode", "an answer without records"},
    {"error_code", "an answer without records"},
};

// By the first letters of a text.
constexpr Known kTexts[] = {
    {"HTTP/1.", "an HTTP answer saved with its headers"},
    {"-----BEGIN ", "a certificate or key in PEM"},
    {"MIME-Version:", "an e-mail"},
    {"Return-Path:", "an e-mail"},
    {"Received:", "an e-mail"},
    {"BEGIN:VC", "a calendar or address file"},
};

template <std::size_t N, typename Fits>
std::string_view WordsOf(const Known (&table)[N], Fits fits) {
  const auto found = std::find_if(std::begin(table), std::end(table), [&](const Known& row) { return fits(row.mark); });
  return found == std::end(table) ? std::string_view() : found->words;
}

// A byte order mark, or markup of which every second byte is zero.
bool IsUtf16(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) return true;
  const std::string_view front = bytes.substr(0, 4);
  const auto is_open = [](char c) { return c == '<' || c == '{' || c == '['; };
  if (front.size() < 4) return false;
  const bool little = is_open(front[0]) && front[1] == 0 && front[3] == 0;
  const bool big = front[0] == 0 && is_open(front[1]) && front[2] == 0;
  return little || big;
}

// CMS SignedData in DER: a sequence that begins with its object identifier (RFC 5652, 5.1).
bool IsSignedData(std::string_view bytes) {
  static constexpr std::string_view kOid = "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02";
  return bytes.starts_with('\x30') && bytes.substr(0, 24).find(kOid) != std::string_view::npos;
}

std::string_view DescribeArchive(std::string_view bytes) {
  const std::string_view front = bytes.substr(0, kFrontBytes);
  const auto words =
      WordsOf(kArchives, [&](std::string_view mark) { return front.find(mark) != std::string_view::npos; });
  return words.empty() ? "a ZIP archive" : words;
}

bool IsLetters(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !name.empty() && name.size() <= kRootNameLimit && std::all_of(name.begin(), name.end(), is_letter);
}

std::string DescribeXml(std::string_view bytes) {
  if (IsOldExchange(bytes)) return "a message of the exchange before edXML (e-doc.vn), which is not read";
  const auto root = RootOf(bytes);
  if (!root) return "XML without a root element";
  const std::string_view uri = root->namespace_uri;
  const auto words = WordsOf(
      kVocabularies, [&](std::string_view mark) { return uri.empty() ? root->local_name == mark : uri == mark; });
  if (!words.empty()) return std::string(words);
  const bool may_be_told = IsLetters(root->local_name);
  return "XML of another vocabulary" +
         (may_be_told ? " (its root element is " + std::string(root->local_name) + ")" : "");
}

std::string DescribeJson(std::string_view bytes) {
  const std::string_view front = bytes.substr(0, kFrontBytes);
  const auto words = WordsOf(kJsonShapes, [&](std::string_view mark) {
    return front.find("\"" + std::string(mark) + "\"") != std::string_view::npos;
  });
  return words.empty() ? "JSON of another source" : std::string(words);
}

// Two lines of as many separators: a table.
bool IsTable(std::string_view text) {
  const std::size_t first_end = text.find('\n');
  if (first_end == std::string_view::npos) return false;
  const std::string_view first = text.substr(0, first_end);
  const std::string_view rest = text.substr(first_end + 1);
  const std::string_view second = rest.substr(0, rest.find('\n'));
  constexpr std::string_view kSeparators = ";,\t";
  return std::any_of(kSeparators.begin(), kSeparators.end(), [&](char separator) {
    const auto count = std::count(first.begin(), first.end(), separator);
    return count > 0 && count == std::count(second.begin(), second.end(), separator);
  });
}

bool IsBase64(std::string_view text) {
  constexpr std::size_t kLeast = 64;  // shorter ones are words
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/' ||
           c == '=' || c == '\r' || c == '\n';
  };
  return text.size() >= kLeast && std::all_of(text.begin(), text.end(), fits);
}

bool IsBinary(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f';
  });
}

// A front that was cut within a letter is still UTF-8.
bool IsUtf8Front(std::string_view text) {
  for (std::size_t cut = 0; cut < 4 && cut <= text.size(); ++cut) {
    if (IsValidUtf8(text.substr(0, text.size() - cut))) return true;
  }
  return false;
}

std::string_view DescribeText(std::string_view bytes) {
  const std::string_view text = Trim(StripBom(bytes)).substr(0, kFrontBytes);
  const auto words = WordsOf(kTexts, [&](std::string_view mark) { return text.starts_with(mark); });
  if (!words.empty()) return words;
  if (IsBinary(text)) return "binary data of no known format (neither XML nor JSON)";
  if (!IsUtf8Front(text)) return "text in another encoding than UTF-8 (neither XML nor JSON)";
  if (IsBase64(text)) return "base64 text (decode it first)";
  return IsTable(text) ? "a table of separated values (CSV)" : "plain text, neither XML nor JSON";
}

}  // namespace

std::string_view BinaryFormat(std::string_view bytes) {
  if (IsUtf16(bytes)) return "text in UTF-16 (save it as UTF-8)";
  if (bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06")) return DescribeArchive(bytes);
  if (IsSignedData(bytes)) return "a signed message (CMS, .p7m)";
  return WordsOf(kBinary, [&](std::string_view mark) { return bytes.starts_with(mark); });
}

bool IsOldExchange(std::string_view bytes) {
  const auto root = RootOf(bytes);
  if (!root) return false;
  if (root->namespace_uri.starts_with(kOldExchange)) return true;
  const bool soap = root->local_name == "Envelope" && root->namespace_uri.find("soap") != std::string::npos;
  return soap && bytes.substr(0, kFrontBytes).find(kOldExchange) != std::string_view::npos;
}

std::string DescribeBytes(std::string_view bytes) {
  if (const auto binary = BinaryFormat(bytes); !binary.empty()) return std::string(binary);
  switch (Sniff(bytes)) {
    case LooksLike::kEmpty: return "an empty file";
    case LooksLike::kJson: return DescribeJson(bytes);
    case LooksLike::kXml: return DescribeXml(bytes);
    case LooksLike::kHtml: return "an HTML page";
    case LooksLike::kZip: return std::string(DescribeArchive(bytes));
    case LooksLike::kPdf: return "a PDF file";
    case LooksLike::kOther: break;
  }
  return std::string(DescribeText(bytes));
}

}  // namespace mc
