-- ledger
WITH changed AS (UPDATE howdah.claim SET claim_uid = 'uid-1', namespace_uid = 'namespace-1', state = 'Provisioning', roles = ARRAY['shop_orders_database', 'shop_orders_owner', 'shop_orders_readwrite', 'shop_orders_readonly', 'shop_orders_app_a', 'shop_orders_app_b']::text[], retained_at = NULL, retained_because = NULL, drop_after = NULL, former_installation = NULL, consent_used = consent_used OR false WHERE database = 'shop_orders' AND namespace = 'shop' AND name = 'orders' RETURNING 1) SELECT CASE WHEN count(*) = 0 THEN ('howdah: the claim''s row in the ledger has changed, rows: ' || count(*))::int END FROM changed;
-- alone
CREATE DATABASE "shop_orders" OWNER "shop_orders_database" TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C.UTF-8' CONNECTION LIMIT 0;
-- ledger
SET LOCAL ROLE "shop_orders_database";
SELECT CASE WHEN current_user <> 'shop_orders_database' THEN ('howdah: current_user is ' || current_user)::int END;
REVOKE ALL ON DATABASE "shop_orders" FROM PUBLIC;
ALTER DATABASE "shop_orders" CONNECTION LIMIT 20;
SET LOCAL ROLE NONE;
SELECT CASE WHEN current_user <> 'postgres' THEN ('howdah: current_user is ' || current_user)::int END;
ALTER ROLE "shop_orders_app_a" IN DATABASE "shop_orders" SET "search_path" TO "public", "extensions";
ALTER ROLE "shop_orders_app_a" IN DATABASE "shop_orders" SET "role" TO "shop_orders_owner";
ALTER ROLE "shop_orders_app_b" IN DATABASE "shop_orders" SET "search_path" TO "public", "extensions";
ALTER ROLE "shop_orders_app_b" IN DATABASE "shop_orders" SET "role" TO "shop_orders_owner";
-- inside shop_orders
SET LOCAL ROLE "shop_orders_database";
SELECT CASE WHEN current_user <> 'shop_orders_database' THEN ('howdah: current_user is ' || current_user)::int END;
DROP SCHEMA public;
CREATE SCHEMA "public" AUTHORIZATION "shop_orders_owner";
SET LOCAL ROLE NONE;
SELECT CASE WHEN current_user <> 'postgres' THEN ('howdah: current_user is ' || current_user)::int END;
CREATE SCHEMA "extensions";
GRANT USAGE ON SCHEMA "extensions" TO "shop_orders_owner";
GRANT USAGE ON SCHEMA "extensions" TO "shop_orders_readwrite";
GRANT USAGE ON SCHEMA "extensions" TO "shop_orders_readonly";
SET LOCAL ROLE "shop_orders_owner";
SELECT CASE WHEN current_user <> 'shop_orders_owner' THEN ('howdah: current_user is ' || current_user)::int END;
GRANT USAGE ON SCHEMA "public" TO "shop_orders_readwrite";
GRANT USAGE ON SCHEMA "public" TO "shop_orders_readonly";
ALTER DEFAULT PRIVILEGES FOR ROLE "shop_orders_owner" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "shop_orders_readwrite";
ALTER DEFAULT PRIVILEGES FOR ROLE "shop_orders_owner" GRANT USAGE, SELECT ON SEQUENCES TO "shop_orders_readwrite";
ALTER DEFAULT PRIVILEGES FOR ROLE "shop_orders_owner" GRANT EXECUTE ON FUNCTIONS TO "shop_orders_readwrite";
ALTER DEFAULT PRIVILEGES FOR ROLE "shop_orders_owner" GRANT USAGE ON TYPES TO "shop_orders_readwrite";
ALTER DEFAULT PRIVILEGES FOR ROLE "shop_orders_owner" GRANT USAGE ON SCHEMAS TO "shop_orders_readwrite";
ALTER DEFAULT PRIVILEGES FOR ROLE "shop_orders_owner" GRANT SELECT ON TABLES TO "shop_orders_readonly";
ALTER DEFAULT PRIVILEGES FOR ROLE "shop_orders_owner" GRANT SELECT ON SEQUENCES TO "shop_orders_readonly";
ALTER DEFAULT PRIVILEGES FOR ROLE "shop_orders_owner" GRANT EXECUTE ON FUNCTIONS TO "shop_orders_readonly";
ALTER DEFAULT PRIVILEGES FOR ROLE "shop_orders_owner" GRANT USAGE ON TYPES TO "shop_orders_readonly";
ALTER DEFAULT PRIVILEGES FOR ROLE "shop_orders_owner" GRANT USAGE ON SCHEMAS TO "shop_orders_readonly";
SET LOCAL ROLE NONE;
SELECT CASE WHEN current_user <> 'postgres' THEN ('howdah: current_user is ' || current_user)::int END;
-- ledger
SET LOCAL ROLE "shop_orders_database";
SELECT CASE WHEN current_user <> 'shop_orders_database' THEN ('howdah: current_user is ' || current_user)::int END;
GRANT CONNECT, TEMPORARY ON DATABASE "shop_orders" TO "shop_orders_owner";
GRANT CONNECT, TEMPORARY ON DATABASE "shop_orders" TO "shop_orders_readwrite";
GRANT CONNECT, TEMPORARY ON DATABASE "shop_orders" TO "shop_orders_readonly";
SET LOCAL ROLE NONE;
SELECT CASE WHEN current_user <> 'postgres' THEN ('howdah: current_user is ' || current_user)::int END;
WITH changed AS (UPDATE howdah.claim SET state = 'Active', retained_at = NULL, drop_after = NULL, retained_because = NULL, former_installation = NULL, storage = 5368709120, connections = 20, accepted = '{"claim":{"className":"standard","majorVersion":15,"storage":5368709120,"connections":20,"parameters":{},"locale":{},"schemas":["public"],"extensions":[],"access":[{"name":"app","role":"Owner","binding":true,"connections":null,"secretName":"orders-db"}],"deletionPolicy":"Retain","ownerMayCreateSchemas":false,"credentials":{"rotateEvery":null,"overlap":null,"closeAfter":null}},"terms":{"className":"standard","majorVersions":[15],"majorVersion":15,"storage":5368709120,"connections":20,"parameters":{},"extensions":[],"schemas":["public"],"deletionPolicy":"Retain","locale":{},"retainFor":"PT168H","ownerMayCreateSchemas":false,"credentials":{"rotateEvery":null,"overlap":null,"closeAfter":null},"stated":[]},"generation":1,"grounds":{"spec":{},"values":[],"waived":{},"behind":{}},"installed":[],"unmanaged":[]}'::jsonb WHERE claim_uid = 'uid-1' RETURNING 1) SELECT CASE WHEN count(*) = 0 THEN ('howdah: the claim''s row in the ledger has changed, rows: ' || count(*))::int END FROM changed;
