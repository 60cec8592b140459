-- ledger
REVOKE "shop_orders_readonly" FROM "shop_orders_report_a";
REVOKE "shop_orders_readonly" FROM "shop_orders_report_b";
REVOKE "shop_orders_readwrite" FROM "shop_orders_worker_a";
REVOKE "shop_orders_readwrite" FROM "shop_orders_worker_b";
-- alone
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_report_a' AND pid <> pg_backend_pid();
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_report_b' AND pid <> pg_backend_pid();
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_worker_a' AND pid <> pg_backend_pid();
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_worker_b' AND pid <> pg_backend_pid();
-- ledger
ALTER ROLE "shop_orders_report_a" NOLOGIN CONNECTION LIMIT 0;
ALTER ROLE "shop_orders_report_b" NOLOGIN CONNECTION LIMIT 0;
ALTER ROLE "shop_orders_worker_a" NOLOGIN CONNECTION LIMIT 0;
ALTER ROLE "shop_orders_worker_b" NOLOGIN CONNECTION LIMIT 0;
-- alone
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_report_a' AND pid <> pg_backend_pid();
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_report_b' AND pid <> pg_backend_pid();
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_worker_a' AND pid <> pg_backend_pid();
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_worker_b' AND pid <> pg_backend_pid();
-- inside shop_orders
REASSIGN OWNED BY "shop_orders_report_a" TO "shop_orders_owner";
DROP OWNED BY "shop_orders_report_a";
REASSIGN OWNED BY "shop_orders_report_b" TO "shop_orders_owner";
DROP OWNED BY "shop_orders_report_b";
REASSIGN OWNED BY "shop_orders_worker_a" TO "shop_orders_owner";
DROP OWNED BY "shop_orders_worker_a";
REASSIGN OWNED BY "shop_orders_worker_b" TO "shop_orders_owner";
DROP OWNED BY "shop_orders_worker_b";
-- alone
DO 'BEGIN DROP ROLE "shop_orders_report_a"; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END';
DO 'BEGIN DROP ROLE "shop_orders_report_b"; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END';
DO 'BEGIN DROP ROLE "shop_orders_worker_a"; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END';
DO 'BEGIN DROP ROLE "shop_orders_worker_b"; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END';
SELECT json_agg(rolname ORDER BY rolname)::text FROM pg_roles WHERE rolname = ANY (ARRAY['shop_orders_report_a', 'shop_orders_report_b', 'shop_orders_worker_a', 'shop_orders_worker_b']::text[]);
-- ledger
DELETE FROM howdah.login WHERE claim_uid = 'uid-1' AND access = 'report';
DELETE FROM howdah.login WHERE claim_uid = 'uid-1' AND access = 'worker';
WITH changed AS (UPDATE howdah.claim SET roles = ARRAY(SELECT role FROM unnest(roles) WITH ORDINALITY AS u (role, n) WHERE role <> ALL (ARRAY['shop_orders_report_a', 'shop_orders_report_b', 'shop_orders_worker_a', 'shop_orders_worker_b']::text[]) OR EXISTS (SELECT FROM pg_roles WHERE rolname = role) ORDER BY n) WHERE claim_uid = 'uid-1' RETURNING 1) SELECT CASE WHEN count(*) = 0 THEN ('howdah: the claim''s row in the ledger has changed, rows: ' || count(*))::int END FROM changed;
-- ledger
WITH changed AS (UPDATE howdah.claim SET state = 'Active', retained_at = NULL, drop_after = NULL, retained_because = NULL, former_installation = NULL, storage = 5368709120, connections = 20, accepted = '{"claim":{"className":"standard","majorVersion":18,"storage":5368709120,"connections":20,"parameters":{},"locale":{},"schemas":["public"],"extensions":[],"access":[{"name":"app","role":"Owner","binding":true,"connections":null,"secretName":"orders-db"}],"deletionPolicy":"Retain","ownerMayCreateSchemas":false,"credentials":{"rotateEvery":null,"overlap":null,"closeAfter":null}},"terms":{"className":"standard","majorVersions":[18],"majorVersion":18,"storage":5368709120,"connections":20,"parameters":{},"extensions":[],"schemas":["public"],"deletionPolicy":"Retain","locale":{},"retainFor":"PT168H","ownerMayCreateSchemas":false,"credentials":{"rotateEvery":null,"overlap":null,"closeAfter":null},"stated":[]},"generation":2,"grounds":{"spec":{},"values":[],"waived":{},"behind":{}},"installed":[],"unmanaged":[]}'::jsonb WHERE claim_uid = 'uid-1' RETURNING 1) SELECT CASE WHEN count(*) = 0 THEN ('howdah: the claim''s row in the ledger has changed, rows: ' || count(*))::int END FROM changed;
