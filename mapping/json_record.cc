#include "mapping/json_record.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "core/json_at.h"
#include "core/text.h"

namespace mc {
namespace {

namespace dom = simdjson::dom;
using Type = RecordTree::Type;
using Id = RecordTree::Id;

RejectionReason Refuse(simdjson::error_code error) {
  switch (error) {
    case simdjson::UTF8_ERROR: return {"bad_utf8", "", "utf-8", "The record is not valid UTF-8."};
    case simdjson::DEPTH_ERROR:
      return {"too_deep", "", std::to_string(kRecordDepthLimit), "The record nests deeper than the limit."};
    default:
      return {"bad_json", "", "rfc8259",
              std::string("The record is not well-formed JSON (") + simdjson::error_message(error) + ")."};
  }
}

// REQUIRES: the element is of this type; the callers have just asked.
template <typename T>
T Get(dom::element element) {
  T value{};
  if (element.get(value) != simdjson::SUCCESS) std::abort();
  return value;
}

// Copies a parsed document into the tree; refuses what two readers would read differently.
class Builder {
 public:
  explicit Builder(RecordTree& tree) : tree_(tree) {}

  bool AddMembers(dom::object object, Id parent, int depth) {
    for (const auto [name, value] : object) {
      if (!AddValue(value, parent, name, depth)) return false;
    }
    return RefuseDuplicates(parent);
  }

  std::optional<RejectionReason> TakeReason() { return std::move(reason_); }

 private:
  bool AddValue(dom::element value, Id parent, std::string_view name, int depth) {
    if (tree_.size() > kRecordNodeLimit) {  // the root is none of them
      reason_ = RejectionReason{"too_many", "", std::to_string(kRecordNodeLimit),
                                "The record has more values than the limit."};
      return false;
    }
    switch (value.type()) {
      case dom::element_type::STRING:
        tree_.Add(parent, name, Type::kText, Get<std::string_view>(value));
        return true;
      case dom::element_type::OBJECT:
      case dom::element_type::ARRAY: return AddNested(value, parent, name, depth);
      case dom::element_type::INT64: AddInteger(Get<std::int64_t>(value), parent, name); return true;
      case dom::element_type::UINT64: AddInteger(Get<std::uint64_t>(value), parent, name); return true;
      case dom::element_type::DOUBLE: tree_.Add(parent, name, Type::kFraction); return true;
      case dom::element_type::BOOL:
        tree_.Add(parent, name, Type::kBool, Get<bool>(value) ? "true" : "false");
        return true;
      case dom::element_type::NULL_VALUE: tree_.Add(parent, name, Type::kNull); return true;
    }
    return true;
  }

  template <typename Integer>
  void AddInteger(Integer number, Id parent, std::string_view name) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    tree_.Add(parent, name, Type::kText, tree_.Own(std::string(digits, end)));
  }

  bool AddNested(dom::element value, Id parent, std::string_view name, int depth) {
    const bool is_object = value.is_object();
    const Id id = tree_.Add(parent, name, is_object ? Type::kObject : Type::kArray);
    if (depth >= kRecordDepthLimit) {
      reason_ = Refuse(simdjson::DEPTH_ERROR);
      reason_->field = tree_.PointerTo(id);
      return false;
    }
    if (is_object) return AddMembers(Get<dom::object>(value), id, depth + 1);
    const auto elements = Get<dom::array>(value);
    for (const dom::element element : elements) {
      if (!AddValue(element, id, {}, depth + 1)) return false;
    }
    return true;
  }

  // By length first: most names differ there, and one comparison of numbers settles it.
  bool RefuseDuplicates(Id object) {
    names_.clear();
    for (Id id = tree_[object].first_child; id != RecordTree::kNone; id = tree_[id].next) {
      names_.push_back(tree_[id].name);
    }
    std::sort(names_.begin(), names_.end(), [](std::string_view a, std::string_view b) {
      return a.size() != b.size() ? a.size() < b.size() : a < b;
    });
    const auto twice = std::adjacent_find(names_.begin(), names_.end());
    if (twice == names_.end()) return true;
    reason_ = RejectionReason{"duplicate_key", tree_.PointerTo(object) + PointerToken(*twice), "unique_keys",
                              "One key stands twice in an object."};
    return false;
  }

  RecordTree& tree_;
  std::optional<RejectionReason> reason_;
  std::vector<std::string_view> names_;
};

}  // namespace

std::optional<RejectionReason> ReadJsonRecord(std::string_view bytes, RecordTree& tree,
                                              std::vector<std::string>& marks) {
  thread_local dom::parser parser;
  thread_local std::string padded;
  tree.Clear();
  if (bytes.size() > kJsonRecordLimitBytes) {
    return RejectionReason{"too_large", "", std::to_string(kJsonRecordLimitBytes),
                           "The record is over the size limit."};
  }
  const std::string_view text = StripBom(bytes);
  if (text.size() != bytes.size()) marks.emplace_back("bom");
  padded.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  padded.assign(text);
  dom::element root;
  if (const auto error = parser.parse(padded.data(), padded.size(), false).get(root)) return Refuse(error);
  if (!root.is_object()) return RejectionReason{"not_an_object", "", "object", "A record is a JSON object."};
  Builder builder(tree);
  builder.AddMembers(Get<dom::object>(root), RecordTree::kRoot, 1);
  return builder.TakeReason();
}

}  // namespace mc
