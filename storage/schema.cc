#include "storage/schema.h"

#include <span>
#include <string_view>

namespace mc {
namespace {

// @row_key, @int, @text and @bytes are replaced by the engine's own words.
constexpr std::string_view kStatements[] = {
    // Version, log and key of this store; settled when it is made.
    R"(CREATE TABLE IF NOT EXISTS meta (
         name @text PRIMARY KEY,
         value @text NOT NULL))",

    // --- the ledger
    R"(CREATE TABLE IF NOT EXISTS leaves (
         leaf_index @row_key,
         bytes @bytes NOT NULL))",
    // Apart from what it salts, so that an erasure is the deletion of a row.
    R"(CREATE TABLE IF NOT EXISTS salts (
         leaf_index @row_key,
         salt @bytes NOT NULL))",
    R"(CREATE TABLE IF NOT EXISTS tiles (
         level @int NOT NULL,
         tile_index BIGINT NOT NULL,
         hashes @bytes NOT NULL,
         PRIMARY KEY (level, tile_index)))",
    // One row (id 1): the counter that gives out leaf indexes, and the heads signed so far.
    R"(CREATE TABLE IF NOT EXISTS ledger (
         id @row_key,
         size BIGINT NOT NULL,
         head_size BIGINT NOT NULL,
         heads BIGINT NOT NULL))",
    R"(CREATE TABLE IF NOT EXISTS heads (
         size @row_key,
         note @text NOT NULL))",

    // --- what was collected
    // outcome: evidence | rejection | repeat (states again what revision leaf `repeats` states)
    R"(CREATE TABLE IF NOT EXISTS records (
         leaf_index @row_key,
         ik BIGINT NOT NULL,
         register_id @text NOT NULL,
         native_id @text NOT NULL,
         digest @bytes NOT NULL,
         source @text NOT NULL,
         stream @text NOT NULL,
         media_type @text NOT NULL,
         length BIGINT NOT NULL,
         payload_digest @bytes NOT NULL,
         occurred_at BIGINT,
         observed_at BIGINT NOT NULL,
         recorded_at BIGINT NOT NULL,
         facts @text NOT NULL,
         run BIGINT NOT NULL,
         outcome @text NOT NULL,
         repeats BIGINT))",
    // Not unique: two keys may meet in one ik. That no key stands twice is the writer's work and fsck's.
    R"(CREATE INDEX IF NOT EXISTS records_ik ON records (ik))",
    R"(CREATE TABLE IF NOT EXISTS payloads (
         leaf_index @row_key,
         wrapped_key @bytes NOT NULL,
         box @bytes NOT NULL))",
    // chain: short form of (register_id, native_id), as ik is of a record's key
    R"(CREATE TABLE IF NOT EXISTS evidence (
         leaf_index @row_key,
         record_leaf BIGINT NOT NULL,
         ik BIGINT NOT NULL,
         chain BIGINT NOT NULL,
         register_id @text NOT NULL,
         native_id @text NOT NULL,
         revision BIGINT NOT NULL,
         latest @int NOT NULL,
         kind @text NOT NULL,
         assurance @text NOT NULL,
         source @text NOT NULL,
         stream @text NOT NULL,
         run BIGINT NOT NULL,
         statement @bytes NOT NULL,
         canonical @text NOT NULL))",
    R"(CREATE INDEX IF NOT EXISTS evidence_chain ON evidence (chain, revision))",
    R"(CREATE INDEX IF NOT EXISTS evidence_count ON evidence (latest, source, assurance))",
    // Revisions that state an older record; every other one stands at its record's own leaf.
    R"(CREATE INDEX IF NOT EXISTS evidence_record ON evidence (record_leaf) WHERE record_leaf <> leaf_index)",
    R"(CREATE TABLE IF NOT EXISTS rejections (
         leaf_index @row_key,
         code @text NOT NULL,
         field @text NOT NULL,
         rule @text NOT NULL,
         message @text NOT NULL))",
    // action: drop (takes the rejected record of leaf `subject` off the open list)
    R"(CREATE TABLE IF NOT EXISTS decisions (
         leaf_index @row_key,
         action @text NOT NULL,
         subject BIGINT NOT NULL,
         decided_at BIGINT NOT NULL,
         decided_by @text NOT NULL,
         why @text NOT NULL))",
    R"(CREATE UNIQUE INDEX IF NOT EXISTS decisions_subject ON decisions (action, subject))",

    // --- collecting
    // state: open | abandoned | complete | failed | saved | replay; the last four have a receipt leaf
    R"(CREATE TABLE IF NOT EXISTS runs (
         run @row_key,
         source @text NOT NULL,
         register_id @text NOT NULL,
         state @text NOT NULL,
         started_at BIGINT NOT NULL,
         ended_at BIGINT,
         fetched BIGINT NOT NULL,
         added BIGINT NOT NULL,
         revised BIGINT NOT NULL,
         duplicate BIGINT NOT NULL,
         quarantined BIGINT NOT NULL,
         control_total BIGINT,
         offered BIGINT,
         unread BIGINT NOT NULL,
         complete_through BIGINT,
         error_code @text NOT NULL,
         leaf_index BIGINT))",
    R"(CREATE UNIQUE INDEX IF NOT EXISTS runs_leaf ON runs (leaf_index))",
    R"(CREATE INDEX IF NOT EXISTS runs_source ON runs (source, run))",
    // check_code: HMAC of the row, because no leaf commits to a cursor.
    R"(CREATE TABLE IF NOT EXISTS cursors (
         source @text NOT NULL,
         stream @text NOT NULL,
         position @text NOT NULL,
         check_code @bytes NOT NULL,
         PRIMARY KEY (source, stream)))",
    R"(CREATE TABLE IF NOT EXISTS leases (
         source @text PRIMARY KEY,
         holder @text NOT NULL,
         fence BIGINT NOT NULL,
         until BIGINT NOT NULL))",
    R"(CREATE TABLE IF NOT EXISTS audit (
         id @row_key,
         at BIGINT NOT NULL,
         who @text NOT NULL,
         action @text NOT NULL,
         ik BIGINT NOT NULL,
         why @text NOT NULL))",

    // --- imports: sealed, because a directory holds names
    R"(CREATE TABLE IF NOT EXISTS imports (
         leaf_index @row_key,
         kind @text NOT NULL,
         digest @bytes NOT NULL,
         length BIGINT NOT NULL,
         imported_at BIGINT NOT NULL,
         wrapped_key @bytes NOT NULL,
         box @bytes NOT NULL))",
};

constexpr std::string_view kAdded[] = {
    // What `serve` and `sync` know of a source, for other processes to see. next_try NULL:
    // stopped until an operator acts.
    R"(CREATE TABLE IF NOT EXISTS source_status (
         source @text PRIMARY KEY,
         breaker @text NOT NULL,
         failures BIGINT NOT NULL,
         next_try BIGINT,
         last_try BIGINT,
         last_success BIGINT,
         error_class @text NOT NULL,
         error_code @text NOT NULL,
         error_text @text NOT NULL))",

    // What happened at the gate (storage/access.h), each at its leaf.
    R"(CREATE TABLE IF NOT EXISTS access_counts (
         leaf_index @row_key,
         began_at BIGINT NOT NULL,
         object @text NOT NULL))",
    R"(CREATE INDEX IF NOT EXISTS access_counts_time ON access_counts (began_at))",

    // What became of machines' clients (storage/clients.h), each at its leaf. check_code: HMAC of the row and the leaf
    // of the step before.
    R"(CREATE TABLE IF NOT EXISTS client_steps (
         leaf_index @row_key,
         object @text NOT NULL,
         check_code @bytes NOT NULL))",

    // Keys that sign the log after the first, which stands in meta: each from its leaf on.
    R"(CREATE TABLE IF NOT EXISTS log_keys (
         leaf_index @row_key,
         key @text NOT NULL))",

    // Where the records of one page, at leaves `leaf_index` to `last`, can be read again (JSON array of texts).
    // check_code: HMAC of the row, as of a cursor.
    R"(CREATE TABLE IF NOT EXISTS pages (
         leaf_index @row_key,
         last BIGINT NOT NULL,
         source @text NOT NULL,
         stream @text NOT NULL,
         windows @text NOT NULL,
         recorded_at BIGINT NOT NULL,
         check_code @bytes NOT NULL))",
    R"(CREATE INDEX IF NOT EXISTS pages_source ON pages (source, recorded_at))",
    // Read-backs, each at its leaf.
    R"(CREATE TABLE IF NOT EXISTS read_backs (
         leaf_index @row_key,
         source @text NOT NULL,
         object @text NOT NULL))",
    R"(CREATE INDEX IF NOT EXISTS read_backs_source ON read_backs (source, leaf_index))",
    // What each of them says of single records: differs | gone | returned.
    R"(CREATE TABLE IF NOT EXISTS read_back_marks (
         record_leaf BIGINT NOT NULL,
         leaf_index BIGINT NOT NULL,
         verdict @text NOT NULL,
         PRIMARY KEY (record_leaf, leaf_index)))",
    R"(CREATE INDEX IF NOT EXISTS read_back_marks_leaf ON read_back_marks (leaf_index, record_leaf))",

    // Where each witness stands, by its verifier key.
    R"(CREATE TABLE IF NOT EXISTS witnesses (
         witness @text PRIMARY KEY,
         size BIGINT NOT NULL,
         cosigned_at BIGINT,
         error_code @text NOT NULL,
         error_text @text NOT NULL))",

    // Pushed messages. wrapped_key and box NULL: its records are committed, only the key is known.
    R"(CREATE TABLE IF NOT EXISTS inbox (
         position @row_key,
         source @text NOT NULL,
         idempotency_key @text NOT NULL,
         media_type @text NOT NULL,
         digest @bytes NOT NULL,
         length BIGINT NOT NULL,
         received_at BIGINT NOT NULL,
         complete_through BIGINT,
         record_count BIGINT,
         wrapped_key @bytes,
         box @bytes))",
    R"(CREATE UNIQUE INDEX IF NOT EXISTS inbox_key ON inbox (source, idempotency_key))",

    // Locked periods, each at its leaf. The box holds the period key and the rules used.
    R"(CREATE TABLE IF NOT EXISTS periods (
         leaf_index @row_key,
         period @text NOT NULL UNIQUE,
         object @text NOT NULL,
         wrapped_key @bytes NOT NULL,
         box @bytes NOT NULL))",
    // One row per person; the box holds what the entry commits to.
    R"(CREATE TABLE IF NOT EXISTS period_entries (
         leaf_index BIGINT NOT NULL,
         pseudonym @bytes NOT NULL,
         commitment @bytes NOT NULL,
         wrapped_key @bytes NOT NULL,
         box @bytes NOT NULL,
         PRIMARY KEY (leaf_index, pseudonym)))",

    // Erasures, each at its leaf. The box holds the order: who, and why in words.
    R"(CREATE TABLE IF NOT EXISTS erasures (
         leaf_index @row_key,
         object @text NOT NULL,
         wrapped_key @bytes NOT NULL,
         box @bytes NOT NULL))",
    // What stays known of an erased leaf: keyed names, and how its run counted it. erasure: the leaf that says so.
    R"(CREATE TABLE IF NOT EXISTS erased (
         leaf_index @row_key,
         erasure BIGINT NOT NULL,
         run BIGINT NOT NULL,
         counted @text NOT NULL,
         record_tag @bytes NOT NULL,
         key_tag @bytes NOT NULL,
         statement_tag @bytes))",
    R"(CREATE INDEX IF NOT EXISTS erased_record ON erased (record_tag))",
    R"(CREATE INDEX IF NOT EXISTS erased_key ON erased (key_tag))",
    R"(CREATE INDEX IF NOT EXISTS erased_statement ON erased (statement_tag))",

    // The four numbers as sums (storage/quality_store.h). Unit as the source names it; period '' of no single month.
    R"(CREATE TABLE IF NOT EXISTS quality_state (
         source @text NOT NULL,
         unit_named @text NOT NULL,
         period @text NOT NULL,
         measure @text NOT NULL,
         num BIGINT NOT NULL,
         den BIGINT NOT NULL,
         PRIMARY KEY (source, unit_named, period, measure)))",
    // Where a rejected record counts: nothing else in the store can tell. check_code: HMAC of the row.
    R"(CREATE TABLE IF NOT EXISTS rejection_places (
         leaf_index @row_key,
         unit_named @text NOT NULL,
         period @text NOT NULL,
         check_code @bytes NOT NULL))",
    // Of which evidence a rejected record is another state: evidence.chain of its key.
    R"(CREATE TABLE IF NOT EXISTS rejection_chains (
         leaf_index @row_key,
         chain BIGINT NOT NULL))",
    R"(CREATE INDEX IF NOT EXISTS rejection_chains_chain ON rejection_chains (chain, leaf_index))",
    // What the numbers need of a run beside its receipt: the months of the rows offered, and for a scheduled one
    // the limit in force, when it ended, and the last good end until then (minutes since 1970). check_code: as above.
    R"(CREATE TABLE IF NOT EXISTS run_quality (
         run @row_key,
         source @text NOT NULL,
         first_period @text NOT NULL,
         last_period @text NOT NULL,
         lag_limit_minutes BIGINT NOT NULL,
         ended_minute BIGINT,
         good_minute BIGINT,
         check_code @bytes NOT NULL))",
    R"(CREATE INDEX IF NOT EXISTS run_quality_source ON run_quality (source, run))",
    // The numbers of a day, each at its leaf.
    R"(CREATE TABLE IF NOT EXISTS quality_days (
         leaf_index @row_key,
         day @text NOT NULL UNIQUE,
         object @text NOT NULL))",

    // Sessions of signed-in people (core/session_store.h). id: SHA-256 of what the browser keeps; version: of the last
    // change; check_code: HMAC of the row; tags: keyed hashes of the provider's names; the box: its id_token.
    R"(CREATE TABLE IF NOT EXISTS sessions (
         id @bytes PRIMARY KEY,
         person @text NOT NULL,
         provider @text NOT NULL,
         level @text NOT NULL,
         auth_time BIGINT,
         begun_at BIGINT NOT NULL,
         seen_at BIGINT NOT NULL,
         until BIGINT NOT NULL,
         ended @int NOT NULL,
         version BIGINT NOT NULL,
         check_code @bytes NOT NULL,
         subject_tag @bytes NOT NULL,
         session_tag @bytes NOT NULL,
         wrapped_key @bytes,
         box @bytes))",
    R"(CREATE UNIQUE INDEX IF NOT EXISTS sessions_version ON sessions (version))",
    R"(CREATE INDEX IF NOT EXISTS sessions_person ON sessions (person))",
    R"(CREATE INDEX IF NOT EXISTS sessions_subject ON sessions (subject_tag))",
    R"(CREATE INDEX IF NOT EXISTS sessions_session ON sessions (session_tag))",
    // Sign-ins under way, where several gateways share them (core/sign_in_store.h). state: SHA-256 of the state.
    R"(CREATE TABLE IF NOT EXISTS sign_ins (
         state @bytes PRIMARY KEY,
         begun_at BIGINT NOT NULL,
         wrapped_key @bytes NOT NULL,
         box @bytes NOT NULL))",
    R"(CREATE INDEX IF NOT EXISTS sign_ins_begun ON sign_ins (begun_at))",
    // Logouts that a provider ordered lately, by keyed hash of whom or what they end.
    R"(CREATE TABLE IF NOT EXISTS session_logouts (
         tag @bytes PRIMARY KEY,
         ordered_at BIGINT NOT NULL))",

    // Sheets as they are read (sheet_store.h), derived from evidence. A person's row is the one of the highest edition
    // that the period has reached; status '': no sheet any more. Codes: HMAC of what a list shows, of the row.
    R"(CREATE TABLE IF NOT EXISTS kept_sheets (
         period @text NOT NULL,
         person @text NOT NULL,
         edition BIGINT NOT NULL,
         unit @text NOT NULL,
         status @text NOT NULL,
         brief @text NOT NULL,
         card @text NOT NULL,
         explanation @text NOT NULL,
         brief_code @bytes NOT NULL,
         check_code @bytes NOT NULL,
         PRIMARY KEY (period, person, edition)))",
    // All that a unit's list and the counts need to find their rows.
    R"(CREATE INDEX IF NOT EXISTS kept_sheets_unit ON kept_sheets (period, unit, person, edition, status))",
    R"(CREATE INDEX IF NOT EXISTS kept_sheets_edition ON kept_sheets (period, edition, person))",
    // edition 0: its first sheets are being written. check_code: HMAC of the row.
    R"(CREATE TABLE IF NOT EXISTS kept_editions (
         period @text PRIMARY KEY,
         edition BIGINT NOT NULL,
         scored_at BIGINT NOT NULL,
         as_of BIGINT NOT NULL,
         ledger_size BIGINT NOT NULL,
         policy @text NOT NULL,
         sheets BIGINT NOT NULL,
         check_code @bytes NOT NULL))",
    // Who looked at whose file.
    R"(CREATE TABLE IF NOT EXISTS looks (
         number @row_key,
         person @text NOT NULL,
         viewer @text NOT NULL,
         at BIGINT NOT NULL,
         what @text NOT NULL,
         period @text NOT NULL,
         detail @text NOT NULL))",
    R"(CREATE INDEX IF NOT EXISTS looks_person ON looks (person, number))",
};

void ReplaceAll(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

std::vector<std::string> Filled(std::span<const std::string_view> templates, const SchemaTypes& types) {
  std::vector<std::string> statements;
  for (const std::string_view raw : templates) {
    std::string statement(raw);
    ReplaceAll(statement, "@row_key", types.row_key);
    ReplaceAll(statement, "@int", types.small);
    ReplaceAll(statement, "@text", types.text);
    ReplaceAll(statement, "@bytes", types.bytes);
    statements.push_back(std::move(statement));
  }
  return statements;
}

}  // namespace

std::vector<std::string> SchemaStatements(const SchemaTypes& types) { return Filled(kStatements, types); }

std::vector<std::string> AddedStatements(const SchemaTypes& types) { return Filled(kAdded, types); }

}  // namespace mc
