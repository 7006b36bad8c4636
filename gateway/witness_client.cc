#include "gateway/witness_client.h"

#include <algorithm>

#include "core/log.h"
#include "storage/head_signing.h"
#include "storage/proof.h"

namespace mc {
namespace {

WitnessAnswer Failed(Error error) { return {WitnessAnswer::Kind::kFailed, {}, 0, std::move(error)}; }

bool NamesSmaller(const WitnessAnswer& answer, const LedgerHead& head) {
  return answer.kind == WitnessAnswer::Kind::kOtherSize && answer.size <= head.size;
}

}  // namespace

WitnessAnswer HttpWitness::Ask(const LedgerHead& head, std::int64_t old_size, const TileReader& tiles) {
  const auto proof = MakeConsistencyProof(old_size, head.size, tiles);
  if (!proof.ok()) return Failed(proof.error());
  HttpRequest request;
  request.method = "POST";
  request.url = url_ + "/add-checkpoint";
  request.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
  request.body = AddCheckpointBody(old_size, *proof, head.checkpoint);
  request.body_limit_bytes = kWitnessAnswerLimitBytes;
  request.connect_timeout = kWitnessConnectTimeout;
  request.total_timeout = kWitnessTimeout;
  const auto response = http_->Send(request);
  if (!response.ok()) return Failed(response.error());
  return ReadWitnessAnswer(*response, old_size, head, key_);
}

WitnessAnswer HttpWitness::Show(const LedgerHead& head, std::int64_t known_size, const TileReader& tiles) {
  WitnessAnswer answer = Ask(head, std::min(known_size, head.size), tiles);
  if (NamesSmaller(answer, head)) answer = Ask(head, answer.size, tiles);
  if (NamesSmaller(answer, head)) {
    answer = Failed(TransientError("witness_busy", "the witness names another size each time that it is asked"));
  }
  if (answer.kind == WitnessAnswer::Kind::kFailed) {
    Log(LogLevel::kWarn, "not_cosigned",
        {{"witness", KeyName(key_)}, {"size", std::to_string(head.size)}, {"error", answer.error.code}});
  }
  return answer;
}

}  // namespace mc
