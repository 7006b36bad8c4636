-- For Citus, run once by its owner in the database of a store that exists, after `CREATE EXTENSION citus` and
-- `citus_add_node` for each worker, with every gateway stopped. Not part of the schema: plain PostgreSQL needs nothing of
-- it, and no statement of the program changes. Why these and no others: docs/operating/scale-out.md.
--
-- Citus (as PostgreSQL's own partitions) demands the distribution column in every unique key. Leaf indexes stay unique:
-- they are given out under the lock of the ledger's row, `leaves` holds each once, and fsck finds a second row.
ALTER TABLE records DROP CONSTRAINT records_pkey, ADD CONSTRAINT records_pkey PRIMARY KEY (leaf_index, ik);
ALTER TABLE evidence DROP CONSTRAINT evidence_pkey, ADD CONSTRAINT evidence_pkey PRIMARY KEY (leaf_index, ik);

-- By the short form of a record's key: not by person or unit, which change. Evidence lies beside its record.
SELECT create_distributed_table('records', 'ik', colocate_with => 'none', shard_count => 64);
SELECT create_distributed_table('evidence', 'ik', colocate_with => 'records');
-- The sealed bytes are the largest part of a store, never change, and are only ever asked for by their leaf.
SELECT create_distributed_table('payloads', 'leaf_index', colocate_with => 'none', shard_count => 64);

-- Everything else is decided under the lock of the ledger's row, or small, and stays on the coordinator: leaves, salts,
-- tiles, rejections, decisions, leases, runs, cursors.

-- COPY of one batch reaches several workers and commits in two phases: each node needs
--   max_prepared_transactions >= 2 * max_connections
-- and prepared transactions older than an hour are an alarm.
