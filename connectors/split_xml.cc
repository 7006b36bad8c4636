#include "connectors/split.h"

namespace mc {

Result<SplitAnswer> SplitXmlRecords(const RecordSpec&, std::string_view, const RecordContext&,
                                    const std::vector<std::string>&, Page&) {
  return ConfigError("not_supported", "records of format xml are not read yet");
}

}  // namespace mc
