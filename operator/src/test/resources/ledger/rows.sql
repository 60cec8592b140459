-- from 1
UPDATE howdah.fence SET epoch = 7, holder = 'howdah-1';
INSERT INTO howdah.claim (claim_uid, namespace, namespace_uid, name, database, roles, state, connections, accepted, bound_at, retained_at, drop_after) VALUES
  ('u-active', 'shop', 'n-shop', 'orders', 'shop_orders', '{shop_orders_database,shop_orders_owner,shop_orders_app_a}', 'Active', 30,
   '{"claim": {"className": "standard", "majorVersion": 18, "connections": 30, "locale": {"name": "C"}, "schemas": ["public"],
      "extensions": ["cube", "hstore"], "access": [{"name": "app", "role": "Owner", "binding": true, "connections": null, "secretName": "orders-db"}],
      "deletionPolicy": "Retain", "ownerMayCreateSchemas": false},
    "terms": {"className": "standard", "majorVersions": [18], "majorVersion": 18, "connections": 20, "extensions": ["hstore"], "schemas": ["public"],
      "deletionPolicy": "Retain", "locale": {}, "retainFor": "PT168H", "ownerMayCreateSchemas": false},
    "generation": 2, "installed": [{"name": "cube", "version": "1.5", "schema": "extensions"}], "unmanaged": []}',
   '2026-01-02T03:04:05Z', NULL, NULL),
  ('u-new', 'shop', 'n-shop', 'new', 'shop_new', '{shop_new_database}', 'Provisioning', 20, NULL, '2026-01-02T03:04:06Z', NULL, NULL),
  ('u-retained', 'shop', 'n-shop', 'kept', 'shop_kept', '{shop_kept_database,shop_kept_owner}', 'Retained', 20, NULL,
   '2026-01-02T03:04:07Z', '2026-02-02T03:04:07Z', NULL),
  ('u-dropping', 'shop', 'n-shop', 'gone', 'shop_gone', '{shop_gone_database}', 'Dropping', 20, NULL,
   '2026-01-02T03:04:08Z', '2026-02-02T03:04:08Z', '2026-02-09T03:04:08Z');
INSERT INTO howdah.login (claim_uid, access, slot, fingerprint, rotated_at) VALUES ('u-active', 'app', 'b', 'f-1', '2026-01-02T03:04:09Z');
INSERT INTO howdah.journal (at, epoch, claim_uid, claim, database, steps, duration_ms, sqlstate) VALUES
  (now(), 7, 'u-active', 'shop/orders', 'shop_orders', '{CreateDatabase}', 12, NULL),
  (now(), 7, 'u-active', 'shop/orders', 'shop_orders', '{CreateExtension}', 3, '58P01');

-- from 2
UPDATE howdah.claim SET storage = 10737418240, accepted = accepted
  || jsonb_build_object(
    'claim', accepted -> 'claim' || '{"storage": 10737418240, "parameters": {"work_mem": "32MB"}, "extensions": [{"name": "cube"}, {"name": "hstore", "version": "1.8"}]}',
    'terms', accepted -> 'terms' || '{"storage": 5368709120, "parameters": {}, "extensions": [{"name": "hstore"}]}',
    'grounds', '{"spec": {"storage": "10Gi", "parameters": {"work_mem": "32MB"}}, "values": [{"path": "storage", "value": "10Gi", "source": "DatabaseClaim"}],
      "waived": {"parameters.work_mem": "DatabaseWaiver/w"}, "behind": {"DatabasePolicy/baseline": 4}}'::jsonb)
  WHERE claim_uid = 'u-active';

-- from 3
UPDATE howdah.login SET verifier = 'v-1';
UPDATE howdah.server SET operator_roles = '{monitoring}';

-- from 4
UPDATE howdah.login SET handled = '{"rotate": "1", "last": "1"}', previous_since = '2026-01-02T03:04:09Z', previous_in_use = true;
UPDATE howdah.claim SET accepted = accepted || jsonb_build_object(
    'claim', accepted -> 'claim' || '{"credentials": {"rotateEvery": "PT720H", "overlap": "PT24H"}}',
    'terms', accepted -> 'terms' || '{"credentials": {}}')
  WHERE claim_uid = 'u-active';

-- from 5
UPDATE howdah.claim SET retained_because = 'ClaimDeleted', former_installation = 'lost' WHERE claim_uid = 'u-retained';
UPDATE howdah.claim SET consent_used = true, adopted = '{"owner": "legacy", "planHash": "h", "keeps": [], "extensions": [], "settings": []}', accepted = accepted || '{"findings": []}' WHERE claim_uid = 'u-active';

-- from 6
UPDATE howdah.journal SET policies = '{"DatabasePolicy/baseline": 4}';

-- from 7
INSERT INTO howdah.role_left (role, namespace_uid) SELECT oid, 'n-shop' FROM pg_roles WHERE rolname = current_user;
