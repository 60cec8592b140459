-- Copyright The Howdah Authors
-- SPDX-License-Identifier: Apache-2.0
-- The admin of a server without superuser: all it needs on PostgreSQL 15 to 18, and nothing it does not.
-- Run as a superuser (or the managed service's highest role) in the database `postgres`, then give it a password that no
-- log sees: \password howdah_admin

-- Without LOGIN: AuthenticationFailed. Without CREATEDB or CREATEROLE: InsufficientPrivilege.
CREATE ROLE howdah_admin LOGIN CREATEDB CREATEROLE;

-- By default anybody may connect to these two; until it is taken back, the condition Hardened names them.
REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC;

-- Then the admin needs it said for `spec.external.adminDatabase`. Without: InsufficientPrivilege when the server is first opened.
GRANT CONNECT ON DATABASE postgres TO howdah_admin;

-- Sessions of others, such as a colleague's psql, in a database whose time to be dropped has come. Without: the database
-- stays until they have gone, and the server's events name them. Leave it out if that is what you want.
GRANT pg_signal_backend TO howdah_admin;

-- Of the parameters that take a superuser, those that a class or a policy sets. Without: InsufficientPrivilege on the
-- claims that get one. This one is an example; leave it out or name your own.
GRANT SET ON PARAMETER log_min_duration_statement TO howdah_admin;
