-- What Howdah ran to make a ledger when its schema was 5.
CREATE SCHEMA howdah;
CREATE TABLE howdah.server (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  ledger text NOT NULL,
  installation text NOT NULL,
  system_identifier text NOT NULL,
  major_version int NOT NULL,
  admin_role text NOT NULL,
  schema_version int NOT NULL);
CREATE TABLE howdah.fence (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  epoch bigint NOT NULL,
  holder text NOT NULL);
CREATE TABLE howdah.claim (
  claim_uid text PRIMARY KEY,
  namespace text NOT NULL,
  namespace_uid text NOT NULL,
  name text NOT NULL,
  database text NOT NULL UNIQUE,
  roles text[] NOT NULL,
  state text NOT NULL CHECK (state IN ('Provisioning', 'Active', 'Retained', 'Dropping')),
  connections int NOT NULL,
  accepted jsonb,
  bound_at timestamptz NOT NULL DEFAULT now(),
  retained_at timestamptz,
  drop_after timestamptz);
CREATE TABLE howdah.login (
  claim_uid text NOT NULL REFERENCES howdah.claim ON UPDATE CASCADE ON DELETE CASCADE,
  access text NOT NULL,
  slot text NOT NULL CHECK (slot IN ('a', 'b')),
  fingerprint text NOT NULL,
  rotated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (claim_uid, access));
CREATE SEQUENCE howdah.journal_id;
CREATE TABLE howdah.journal (
  id bigint NOT NULL DEFAULT nextval('howdah.journal_id'),
  at timestamptz NOT NULL DEFAULT now(),
  epoch bigint NOT NULL,
  claim_uid text,
  claim text,
  database text,
  steps text[] NOT NULL,
  duration_ms int,
  sqlstate text) PARTITION BY RANGE (at);
CREATE TABLE howdah.journal_other PARTITION OF howdah.journal DEFAULT;
INSERT INTO howdah.fence (epoch, holder) VALUES (0, '');
DO $do$ DECLARE month timestamp; BEGIN
  FOR i IN 0..2 LOOP
    month := date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => i);
    IF to_regclass('howdah.journal_' || to_char(month, 'YYYYMM')) IS NULL THEN
      BEGIN
        EXECUTE format('CREATE TABLE howdah.%I PARTITION OF howdah.journal FOR VALUES FROM (%L) TO (%L)',
          'journal_' || to_char(month, 'YYYYMM'), month || 'Z', month + interval '1 month' || 'Z');
      EXCEPTION WHEN check_violation THEN NULL;
      END;
    END IF;
  END LOOP;
END $do$;
REVOKE ALL ON DATABASE howdah FROM PUBLIC;
INSERT INTO howdah.server (ledger, installation, system_identifier, major_version, admin_role, schema_version)
  VALUES (gen_random_uuid(), '{installation}', '{system_identifier}', {major}, '{admin}', 1);

ALTER TABLE howdah.claim ADD COLUMN storage bigint NOT NULL DEFAULT 0;
UPDATE howdah.server SET schema_version = 2;

ALTER TABLE howdah.login
  ADD COLUMN handled jsonb,
  ADD COLUMN next jsonb,
  ADD COLUMN previous_since timestamptz,
  ADD COLUMN previous_seen timestamptz,
  ADD COLUMN previous_in_use boolean NOT NULL DEFAULT false,
  ADD COLUMN previous_revoked boolean NOT NULL DEFAULT false;
UPDATE howdah.server SET schema_version = 3;

ALTER TABLE howdah.login ADD COLUMN verifier text;
ALTER TABLE howdah.server ADD COLUMN operator_roles text[] NOT NULL DEFAULT '{}';
UPDATE howdah.server SET schema_version = 4;

ALTER TABLE howdah.claim
  ADD COLUMN retained_because text,
  ADD COLUMN former_installation text,
  ADD COLUMN consent_used boolean NOT NULL DEFAULT false,
  ADD COLUMN adopted jsonb;
UPDATE howdah.server SET schema_version = 5;
