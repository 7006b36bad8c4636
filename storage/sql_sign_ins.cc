// Sign-ins under way (core/sign_in_store.h).
#include "core/sign_in_store.h"
#include "storage/sql_store.h"

namespace mc {
namespace {

std::string SignInContext(const Digest& state) { return "sign-in|" + ToHex(state); }

}  // namespace

// So that with one more there are `bounds.most`.
void SqlStore::DeleteOldSignIns(const SignInBounds& bounds) {
  Query(sql_["DELETE FROM sign_ins WHERE begun_at < ?"]).Int(bounds.kept_from.micros).Run();
  std::int64_t held = 0;
  {
    Query row(sql_["SELECT count(*) FROM sign_ins"]);
    row.Step();
    held = row.GetInt(0);
  }
  if (held < bounds.most) return;
  Query(sql_["DELETE FROM sign_ins WHERE state IN (SELECT state FROM sign_ins ORDER BY begun_at, state LIMIT ?)"])
      .Int(held - bounds.most + 1)
      .Run();
}

Status SqlStore::KeepSignIn(const KeptSignIn& begun, const SignInBounds& bounds) {
  return Guarded([&]() -> Status {
    const SealedPayload sealed =
        Seal(settings_.sealing_key, SignInContext(begun.state), begun.text, settings_.random);
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    DeleteOldSignIns(bounds);
    Query(sql_["INSERT INTO sign_ins (state, begun_at, wrapped_key, box) VALUES (?, ?, ?, ?)"])
        .Blob(AsBytes(begun.state))
        .Int(begun.begun_at.micros)
        .Blob(sealed.wrapped_key)
        .Blob(sealed.box)
        .Run();
    transaction.Commit();
    return Ok();
  });
}

Result<std::optional<std::string>> SqlStore::TakeSignIn(const Digest& state) {
  return Guarded([&]() -> Result<std::optional<std::string>> {
    SqlTransaction transaction(*db_, SqlTransaction::kWrite);
    SealedPayload sealed;
    {
      Query row(sql_["SELECT wrapped_key, box FROM sign_ins WHERE state = ?"]);
      if (!row.Blob(AsBytes(state)).Step()) return std::optional<std::string>();
      sealed = {row.GetText(0), row.GetText(1)};
    }
    Query(sql_["DELETE FROM sign_ins WHERE state = ?"]).Blob(AsBytes(state)).Run();
    transaction.Commit();
    MC_TRY(std::string text, Open(settings_.sealing_key, SignInContext(state), sealed));
    return std::optional<std::string>(std::move(text));
  });
}

}  // namespace mc
