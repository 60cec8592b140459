-- ledger
WITH changed AS (UPDATE howdah.claim SET roles = ARRAY['shop_orders_database', 'shop_orders_owner', 'shop_orders_readwrite', 'shop_orders_readonly', 'shop_orders_app_a', 'shop_orders_app_b', 'shop_orders_worker_a', 'shop_orders_worker_b', 'shop_orders_report_a', 'shop_orders_report_b']::text[], storage = 5368709120, connections = 20 WHERE claim_uid = 'uid-1' RETURNING 1) SELECT CASE WHEN count(*) = 0 THEN ('howdah: the claim''s row in the ledger has changed, rows: ' || count(*))::int END FROM changed;
CREATE ROLE "shop_orders_worker_a" NOLOGIN CONNECTION LIMIT 0;
CREATE ROLE "shop_orders_worker_b" NOLOGIN CONNECTION LIMIT 0;
CREATE ROLE "shop_orders_report_a" NOLOGIN CONNECTION LIMIT 0;
CREATE ROLE "shop_orders_report_b" NOLOGIN CONNECTION LIMIT 0;
GRANT "shop_orders_readwrite" TO "shop_orders_worker_a" WITH INHERIT TRUE, SET TRUE;
GRANT "shop_orders_readwrite" TO "shop_orders_worker_b" WITH INHERIT TRUE, SET TRUE;
GRANT "shop_orders_readonly" TO "shop_orders_report_a" WITH INHERIT TRUE, SET TRUE;
GRANT "shop_orders_readonly" TO "shop_orders_report_b" WITH INHERIT TRUE, SET TRUE;
ALTER ROLE "shop_orders_worker_a" IN DATABASE "shop_orders" SET "search_path" TO "public", "extensions";
ALTER ROLE "shop_orders_worker_b" IN DATABASE "shop_orders" SET "search_path" TO "public", "extensions";
ALTER ROLE "shop_orders_report_a" IN DATABASE "shop_orders" SET "search_path" TO "public", "extensions";
ALTER ROLE "shop_orders_report_b" IN DATABASE "shop_orders" SET "search_path" TO "public", "extensions";
-- ledger
ALTER ROLE "shop_orders_worker_a" LOGIN CONNECTION LIMIT -1 PASSWORD 'verifier of worker';
INSERT INTO howdah.login (claim_uid, access, slot, fingerprint, rotated_at, verifier) VALUES ('uid-1', 'worker', 'a', 'fingerprint', '1970-01-01T00:00:00Z', NULL) ON CONFLICT (claim_uid, access) DO UPDATE SET slot = excluded.slot, fingerprint = excluded.fingerprint, rotated_at = excluded.rotated_at, verifier = excluded.verifier;
ALTER ROLE "shop_orders_report_a" LOGIN CONNECTION LIMIT 5 PASSWORD 'verifier of report';
INSERT INTO howdah.login (claim_uid, access, slot, fingerprint, rotated_at, verifier) VALUES ('uid-1', 'report', 'a', 'fingerprint', '1970-01-01T00:00:00Z', NULL) ON CONFLICT (claim_uid, access) DO UPDATE SET slot = excluded.slot, fingerprint = excluded.fingerprint, rotated_at = excluded.rotated_at, verifier = excluded.verifier;
WITH changed AS (UPDATE howdah.claim SET state = 'Active', retained_at = NULL, drop_after = NULL, storage = 5368709120, connections = 20, accepted = '{"claim":{"className":"standard","majorVersion":18,"storage":5368709120,"connections":20,"parameters":{},"locale":{},"schemas":["public"],"extensions":[],"access":[{"name":"app","role":"Owner","binding":true,"connections":null,"secretName":"orders-db"},{"name":"worker","role":"ReadWrite","binding":false,"connections":null,"secretName":"orders-worker"},{"name":"report","role":"ReadOnly","binding":false,"connections":5,"secretName":"orders-report"}],"deletionPolicy":"Retain","ownerMayCreateSchemas":false},"terms":{"className":"standard","majorVersions":[18],"majorVersion":18,"storage":5368709120,"connections":20,"parameters":{},"extensions":[],"schemas":["public"],"deletionPolicy":"Retain","locale":{},"retainFor":"PT168H","ownerMayCreateSchemas":false},"generation":2,"grounds":{"spec":{"access":[{"name":"app","role":"Owner","binding":true},{"name":"worker","role":"ReadWrite"},{"name":"report","role":"ReadOnly","connections":5}]},"values":[],"waived":{},"behind":{}},"installed":[],"unmanaged":[]}'::jsonb WHERE claim_uid = 'uid-1' RETURNING 1) SELECT CASE WHEN count(*) = 0 THEN ('howdah: the claim''s row in the ledger has changed, rows: ' || count(*))::int END FROM changed;
