-- alone
-- as shop_orders_database
DROP DATABASE "shop_orders";
-- alone
CREATE DATABASE "shop_orders" OWNER "shop_orders_database" TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C' CONNECTION LIMIT 0;
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
ALTER ROLE "shop_orders_app_a" LOGIN CONNECTION LIMIT -1 PASSWORD 'verifier of app';
INSERT INTO howdah.login (claim_uid, access, slot, fingerprint, rotated_at, handled, next, previous_since, previous_seen, previous_in_use, previous_revoked, verifier) VALUES ('uid-1', 'app', 'a', 'fingerprint', '1970-01-01T00:00:00Z', NULL, NULL, NULL, NULL, false, false, NULL) ON CONFLICT (claim_uid, access) DO UPDATE SET slot = excluded.slot, fingerprint = excluded.fingerprint, rotated_at = excluded.rotated_at, handled = excluded.handled, next = excluded.next, previous_since = excluded.previous_since, previous_seen = excluded.previous_seen, previous_in_use = excluded.previous_in_use, previous_revoked = excluded.previous_revoked, verifier = excluded.verifier;
WITH changed AS (UPDATE howdah.claim SET state = 'Active', retained_at = NULL, drop_after = NULL, retained_because = NULL, former_installation = NULL, storage = 5368709120, connections = 20, accepted = '{"claim":{"className":"standard","majorVersion":18,"storage":5368709120,"connections":20,"parameters":{},"locale":{},"schemas":["public"],"extensions":[],"access":[{"name":"app","role":"Owner","binding":true,"connections":null,"secretName":"orders-db"}],"deletionPolicy":"Retain","ownerMayCreateSchemas":false,"credentials":{"rotateEvery":null,"overlap":null,"closeAfter":null}},"terms":{"className":"standard","majorVersions":[18],"majorVersion":18,"storage":5368709120,"connections":20,"parameters":{},"extensions":[],"schemas":["public"],"deletionPolicy":"Retain","locale":{},"retainFor":"PT168H","ownerMayCreateSchemas":false,"credentials":{"rotateEvery":null,"overlap":null,"closeAfter":null},"stated":[]},"generation":2,"grounds":{"spec":{},"values":[],"waived":{},"behind":{}},"installed":[],"unmanaged":[]}'::jsonb WHERE claim_uid = 'uid-1' RETURNING 1) SELECT CASE WHEN count(*) = 0 THEN ('howdah: the claim''s row in the ledger has changed, rows: ' || count(*))::int END FROM changed;
