import java.sql.*;

/**
 * Reads a schema and a table in DBeaver's way: through its driver, with the numbers that earlier answers gave as parameters of type bigint. The
 * statements are our own, with the relations, joins and functions that its plug-in for PostgreSQL asks for (dbeaver/dbeaver, ext.postgresql).
 */
public class DBeaver {
    static Connection c;

    public static void main(String[] args) throws Exception {
        c = DriverManager.getConnection("jdbc:postgresql://" + System.getenv("TARN_HOST") + ":" + System.getenv("TARN_PORT") + "/lake?user=ann&ApplicationName=DBeaver");
        long schema = 0, table = 0;
        for (Object[] row : rows("SELECT s.oid, s.*, about.description FROM pg_catalog.pg_namespace s "
                + "LEFT JOIN pg_catalog.pg_description about ON about.objoid = s.oid ORDER BY s.nspname")) {
            System.out.println("schema " + row[2]);
            if (row[2].equals("public")) schema = ((Number) row[0]).longValue();
        }
        for (Object[] row : rows("SELECT r.oid, r.*, about.description, (SELECT array_agg(up.inhparent) FROM pg_catalog.pg_inherits up WHERE up.inhrelid = r.oid) AS parents "
                + "FROM pg_catalog.pg_class r LEFT JOIN pg_catalog.pg_description about ON about.objsubid = 0 AND about.objoid = r.oid "
                + "WHERE r.relkind NOT IN ('c', 'i') AND r.relnamespace = ? ORDER BY r.relname", schema)) {
            System.out.println("table " + row[2] + " " + row[row.length - 1]);
            if (row[2].equals("orders")) table = ((Number) row[0]).longValue();
        }
        String columns = "SELECT r.relname, col.attname, col.atttypid, col.atttypmod, pg_catalog.pg_get_expr(preset.adbin, preset.adrelid, true), about.description "
                + "FROM pg_catalog.pg_class r JOIN pg_catalog.pg_attribute col ON col.attrelid = r.oid "
                + "LEFT JOIN pg_catalog.pg_attrdef preset ON preset.adnum = col.attnum AND preset.adrelid = col.attrelid "
                + "LEFT JOIN pg_catalog.pg_description about ON about.objsubid = col.attnum AND about.objoid = r.oid "
                + "WHERE %s = ? AND NOT col.attisdropped AND r.relkind NOT IN ('c', 'i') AND col.attnum > 0 ORDER BY r.relname, col.attnum";
        System.out.println(rows(String.format(columns, "r.relnamespace"), schema).size() + " columns of the schema");
        for (Object[] row : rows(String.format(columns, "r.oid"), table)) {
            Object[] type = rows("SELECT ty.typname, pg_catalog.format_type(nullif(ty.typbasetype, 0), ty.typtypmod) FROM pg_catalog.pg_type ty "
                    + "LEFT JOIN pg_class r ON r.oid = ty.typrelid WHERE ty.oid = ?", ((Number) row[2]).longValue()).get(0);
            System.out.println("column " + row[1] + " " + type[0] + " " + row[3]);
        }
        long catalog = ((Number) rows("SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ?", "pg_catalog").get(0)[0]).longValue();
        System.out.println(rows("SELECT ty.oid, ty.*, r.relkind, about.description FROM pg_catalog.pg_type ty LEFT JOIN pg_catalog.pg_type item ON item.oid = ty.typelem "
                + "LEFT JOIN pg_catalog.pg_class r ON r.oid = ty.typrelid LEFT JOIN pg_catalog.pg_description about ON about.objoid = ty.oid "
                + "WHERE (r.relkind = 'c' OR r.relkind IS NULL) AND (item.typcategory <> 'C' OR item.typcategory IS NULL) AND ty.typnamespace = ?", catalog).size() > 100 ? "types" : "few types");
        System.out.println(rows("SELECT con.oid, con.*, r.relname, far.relnamespace FROM pg_catalog.pg_constraint con JOIN pg_catalog.pg_class r ON r.oid = con.conrelid "
                + "LEFT JOIN pg_catalog.pg_class far ON far.oid = con.confrelid WHERE con.conrelid = ? ORDER BY con.oid", table).size() + " constraints");
        System.out.println(rows("SELECT ix.*, r.relname, r.relam, about.description, pg_catalog.pg_get_expr(ix.indexprs, ix.indrelid, true) FROM pg_catalog.pg_index ix "
                + "JOIN pg_catalog.pg_class r ON r.oid = ix.indexrelid LEFT JOIN pg_catalog.pg_description about ON about.objoid = ix.indexrelid "
                + "WHERE ix.indrelid = ? ORDER BY r.relname", table).size() + " indexes");
        System.out.println(rows("SELECT fn.oid, fn.*, about.description FROM pg_catalog.pg_proc fn LEFT JOIN pg_catalog.pg_description about ON about.objoid = fn.oid "
                + "WHERE fn.pronamespace = ? ORDER BY fn.proname", catalog).size() > 1000 ? "functions" : "few functions");
        System.out.println(rows("SELECT oid, * FROM pg_catalog.pg_collation WHERE collnamespace = ?", catalog).size() > 0 ? "collations" : "no collations");
        System.out.println(rows("SELECT oid, * FROM pg_catalog.pg_extension WHERE extnamespace = ?", schema).size() + " extensions");
        System.out.println(rows("SELECT x.* FROM public.orders x LIMIT ?", 200L).size() + " rows");
        c.close();
    }

    /** The rows of an answer. */
    static java.util.List<Object[]> rows(String sql, Object... values) throws SQLException {
        try (PreparedStatement s = c.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                if (values[i] instanceof Long n) s.setLong(i + 1, n); else s.setString(i + 1, values[i].toString());
            }
            java.util.List<Object[]> all = new java.util.ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    Object[] row = new Object[r.getMetaData().getColumnCount()];
                    for (int i = 0; i < row.length; i++) row[i] = r.getObject(i + 1);
                    all.add(row);
                }
            }
            return all;
        }
    }
}
