-- ledger
WITH changed AS (UPDATE howdah.claim SET state = 'Dropping' WHERE claim_uid = 'uid-1' AND state <> 'Active' RETURNING 1) SELECT CASE WHEN count(*) = 0 THEN ('howdah: the claim''s row in the ledger has changed, rows: ' || count(*))::int END FROM changed;
SET LOCAL ROLE "shop_orders_database";
SELECT CASE WHEN current_user <> 'shop_orders_database' THEN ('howdah: current_user is ' || current_user)::int END;
ALTER DATABASE "shop_orders" ALLOW_CONNECTIONS false;
SET LOCAL ROLE NONE;
SELECT CASE WHEN current_user <> 'postgres' THEN ('howdah: current_user is ' || current_user)::int END;
-- alone
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = 'shop_orders' AND pid <> pg_backend_pid();
-- alone
-- as shop_orders_database
DROP DATABASE "shop_orders";
-- alone
DO 'BEGIN DROP ROLE "shop_orders_app_a"; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END';
DO 'BEGIN DROP ROLE "shop_orders_app_b"; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END';
DO 'BEGIN DROP ROLE "shop_orders_worker_a"; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END';
DO 'BEGIN DROP ROLE "shop_orders_worker_b"; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END';
DO 'BEGIN DROP ROLE "shop_orders_report_a"; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END';
DO 'BEGIN DROP ROLE "shop_orders_report_b"; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END';
DO 'BEGIN DROP ROLE "shop_orders_readonly"; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END';
DO 'BEGIN DROP ROLE "shop_orders_readwrite"; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END';
DO 'BEGIN DROP ROLE "shop_orders_owner"; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END';
DO 'BEGIN DROP ROLE "shop_orders_database"; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END';
SELECT json_agg(rolname ORDER BY rolname)::text FROM pg_roles WHERE rolname = ANY (ARRAY['shop_orders_app_a', 'shop_orders_app_b', 'shop_orders_worker_a', 'shop_orders_worker_b', 'shop_orders_report_a', 'shop_orders_report_b', 'shop_orders_readonly', 'shop_orders_readwrite', 'shop_orders_owner', 'shop_orders_database']::text[]);
-- ledger
DELETE FROM howdah.role_left WHERE role NOT IN (SELECT oid FROM pg_roles);
INSERT INTO howdah.role_left (role, namespace_uid) SELECT r.oid, c.namespace_uid FROM howdah.claim c JOIN pg_roles r ON r.rolname = ANY (c.roles::name[]) WHERE claim_uid = 'uid-1' ON CONFLICT (role) DO UPDATE SET namespace_uid = excluded.namespace_uid;
DELETE FROM howdah.claim WHERE claim_uid = 'uid-1';
