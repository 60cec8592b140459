-- ledger
REVOKE "shop_orders_owner" FROM "shop_orders_app_a";
REVOKE "shop_orders_owner" FROM "shop_orders_app_b";
REVOKE "shop_orders_readwrite" FROM "shop_orders_worker_a";
REVOKE "shop_orders_readwrite" FROM "shop_orders_worker_b";
REVOKE "shop_orders_readonly" FROM "shop_orders_report_a";
REVOKE "shop_orders_readonly" FROM "shop_orders_report_b";
-- alone
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_app_a' AND pid <> pg_backend_pid();
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_app_b' AND pid <> pg_backend_pid();
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_worker_a' AND pid <> pg_backend_pid();
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_worker_b' AND pid <> pg_backend_pid();
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_report_a' AND pid <> pg_backend_pid();
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_report_b' AND pid <> pg_backend_pid();
-- ledger
ALTER ROLE "shop_orders_app_a" NOLOGIN CONNECTION LIMIT 0;
ALTER ROLE "shop_orders_app_b" NOLOGIN CONNECTION LIMIT 0;
ALTER ROLE "shop_orders_worker_a" NOLOGIN CONNECTION LIMIT 0;
ALTER ROLE "shop_orders_worker_b" NOLOGIN CONNECTION LIMIT 0;
ALTER ROLE "shop_orders_report_a" NOLOGIN CONNECTION LIMIT 0;
ALTER ROLE "shop_orders_report_b" NOLOGIN CONNECTION LIMIT 0;
SET LOCAL ROLE "shop_orders_database";
SELECT CASE WHEN current_user <> 'shop_orders_database' THEN ('howdah: current_user is ' || current_user)::int END;
REVOKE CONNECT ON DATABASE "shop_orders" FROM "shop_orders_owner";
REVOKE CONNECT ON DATABASE "shop_orders" FROM "shop_orders_readwrite";
REVOKE CONNECT ON DATABASE "shop_orders" FROM "shop_orders_readonly";
SET LOCAL ROLE NONE;
SELECT CASE WHEN current_user <> 'postgres' THEN ('howdah: current_user is ' || current_user)::int END;
WITH changed AS (UPDATE howdah.claim SET state = 'Retained', drop_after = CASE WHEN retained_at IS NULL THEN now() + make_interval(secs => 3600) ELSE drop_after END, retained_because = coalesce(retained_because, 'ClaimDeleted'), retained_at = coalesce(retained_at, now()) WHERE claim_uid = 'uid-1' RETURNING 1) SELECT CASE WHEN count(*) = 0 THEN ('howdah: the claim''s row in the ledger has changed, rows: ' || count(*))::int END FROM changed;
-- alone
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_app_a' AND pid <> pg_backend_pid();
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_app_b' AND pid <> pg_backend_pid();
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_worker_a' AND pid <> pg_backend_pid();
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_worker_b' AND pid <> pg_backend_pid();
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_report_a' AND pid <> pg_backend_pid();
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_report_b' AND pid <> pg_backend_pid();
