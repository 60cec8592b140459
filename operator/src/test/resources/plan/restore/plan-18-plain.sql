-- ledger
WITH changed AS (UPDATE howdah.claim SET claim_uid = 'uid-2', state = 'Retained', roles = ARRAY['shop_orders_database', 'shop_orders_owner', 'shop_orders_readwrite', 'shop_orders_readonly', 'shop_orders_app_a', 'shop_orders_app_b']::text[], retained_at = NULL, drop_after = NULL WHERE database = 'shop_orders' RETURNING 1) SELECT CASE WHEN count(*) = 0 THEN ('howdah: the claim''s row in the ledger has changed, rows: ' || count(*))::int END FROM changed;
-- ledger
SET LOCAL ROLE "shop_orders_database";
SELECT CASE WHEN current_user <> 'shop_orders_database' THEN ('howdah: current_user is ' || current_user)::int END;
GRANT CONNECT, TEMPORARY ON DATABASE "shop_orders" TO "shop_orders_owner";
GRANT CONNECT, TEMPORARY ON DATABASE "shop_orders" TO "shop_orders_readwrite";
GRANT CONNECT, TEMPORARY ON DATABASE "shop_orders" TO "shop_orders_readonly";
SET LOCAL ROLE NONE;
SELECT CASE WHEN current_user <> 'platform' THEN ('howdah: current_user is ' || current_user)::int END;
ALTER ROLE "shop_orders_app_a" LOGIN CONNECTION LIMIT -1 PASSWORD 'verifier of app';
INSERT INTO howdah.login (claim_uid, access, slot, fingerprint, rotated_at, verifier) VALUES ('uid-2', 'app', 'a', 'fingerprint', '1970-01-01T00:00:00Z', NULL) ON CONFLICT (claim_uid, access) DO UPDATE SET slot = excluded.slot, fingerprint = excluded.fingerprint, rotated_at = excluded.rotated_at, verifier = excluded.verifier;
WITH changed AS (UPDATE howdah.claim SET state = 'Active', retained_at = NULL, drop_after = NULL, storage = 5368709120, connections = 20, accepted = '{"claim":{"className":"standard","majorVersion":18,"storage":5368709120,"connections":20,"parameters":{},"locale":{},"schemas":["public"],"extensions":[],"access":[{"name":"app","role":"Owner","binding":true,"connections":null,"secretName":"orders-db"}],"deletionPolicy":"Retain","ownerMayCreateSchemas":false},"terms":{"className":"standard","majorVersions":[18],"majorVersion":18,"storage":5368709120,"connections":20,"parameters":{},"extensions":[],"schemas":["public"],"deletionPolicy":"Retain","locale":{},"retainFor":"PT168H","ownerMayCreateSchemas":false},"generation":1,"grounds":{"spec":{},"values":[],"waived":{},"behind":{}},"installed":[],"unmanaged":[]}'::jsonb WHERE claim_uid = 'uid-2' RETURNING 1) SELECT CASE WHEN count(*) = 0 THEN ('howdah: the claim''s row in the ledger has changed, rows: ' || count(*))::int END FROM changed;
