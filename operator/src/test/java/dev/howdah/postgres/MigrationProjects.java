// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The smallest projects that migration tools of other languages work on; libpq's variables say where the database is. */
final class MigrationProjects {
    private MigrationProjects() {}

    /** Contents by path. */
    static Path write(Path folder, Map<String, String> files) throws IOException {
        for (var file : files.entrySet()) {
            var path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        return folder;
    }

    static final Map<String, String> DJANGO = Map.of(
            "settings.py",
            """
            import os
            SECRET_KEY = 'of the tests'
            USE_TZ = True
            DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'
            INSTALLED_APPS = ['django.contrib.auth', 'django.contrib.contenttypes', 'django.contrib.sessions', 'shop']
            DATABASES = {'default': {
                'ENGINE': 'django.db.backends.postgresql', 'NAME': os.environ['PGDATABASE'], 'USER': os.environ['PGUSER'],
                'PASSWORD': os.environ['PGPASSWORD'], 'HOST': os.environ['PGHOST'], 'PORT': os.environ['PGPORT']}}
            if 'TEST_DATABASE' in os.environ:
                DATABASES['default']['TEST'] = {'NAME': os.environ['TEST_DATABASE']}
            """,
            "shop/__init__.py",
            "",
            "shop/migrations/__init__.py",
            "",
            "shop/models.py",
            """
            from django.db import models
            class Order(models.Model):
                word = models.CharField(max_length=20)
            """,
            "shop/tests.py",
            """
            from django.test import TestCase
            from shop.models import Order
            class OrderTest(TestCase):
                def test_write(self):
                    Order.objects.create(word='a')
                    self.assertEqual(1, Order.objects.count())
            """);

    /** The model of the second migration. */
    static final Map<String, String> DJANGO_ALTERED = Map.of("shop/models.py", """
            from django.conf import settings
            from django.db import models
            class Order(models.Model):
                word = models.TextField()
                buyer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE)
            class Line(models.Model):
                order = models.ForeignKey(Order, on_delete=models.CASCADE)
                count = models.IntegerField(db_index=True)
            """);

    /** An extension that the claim asks for, and an index that is not made in a transaction. */
    static final Map<String, String> DJANGO_INDEX = Map.of("shop/migrations/0003_index.py", """
            from django.contrib.postgres.operations import AddIndexConcurrently, TrigramExtension
            from django.db import migrations, models
            class Migration(migrations.Migration):
                atomic = False
                dependencies = [('shop', '0002_second')]
                operations = [
                    TrigramExtension(),
                    AddIndexConcurrently('order', models.Index(fields=['word'], name='order_word'))]
            """);

    static final Map<String, String> DJANGO_EXTENSION = Map.of("shop/migrations/0004_citext.py", """
            from django.contrib.postgres.operations import CITextExtension
            from django.db import migrations
            class Migration(migrations.Migration):
                dependencies = [('shop', '0003_index')]
                operations = [CITextExtension()]
            """);

    static final Map<String, String> DRIZZLE = Map.of("drizzle.config.ts", """
            const { PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, MIGRATIONS_SCHEMA } = process.env
            export default {
              dialect: 'postgresql', schema: './schema.ts', out: './drizzle',
              dbCredentials: { host: PGHOST, port: Number(PGPORT), user: PGUSER, password: PGPASSWORD, database: PGDATABASE, ssl: false },
              ...(MIGRATIONS_SCHEMA ? { migrations: { schema: MIGRATIONS_SCHEMA } } : {}),
            }
            """, "migrate.mjs", """
            import { drizzle } from 'drizzle-orm/node-postgres'
            import { migrate } from 'drizzle-orm/node-postgres/migrator'
            import pg from 'pg'
            const pool = new pg.Pool()
            try {
              await migrate(drizzle(pool), { migrationsFolder: './drizzle', migrationsSchema: process.env.MIGRATIONS_SCHEMA })
            } finally {
              await pool.end()
            }
            """, "schema.ts", """
            import { pgEnum, pgTable, serial, text } from 'drizzle-orm/pg-core'
            export const mood = pgEnum('mood', ['sad', 'ok'])
            export const orders = pgTable('orders', { id: serial().primaryKey(), word: text().notNull(), mood: mood() })
            """);

    /** What {@code migrate} does in one transaction. */
    static final Map<String, String> DRIZZLE_ALTERED = Map.of("schema.ts", """
            import { index, integer, pgEnum, pgTable, pgView, serial, text, varchar } from 'drizzle-orm/pg-core'
            export const mood = pgEnum('mood', ['sad', 'ok'])
            export const orders = pgTable('orders',
              { id: serial().primaryKey(), word: varchar({ length: 20 }).notNull(), mood: mood(), count: integer().default(1) },
              t => [index('orders_count').on(t.count)])
            export const lines = pgTable('lines', { id: serial().primaryKey(), order: integer().references(() => orders.id) })
            export const words = pgView('words').as(q => q.select({ word: orders.word }).from(orders))
            """);

    /** For {@code push}, which takes no transaction. */
    static final Map<String, String> DRIZZLE_CONCURRENTLY = Map.of("schema.ts", """
            import { index, integer, pgEnum, pgTable, serial, text } from 'drizzle-orm/pg-core'
            export const mood = pgEnum('mood', ['sad', 'ok'])
            export const orders = pgTable('orders',
              { id: serial().primaryKey(), word: text().notNull(), mood: mood(), count: integer().default(1) },
              t => [index('orders_word').on(t.word).concurrently()])
            """);

    /**
     * The schema engine in JavaScript, which npm has, by the driver adapter; the other is not in npm. The address is not
     * used, but asked for.
     */
    static final Map<String, String> PRISMA = Map.of(
            "prisma.config.ts",
            """
            import { PrismaPg } from '@prisma/adapter-pg'
            export default {
              experimental: { adapter: true },
              engine: 'js',
              schema: 'prisma/schema.prisma',
              adapter: async () => new PrismaPg({ max: 2 }),
            }
            """,
            "prisma/schema.prisma",
            """
            datasource db {
              provider = "postgresql"
              url      = "postgresql://localhost/unused"
            }
            generator client {
              provider   = "prisma-client"
              output     = "../generated"
              engineType = "client"
            }
            enum Mood {
              SAD
              OK
            }
            model Order {
              id   Int    @id @default(autoincrement())
              word String @unique
              mood Mood?
            }
            """,
            "prisma/migrations/migration_lock.toml",
            "provider = \"postgresql\"\n");

    static final Map<String, String> PRISMA_ALTERED = Map.of(
            "prisma/migrations/2_altered/migration.sql",
            """
            ALTER TYPE "Mood" ADD VALUE 'GOOD';
            ALTER TABLE "Order" ADD COLUMN "count" INTEGER NOT NULL DEFAULT 1, ALTER COLUMN "word" TYPE VARCHAR(20);
            CREATE TABLE "Line" ("id" SERIAL NOT NULL, "orderId" INTEGER NOT NULL, CONSTRAINT "Line_pkey" PRIMARY KEY ("id"));
            ALTER TABLE "Line" ADD CONSTRAINT "Line_orderId_fkey" FOREIGN KEY ("orderId") REFERENCES "Order"("id");
            """,
            "prisma/migrations/3_index/migration.sql",
            "CREATE INDEX CONCURRENTLY \"Order_count\" ON \"Order\" (\"count\");\n");

    /** What a dump may hold, of an Owner login's making, in the schema {@code public}. */
    static final String DUMPED = """
            CREATE TYPE mood AS ENUM ('sad', 'ok');
            CREATE DOMAIN word AS text CHECK (value <> '');
            CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, word word, mood mood, made date NOT NULL DEFAULT '2026-01-01');
            CREATE TABLE lines (id serial PRIMARY KEY, of bigint REFERENCES orders ON DELETE CASCADE, count int CHECK (count > 0));
            CREATE TABLE days (day date) PARTITION BY RANGE (day);
            CREATE TABLE days_2026 PARTITION OF days FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
            CREATE FUNCTION one() RETURNS integer LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT 1; END;
            CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.made := now(); RETURN NEW; END$$;
            CREATE TRIGGER stamp BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION stamp();
            CREATE INDEX orders_like ON orders USING gin ((word::text) extensions.gin_trgm_ops);
            CREATE VIEW words AS SELECT word FROM orders;
            CREATE MATERIALIZED VIEW counts AS SELECT count(*) AS n FROM orders;
            COMMENT ON TABLE orders IS 'x';
            ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
            CREATE POLICY everyone ON orders USING (true);
            INSERT INTO orders (word, mood) SELECT 'w' || n, 'ok' FROM generate_series(1, 100) n;
            INSERT INTO lines (of, count) SELECT id, id FROM orders;
            REFRESH MATERIALIZED VIEW counts;
            """;
}
