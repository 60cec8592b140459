-- ledger
ALTER ROLE "shop_orders_app_a" LOGIN CONNECTION LIMIT -1 PASSWORD 'verifier of app';
INSERT INTO howdah.login (claim_uid, access, slot, fingerprint, rotated_at, verifier) VALUES ('uid-1', 'app', 'a', 'fingerprint', '1970-01-01T00:00:00Z', NULL) ON CONFLICT (claim_uid, access) DO UPDATE SET slot = excluded.slot, fingerprint = excluded.fingerprint, rotated_at = excluded.rotated_at, verifier = excluded.verifier;
