// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.howdah.api.v1alpha1.DatabaseClaimSpec;
import dev.howdah.api.v1alpha1.ExtensionRequest;
import dev.howdah.api.v1alpha1.Reason;
import dev.howdah.plan.EffectiveClaims;
import dev.howdah.plan.Login;
import dev.howdah.policy.CredentialTerms;
import dev.howdah.policy.Demand;
import dev.howdah.testenv.PostgresLogin;
import dev.howdah.testenv.TestEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ledgers as every earlier schema made them, with rows, opened by this version: afterwards they are shaped like one that this
 * version made, and hold what they held. {@code ledger/vN.sql} is what was run then, word for word; {@code ledger/rows.sql}
 * says since when a row or value can be there.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("servers")
class LedgerUpgradeIT {
    private static final Path FOLDER = Path.of("src/test/resources/ledger");
    /** Of the sixth schema there are two. */
    private static final String WITHOUT_POLICIES = "v6-without-policies.sql";

    private static final Pattern FILE = Pattern.compile("v(\\d+)(-[a-z-]+)?\\.sql");
    private static final List<String> TABLES = List.of("server", "fence", "claim", "login", "journal", "role_left");

    /** Opening writes these. */
    private static final Set<String> OF_THE_OPENING = Set.of("schema_version", "epoch", "holder");

    private static final String WAY_OUT =
            "the ledger's schema changed. Leave the migrations as they are, add one, raise SCHEMA_VERSION and commit"
                    + " ledger/v<SCHEMA_VERSION>.sql: the file before it, the new migration, and its schema_version";

    private final Ground ground;

    LedgerUpgradeIT(Ground ground) {
        this.ground = ground;
    }

    /** Of their own: the ledger of a shared one would be taken from under other tests. */
    static Stream<Ground> servers() {
        return Stream.of(ground(15, AdminKind.PLAIN), ground(18, AdminKind.SUPERUSER));
    }

    private static Ground ground(int major, AdminKind kind) {
        return Ground.on(TestEnvironment.postgres(Ground.options(major).with("cluster_name", "ledger-" + major)), kind);
    }

    @Test
    void every_schema_is_known_up_to_this_one() throws IOException {
        assertThat(files().stream().map(LedgerUpgradeIT::version).distinct())
                .as(WAY_OUT)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, LedgerSql.SCHEMA_VERSION)
                        .boxed()
                        .toList());
        assertThat(LedgerSql.MIGRATIONS).hasSize(LedgerSql.SCHEMA_VERSION);
    }

    @Test
    void what_this_version_makes_is_what_its_number_stands_for() throws Exception {
        var fresh = fresh();
        make(FOLDER.resolve("v" + LedgerSql.SCHEMA_VERSION + ".sql"));
        assertThat(shape()).as(WAY_OUT).isEqualTo(fresh);
        // Control: the comparison sees a column, a rule, an index, a right and a word.
        for (var change : List.of(
                "ALTER TABLE howdah.claim ADD COLUMN more text",
                "ALTER TABLE howdah.claim ALTER COLUMN name DROP NOT NULL",
                "ALTER TABLE howdah.login DROP CONSTRAINT login_slot_check",
                "DROP INDEX howdah.journal_by_id",
                "GRANT SELECT ON howdah.login TO pg_monitor",
                "GRANT CONNECT ON DATABASE howdah TO PUBLIC",
                "COMMENT ON TABLE howdah.claim IS 'a word'")) {
            var changed = ground.asSuperuser("howdah", "BEGIN; " + change + "; " + SHAPE + "; ROLLBACK");
            assertThat(changed.lines().toList()).as(change).isNotEqualTo(fresh);
        }
    }

    @Test
    void a_ledger_of_every_earlier_schema_is_brought_up_to_date_and_keeps_its_rows() throws Exception {
        var fresh = fresh();
        for (var file : files()) {
            make(file);
            fill(version(file), !file.endsWith(WITHOUT_POLICIES));
            var before = rows();
            try (var server = ground.open()) {
                assertThat(shape()).as("%s", file).isEqualTo(fresh);
                assertThat(ground.asSuperuser("howdah", "SELECT schema_version FROM howdah.server"))
                        .isEqualTo(String.valueOf(LedgerSql.SCHEMA_VERSION));
                assertKept(file, before);
                assertRead(file, server);
            }
            var after = rows();
            ground.open().close();
            assertThat(rows().get("claim"))
                    .as("%s: opened again, nothing changes", file)
                    .isEqualTo(after.get("claim"));
        }
    }

    @Test
    void a_claim_of_the_first_schema_is_worked_on_afterwards() throws Exception {
        drop();
        TestClaim claim;
        try (var server = ground.open()) {
            claim = new TestClaim(ground, server, "shop", "old").with(Specs.extensions("hstore"));
            claim.apply();
        }
        putIntoTheFirstSchema();
        try (var server = ground.open()) {
            claim.moveTo(server);
            assertThat(server.readLedger()).hasSize(1);
            var row = claim.row();
            assertThat(row.demand()).isEqualTo(new Demand(0, 20));
            var accepted = row.accepted();
            assertThat(accepted.claim().extensions()).containsExactly(new ExtensionRequest("hstore", null));
            assertThat(accepted.claim().storage()).isZero();
            assertThat(accepted.claim().parameters()).isEmpty();
            assertThat(accepted.claim().credentials()).isEqualTo(CredentialTerms.NONE);
            assertThat(accepted.grounds()).isEqualTo(EffectiveClaims.grounds(DatabaseClaimSpec.EMPTY));
            var login = row.logins().get("app");
            assertThat(login).isEqualTo(new Login("a", login.fingerprint(), login.rotated()));

            claim.apply();
            assertThat(claim.row().demand()).isEqualTo(new Demand(5L << 30, 20));
            assertThat(claim.sql("app", "SELECT 'a=>1'::hstore -> 'a'")).isEqualTo("1");
            assertThat(claim.apply().nothing()).isTrue();
        }
    }

    /** The one claim of this ledger in one that the first schema made, with no more than that one's rows say. */
    private void putIntoTheFirstSchema() throws SQLException, IOException {
        var now = rows(List.of("server", "claim", "login"));
        make(FOLDER.resolve("v1.sql"));
        fill(1);
        var former = Json.read(
                ground.asSuperuser("howdah", "SELECT accepted FROM howdah.claim WHERE claim_uid = 'u-active'"),
                JsonNode.class);
        var row = (ObjectNode) now.get("claim").get(0);
        var accepted = ((ObjectNode) row.get("accepted")).retain(fields(former));
        for (var part : List.of("claim", "terms")) {
            ((ObjectNode) accepted.get(part)).retain(fields(former.get(part)));
        }
        // It named no versions of them.
        ((ObjectNode) accepted.get("claim")).putArray("extensions").add("hstore");
        asAdmin("DELETE FROM howdah.claim");
        asAdmin("UPDATE howdah.server SET ledger = "
                + Quoting.literal(now.get("server").get(0).get("ledger").asText()));
        insert("claim", row);
        insert("login", now.get("login").get(0));
    }

    private void insert(String table, JsonNode row) throws SQLException {
        asAdmin("INSERT INTO howdah.%1$s SELECT * FROM jsonb_populate_record(NULL::howdah.%1$s, %2$s)"
                .formatted(table, Quoting.literal(row.toString())));
    }

    private static List<String> fields(JsonNode object) {
        var fields = new ArrayList<String>();
        object.fieldNames().forEachRemaining(fields::add);
        return fields;
    }

    @Test
    void a_migration_that_fails_leaves_the_ledger_as_it_was() throws Exception {
        make(FOLDER.resolve("v6.sql"));
        fill(6);
        // The last one cannot be carried out.
        asAdmin("CREATE VIEW howdah.role_left AS SELECT 1 AS role");
        var shape = shape();
        var rows = rows(List.of("server", "fence", "claim", "login", "journal"));
        assertThatThrownBy(ground::open).isInstanceOf(ServerRefused.class).hasMessageContaining("role_left");
        assertThat(shape()).isEqualTo(shape);
        assertThat(rows(List.of("server", "fence", "claim", "login", "journal")))
                .isEqualTo(rows);
    }

    @Test
    void a_ledger_of_a_later_version_is_left_alone() throws Exception {
        make(FOLDER.resolve("v" + LedgerSql.SCHEMA_VERSION + ".sql"));
        fill(LedgerSql.SCHEMA_VERSION);
        var later = LedgerSql.SCHEMA_VERSION + 1;
        asAdmin("ALTER TABLE howdah.claim ADD COLUMN later text; UPDATE howdah.server SET schema_version = " + later);
        var shape = shape();
        var rows = rows();
        assertThatThrownBy(ground::open).isInstanceOfSatisfying(ServerRefused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.UnsupportedVersion);
            assertThat(refused.explanation())
                    .contains("a newer Howdah", "schema " + later, "this one knows " + LedgerSql.SCHEMA_VERSION);
        });
        assertThat(shape()).isEqualTo(shape);
        assertThat(rows()).isEqualTo(rows);
    }

    /** The shape of a ledger made by this version. */
    private List<String> fresh() throws SQLException {
        drop();
        ground.open().close();
        return shape();
    }

    private void drop() throws SQLException {
        ground.asSuperuser("postgres", "DROP DATABASE IF EXISTS howdah WITH (FORCE)");
    }

    private void make(Path file) throws SQLException, IOException {
        drop();
        asAdminIn(
                "postgres", "CREATE DATABASE howdah TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' CONNECTION LIMIT -1");
        asAdmin(Files.readString(file)
                .replace("{installation}", Ground.INSTALLATION)
                .replace(
                        "{system_identifier}",
                        ground.asSuperuser("postgres", "SELECT system_identifier FROM pg_control_system()"))
                .replace("{major}", String.valueOf(ground.postgres().major()))
                .replace("{admin}", ground.admin().name()));
    }

    private void fill(int version) throws SQLException, IOException {
        fill(version, true);
    }

    private void fill(int version, boolean policies) throws SQLException, IOException {
        for (var part : Files.readString(FOLDER.resolve("rows.sql")).split("(?m)^-- from ")) {
            if (part.isBlank()) {
                continue;
            }
            var since = Integer.parseInt(part.substring(0, part.indexOf('\n')));
            if (since <= version) {
                for (var statement : part.substring(part.indexOf('\n')).split("(?m);\n")) {
                    if (policies || !statement.contains("SET policies")) {
                        asAdmin(statement);
                    }
                }
            }
        }
    }

    private void asAdmin(String sql) throws SQLException {
        asAdminIn("howdah", sql);
    }

    private void asAdminIn(String database, String sql) throws SQLException {
        var admin = ground.admin();
        try (var connection = ground.postgres().connect(database, new PostgresLogin(admin.name(), admin.password()))) {
            Ground.first(connection, sql);
        }
    }

    private List<String> shape() {
        var lines = ground.asSuperuser("howdah", SHAPE);
        assertThat(lines).isNotNull();
        return lines.lines().toList();
    }

    private TreeMap<String, JsonNode> rows() {
        return rows(TABLES);
    }

    private TreeMap<String, JsonNode> rows(List<String> tables) {
        var rows = new TreeMap<String, JsonNode>();
        for (var table : tables) {
            if (ground.asSuperuser("howdah", "SELECT to_regclass('howdah." + table + "')") != null) {
                rows.put(
                        table,
                        Json.read(
                                ground.asSuperuser(
                                        "howdah",
                                        "SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t)), '[]') FROM howdah.%s t"
                                                .formatted(table)),
                                JsonNode.class));
            }
        }
        return rows;
    }

    /** Every row with every value it had. */
    private void assertKept(Path file, TreeMap<String, JsonNode> before) {
        var now = rows();
        assertThat(before.get("claim")).hasSize(4);
        before.forEach((table, rows) -> {
            assertThat(now.get(table)).as("%s: %s", file, table).hasSameSizeAs(rows);
            var kept = new ArrayList<JsonNode>();
            var columns = rows.isEmpty() ? new ArrayList<String>() : fields(rows.get(0));
            columns.removeAll(OF_THE_OPENING);
            now.get(table).forEach(row -> kept.add(((ObjectNode) row.deepCopy()).retain(columns)));
            var had = new ArrayList<JsonNode>();
            rows.forEach(row -> had.add(((ObjectNode) row.deepCopy()).retain(columns)));
            assertThat(kept).as("%s: %s", file, table).containsExactlyInAnyOrderElementsOf(had);
        });
    }

    private static void assertRead(Path file, HostedServer server) {
        var read = server.readLedger().stream().map(HostedServer.Entry::claim).toList();
        assertThat(read)
                .extracting(row -> row.identity().uid())
                .containsExactlyInAnyOrder("u-active", "u-new", "u-retained", "u-dropping");
        var active = read.stream()
                .filter(row -> row.identity().uid().equals("u-active"))
                .findFirst()
                .orElseThrow();
        assertThat(active.accepted().claim().connections()).isEqualTo(30);
        assertThat(active.accepted().claim().extensionNames()).containsExactly("cube", "hstore");
        assertThat(active.demand().storage()).as("%s", file).isEqualTo(version(file) < 2 ? 0 : 10L << 30);
        assertThat(active.logins().get("app").slot()).isEqualTo("b");
    }

    private static List<Path> files() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.filter(
                            file -> FILE.matcher(file.getFileName().toString()).matches())
                    .sorted(Comparator.comparing(LedgerUpgradeIT::version).thenComparing(Path::getFileName))
                    .toList();
        }
    }

    private static int version(Path file) {
        var name = FILE.matcher(file.getFileName().toString());
        assertThat(name.matches()).isTrue();
        return Integer.parseInt(name.group(1));
    }

    /**
     * All that makes two ledgers the same to who uses them; not the order of columns, which comes of their history,
     * nor the months of the journal, which come and go.
     */
    private static final String SHAPE = """
            WITH r AS (SELECT c.* FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'howdah'
                AND relname !~ '^journal_[0-9]{6}'),
            lines (line) AS (
              SELECT format('relation %s %s %s %s owner %s rights %s rows %s %s bound %s comment %s', relkind, relname,
                  relpersistence, relreplident, relowner::regrole, relacl, relrowsecurity, reloptions,
                  pg_get_expr(relpartbound, oid), obj_description(oid)) FROM r
              UNION ALL SELECT format('column %s.%s %s not null %s default %s identity %s generated %s collation %s rights %s comment %s',
                  r.relname, attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(d.adbin, d.adrelid),
                  attidentity, attgenerated, attcollation::regcollation, attacl, col_description(r.oid, attnum))
                FROM pg_attribute a JOIN r ON r.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
                WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p')
              UNION ALL SELECT format('constraint %s.%s %s valid %s comment %s', r.relname, conname, pg_get_constraintdef(k.oid),
                  convalidated, obj_description(k.oid)) FROM pg_constraint k JOIN r ON r.oid = k.conrelid
              UNION ALL SELECT format('index %s', pg_get_indexdef(indexrelid)) FROM pg_index i JOIN r ON r.oid = i.indexrelid
              UNION ALL SELECT format('trigger %s.%s', r.relname, pg_get_triggerdef(t.oid)) FROM pg_trigger t JOIN r ON r.oid = t.tgrelid
                WHERE NOT tgisinternal
              UNION ALL SELECT format('sequence %s %s %s %s %s %s %s', r.relname, seqtypid::regtype, seqstart, seqincrement, seqmax, seqcache,
                  seqcycle) FROM pg_sequence s JOIN r ON r.oid = s.seqrelid
              UNION ALL SELECT format('function %s', oid::regprocedure) FROM pg_proc WHERE pronamespace = to_regnamespace('howdah')
              UNION ALL SELECT format('schema %s owner %s rights %s comment %s', nspname, nspowner::regrole, nspacl, obj_description(oid))
                FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
              UNION ALL SELECT format('default rights %s %s %s', defaclrole::regrole, defaclobjtype, defaclacl) FROM pg_default_acl
              UNION ALL SELECT format('database owner %s rights %s limit %s encoding %s collate %s comment %s', datdba::regrole, datacl,
                  datconnlimit, encoding, datcollate, shobj_description(oid, 'pg_database'))
                FROM pg_database WHERE datname = current_database()
              UNION ALL SELECT format('extension %s', extname) FROM pg_extension)
            SELECT string_agg(line, E'\\n' ORDER BY line COLLATE "C") FROM lines""";
}
