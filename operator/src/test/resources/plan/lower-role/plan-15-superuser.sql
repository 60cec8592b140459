-- ledger
GRANT "shop_orders_readonly" TO "shop_orders_second_a";
GRANT "shop_orders_readonly" TO "shop_orders_second_b";
REVOKE "shop_orders_owner" FROM "shop_orders_second_a";
REVOKE "shop_orders_owner" FROM "shop_orders_second_b";
-- alone
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_second_a' AND pid <> pg_backend_pid();
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_second_b' AND pid <> pg_backend_pid();
-- ledger
ALTER ROLE "shop_orders_second_a" NOLOGIN CONNECTION LIMIT 0;
ALTER ROLE "shop_orders_second_b" NOLOGIN CONNECTION LIMIT 0;
-- alone
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_second_a' AND pid <> pg_backend_pid();
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'shop_orders_second_b' AND pid <> pg_backend_pid();
-- ledger
ALTER ROLE "shop_orders_second_a" IN DATABASE "shop_orders" RESET "role";
ALTER ROLE "shop_orders_second_b" IN DATABASE "shop_orders" RESET "role";
-- inside shop_orders
REASSIGN OWNED BY "shop_orders_second_a" TO "shop_orders_owner";
DROP OWNED BY "shop_orders_second_a";
REASSIGN OWNED BY "shop_orders_second_b" TO "shop_orders_owner";
DROP OWNED BY "shop_orders_second_b";
-- ledger
ALTER ROLE "shop_orders_second_a" LOGIN CONNECTION LIMIT -1;
WITH changed AS (UPDATE howdah.claim SET state = 'Active', retained_at = NULL, drop_after = NULL, retained_because = NULL, former_installation = NULL, storage = 5368709120, connections = 20, accepted = '{"claim":{"className":"standard","majorVersion":15,"storage":5368709120,"connections":20,"parameters":{},"locale":{},"schemas":["public"],"extensions":[],"access":[{"name":"app","role":"Owner","binding":true,"connections":null,"secretName":"orders-db"},{"name":"second","role":"ReadOnly","binding":false,"connections":null,"secretName":"orders-second"}],"deletionPolicy":"Retain","ownerMayCreateSchemas":false,"credentials":{"rotateEvery":null,"overlap":null,"closeAfter":null}},"terms":{"className":"standard","majorVersions":[15],"majorVersion":15,"storage":5368709120,"connections":20,"parameters":{},"extensions":[],"schemas":["public"],"deletionPolicy":"Retain","locale":{},"retainFor":"PT168H","ownerMayCreateSchemas":false,"credentials":{"rotateEvery":null,"overlap":null,"closeAfter":null},"stated":[]},"generation":2,"grounds":{"spec":{"access":[{"name":"app","role":"Owner","binding":true},{"name":"second","role":"ReadOnly"}]},"values":[],"waived":{},"behind":{}},"installed":[],"unmanaged":[]}'::jsonb WHERE claim_uid = 'uid-1' RETURNING 1) SELECT CASE WHEN count(*) = 0 THEN ('howdah: the claim''s row in the ledger has changed, rows: ' || count(*))::int END FROM changed;
