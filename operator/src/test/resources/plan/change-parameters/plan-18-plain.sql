-- ledger
GRANT "shop_orders_database" TO "platform" WITH INHERIT TRUE, SET TRUE;
ALTER DATABASE "shop_orders" RESET "log_min_duration_statement";
GRANT "shop_orders_database" TO "platform" WITH INHERIT FALSE, SET TRUE;
SET LOCAL ROLE "shop_orders_database";
SELECT CASE WHEN current_user <> 'shop_orders_database' THEN ('howdah: current_user is ' || current_user)::int END;
ALTER DATABASE "shop_orders" RESET "statement_timeout";
ALTER DATABASE "shop_orders" SET "work_mem" TO '64MB';
SET LOCAL ROLE NONE;
SELECT CASE WHEN current_user <> 'platform' THEN ('howdah: current_user is ' || current_user)::int END;
-- ledger
WITH changed AS (UPDATE howdah.claim SET state = 'Active', retained_at = NULL, drop_after = NULL, retained_because = NULL, former_installation = NULL, storage = 5368709120, connections = 20, accepted = '{"claim":{"className":"standard","majorVersion":18,"storage":5368709120,"connections":20,"parameters":{"temp_tablespaces":"","work_mem":"64MB"},"locale":{},"schemas":["public"],"extensions":[],"access":[{"name":"app","role":"Owner","binding":true,"connections":null,"secretName":"orders-db"}],"deletionPolicy":"Retain","ownerMayCreateSchemas":false,"credentials":{"rotateEvery":null,"overlap":null,"closeAfter":null}},"terms":{"className":"standard","majorVersions":[18],"majorVersion":18,"storage":5368709120,"connections":20,"parameters":{},"extensions":[],"schemas":["public"],"deletionPolicy":"Retain","locale":{},"retainFor":"PT168H","ownerMayCreateSchemas":false,"credentials":{"rotateEvery":null,"overlap":null,"closeAfter":null},"stated":[]},"generation":2,"grounds":{"spec":{"parameters":{"work_mem":"64MB","temp_tablespaces":""}},"values":[],"waived":{},"behind":{}},"installed":[],"unmanaged":[]}'::jsonb WHERE claim_uid = 'uid-1' RETURNING 1) SELECT CASE WHEN count(*) = 0 THEN ('howdah: the claim''s row in the ledger has changed, rows: ' || count(*))::int END FROM changed;
