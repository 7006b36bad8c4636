-- For Citus, run once by its owner in the database of a store that exists, after `CREATE EXTENSION citus` and
-- `citus_add_node` for each worker, with every gateway stopped. Not part of the schema: plain PostgreSQL needs nothing of
-- it, and no statement of the program changes. Why these and no others: docs/operating/scale-out.md.
--
-- The sealed bytes of a record are the largest part of a store, never change, and are only ever asked for by their leaf.
-- The primary key is the leaf, so that it holds the distribution column, as Citus demands.
SELECT create_distributed_table('payloads', 'leaf_index', shard_count => 64);

-- Everything else decides something under the lock of the ledger's row, or is joined with what does, and stays on the
-- coordinator: leaves, salts, tiles, records, evidence, leases, runs, cursors and all that is small.

-- COPY of one batch reaches several workers and commits in two phases: each node needs
--   max_prepared_transactions >= 2 * max_connections
-- and prepared transactions older than an hour are an alarm.
