#include "storage/postgres_statement.h"

#include <algorithm>
#include <cctype>

namespace mc {
namespace {

constexpr int kBinary = 1;
constexpr int kScanRows = 1'000;  // of one FETCH
// U+10FFFE, which is no character. Itself it goes as twice the same.
constexpr std::string_view kEscape = "\xF4\x8F\xBF\xBE";

constexpr Oid kBoolType = 16, kInt8Type = 20, kInt2Type = 21, kInt4Type = 23;

std::string Numbered(std::string_view sql) {
  std::string out;
  int next = 0;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if (sql[i] != '?') {
      out += sql[i];
      continue;
    }
    out += '$';
    const bool numbered = i + 1 < sql.size() && std::isdigit(static_cast<unsigned char>(sql[i + 1])) != 0;
    if (!numbered) out += std::to_string(++next);
  }
  return out;
}

bool NeedsEscape(std::string_view text) { return text.find('\0') != text.npos || text.find(kEscape) != text.npos; }

}  // namespace

std::string PostgresText(std::string text) {
  if (!NeedsEscape(text)) return text;
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\0') {
      (out += kEscape) += '0';
      ++i;
    } else if (text.compare(i, kEscape.size(), kEscape) == 0) {
      (out += kEscape) += kEscape;
      i += kEscape.size();
    } else {
      out += text[i++];
    }
  }
  return out;
}

std::string FromPostgresText(std::string text) {
  if (text.find(kEscape) == text.npos) return text;
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text.compare(i, kEscape.size(), kEscape) != 0) {
      out += text[i++];
      continue;
    }
    i += kEscape.size();
    if (i < text.size() && text[i] == '0') {
      out += '\0';
      ++i;
    } else {
      out += kEscape;
      i += kEscape.size();
    }
  }
  return out;
}

// --- rows

std::int64_t PostgresRows::GetInt(int column) const {
  if (IsNull(column)) return 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(PQgetvalue(result_.get(), row_, column));
  const Oid type = PQftype(result_.get(), column);
  if (type == kBoolType) return bytes[0];
  if (type != kInt8Type && type != kInt4Type && type != kInt2Type) {
    throw SqlFailure(InternalError("store_sql", "the store's database: a column is not of the type asked for"));
  }
  const int length = PQgetlength(result_.get(), row_, column);
  std::uint64_t number = (bytes[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (int i = 0; i < length; ++i) number = number << 8 | bytes[i];
  return static_cast<std::int64_t>(number);
}

std::string PostgresRows::GetText(int column) const {
  if (IsNull(column)) return "";
  const auto length = static_cast<std::size_t>(PQgetlength(result_.get(), row_, column));
  std::string text(PQgetvalue(result_.get(), row_, column), length);
  constexpr Oid kBytesType = 17;
  return PQftype(result_.get(), column) == kBytesType ? text : FromPostgresText(std::move(text));
}

// --- statements

PostgresStatement::PostgresStatement(PostgresConnection& db, const char* sql)
    : db_(db), sql_(sql), plain_(PlainInsert(sql_)) {}

PostgresStatement::Parameter& PostgresStatement::At(int parameter) {
  const auto at = static_cast<std::size_t>(parameter);
  if (parameters_.size() < at) parameters_.resize(at);
  return parameters_[at - 1];
}

void PostgresStatement::BindInt(int parameter, std::int64_t value) {
  Parameter& bound = At(parameter);
  bound.kind = Parameter::Kind::kInt;
  bound.number = value;
}

void PostgresStatement::BindNull(int parameter) { At(parameter).kind = Parameter::Kind::kNull; }

void PostgresStatement::BindText(int parameter, const std::string& value) {
  if (!NeedsEscape(value)) return BindBytes(parameter, value);
  Parameter& bound = At(parameter);
  bound.kind = Parameter::Kind::kOwnText;
  bound.own = PostgresText(value);
}

void PostgresStatement::BindBytes(int parameter, std::string_view value) {
  Parameter& bound = At(parameter);
  bound.kind = Parameter::Kind::kBytes;
  bound.bytes = value;
}

void PostgresStatement::BindInts(int parameter, const std::vector<std::int64_t>& values) {
  Parameter& bound = At(parameter);
  bound.kind = Parameter::Kind::kInts;
  bound.own = "{";
  for (const std::int64_t value : values) (bound.own += bound.own.size() > 1 ? "," : "") += std::to_string(value);
  bound.own += "}";
}

PGresult* PostgresStatement::Compile() {
  if (compiled_on_ == db_.generation()) return nullptr;
  name_ = db_.NextName("s");
  const std::string sql = Numbered(sql_);
  PostgresResult result(PQprepare(db_.handle(), name_.c_str(), sql.c_str(), 0, nullptr));
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) return result.release();
  compiled_on_ = db_.generation();
  return nullptr;
}

void PostgresStatement::Send() {
  std::vector<const char*> values;
  std::vector<int> lengths, formats;
  for (Parameter& each : parameters_) {
    using enum Parameter::Kind;
    const bool as_text = each.kind == kInt || each.kind == kInts;  // the server knows the type that it wants
    if (each.kind == kInt) each.own = std::to_string(each.number);
    const std::string_view bytes = as_text || each.kind == kOwnText ? std::string_view(each.own) : each.bytes;
    values.push_back(each.kind == kNull ? nullptr : bytes.data() == nullptr ? "" : bytes.data());
    lengths.push_back(static_cast<int>(bytes.size()));
    formats.push_back(as_text ? 0 : kBinary);
  }
  rows_.Set(db_.Answer([&]() -> PGresult* {
    if (PGresult* const failed = Compile()) return failed;
    return PQexecPrepared(db_.handle(), name_.c_str(), static_cast<int>(values.size()), values.data(), lengths.data(),
                          formats.data(), kBinary);
  }));
}

void PostgresStatement::Gather() {
  CopyRows& rows = db_.RowsFor(*plain_);
  rows.BeginRow(plain_->count);
  for (const Parameter& each : parameters_) {
    switch (each.kind) {
      case Parameter::Kind::kNull: rows.Null(); break;
      case Parameter::Kind::kInt: rows.Int(each.number); break;
      case Parameter::Kind::kOwnText: rows.Bytes(each.own); break;
      default: rows.Bytes(each.bytes);
    }
  }
  db_.RowAdded();
}

bool PostgresStatement::Step() {
  if (!rows_.loaded()) Send();
  return rows_.Next();
}

void PostgresStatement::Run() { plain_ && db_.transaction() != 0 ? Gather() : Send(); }

void PostgresStatement::Reset() noexcept { rows_.Clear(); }

// --- scans

void PostgresScan::Refuse() const { throw SqlFailure(InternalError("store_sql", "a scan has no parameters")); }

void PostgresScan::Open() {
  if (db_.transaction() == 0) {
    own_ = db_.Second();
    own_->Begin(SqlConnection::Access::kRead);
  }
  const std::string cursor = through().NextName("c");
  through().Execute("DECLARE " + cursor + " BINARY NO SCROLL CURSOR FOR " + sql_);
  transaction_ = through().transaction();
  cursor_ = cursor;
}

bool PostgresScan::Step() {
  if (cursor_.empty()) Open();
  while (true) {
    if (rows_.loaded() && rows_.Next()) return true;
    if (ended_) return false;
    rows_.Set(through().Ask("FETCH " + std::to_string(kScanRows) + " FROM " + cursor_));
    ended_ = rows_.count() < kScanRows;
  }
}

void PostgresScan::Reset() noexcept {
  rows_.Clear();
  ended_ = false;
  const bool closes = !own_ && !cursor_.empty() && db_.transaction() == transaction_ &&
                      PQtransactionStatus(db_.handle()) == PQTRANS_INTRANS;
  if (closes) const PostgresResult closed(PQexec(db_.handle(), ("CLOSE " + cursor_).c_str()));
  if (own_) own_->Rollback();
  own_.reset();
  cursor_.clear();
}

}  // namespace mc
