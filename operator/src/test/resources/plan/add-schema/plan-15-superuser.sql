-- ledger
ALTER ROLE "shop_orders_app_a" IN DATABASE "shop_orders" SET "search_path" TO "public", "audit", "extensions";
ALTER ROLE "shop_orders_app_b" IN DATABASE "shop_orders" SET "search_path" TO "public", "audit", "extensions";
-- inside shop_orders
SET LOCAL ROLE "shop_orders_database";
SELECT CASE WHEN current_user <> 'shop_orders_database' THEN ('howdah: current_user is ' || current_user)::int END;
CREATE SCHEMA "audit" AUTHORIZATION "shop_orders_owner";
SET LOCAL ROLE "shop_orders_owner";
SELECT CASE WHEN current_user <> 'shop_orders_owner' THEN ('howdah: current_user is ' || current_user)::int END;
GRANT USAGE ON SCHEMA "audit" TO "shop_orders_readwrite";
GRANT USAGE ON SCHEMA "audit" TO "shop_orders_readonly";
SET LOCAL ROLE NONE;
SELECT CASE WHEN current_user <> 'postgres' THEN ('howdah: current_user is ' || current_user)::int END;
-- ledger
WITH changed AS (UPDATE howdah.claim SET state = 'Active', retained_at = NULL, drop_after = NULL, retained_because = NULL, former_installation = NULL, storage = 5368709120, connections = 20, accepted = '{"claim":{"className":"standard","majorVersion":15,"storage":5368709120,"connections":20,"parameters":{},"locale":{},"schemas":["public","audit"],"extensions":[],"access":[{"name":"app","role":"Owner","binding":true,"connections":null,"secretName":"orders-db"}],"deletionPolicy":"Retain","ownerMayCreateSchemas":false,"credentials":{"rotateEvery":null,"overlap":null,"closeAfter":null}},"terms":{"className":"standard","majorVersions":[15],"majorVersion":15,"storage":5368709120,"connections":20,"parameters":{},"extensions":[],"schemas":["public"],"deletionPolicy":"Retain","locale":{},"retainFor":"PT168H","ownerMayCreateSchemas":false,"credentials":{"rotateEvery":null,"overlap":null,"closeAfter":null},"stated":[]},"generation":2,"grounds":{"spec":{"schemas":["public","audit"]},"values":[],"waived":{},"behind":{}},"installed":[],"unmanaged":[]}'::jsonb WHERE claim_uid = 'uid-1' RETURNING 1) SELECT CASE WHEN count(*) = 0 THEN ('howdah: the claim''s row in the ledger has changed, rows: ' || count(*))::int END FROM changed;
