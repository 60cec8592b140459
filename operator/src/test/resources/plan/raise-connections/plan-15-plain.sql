-- ledger
WITH changed AS (UPDATE howdah.claim SET roles = ARRAY['shop_orders_database', 'shop_orders_owner', 'shop_orders_readwrite', 'shop_orders_readonly', 'shop_orders_app_a', 'shop_orders_app_b']::text[], storage = 5368709120, connections = 50 WHERE claim_uid = 'uid-1' RETURNING 1) SELECT CASE WHEN count(*) = 0 THEN ('howdah: the claim''s row in the ledger has changed, rows: ' || count(*))::int END FROM changed;
SET LOCAL ROLE "shop_orders_database";
SELECT CASE WHEN current_user <> 'shop_orders_database' THEN ('howdah: current_user is ' || current_user)::int END;
ALTER DATABASE "shop_orders" CONNECTION LIMIT 50;
SET LOCAL ROLE NONE;
SELECT CASE WHEN current_user <> 'platform' THEN ('howdah: current_user is ' || current_user)::int END;
-- ledger
WITH changed AS (UPDATE howdah.claim SET state = 'Active', retained_at = NULL, drop_after = NULL, storage = 5368709120, connections = 50, accepted = '{"claim":{"className":"standard","majorVersion":15,"storage":5368709120,"connections":50,"parameters":{},"locale":{},"schemas":["public"],"extensions":[],"access":[{"name":"app","role":"Owner","binding":true,"connections":null,"secretName":"orders-db"}],"deletionPolicy":"Retain","ownerMayCreateSchemas":false},"terms":{"className":"standard","majorVersions":[15],"majorVersion":15,"storage":5368709120,"connections":20,"parameters":{},"extensions":[],"schemas":["public"],"deletionPolicy":"Retain","locale":{},"retainFor":"PT168H","ownerMayCreateSchemas":false},"generation":2,"grounds":{"spec":{"connections":50},"values":[],"waived":{},"behind":{}},"installed":[],"unmanaged":[]}'::jsonb WHERE claim_uid = 'uid-1' RETURNING 1) SELECT CASE WHEN count(*) = 0 THEN ('howdah: the claim''s row in the ledger has changed, rows: ' || count(*))::int END FROM changed;
