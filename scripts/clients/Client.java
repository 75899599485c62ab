import java.math.BigDecimal;
import java.sql.*;
import java.util.*;

/**
 * Drives a server with pgjdbc and prints what it sees, one check a line. Usage: java -cp postgresql.jar Client.java HOST PORT
 *
 * The test that runs this compares the lines. The lake has tables items (id, name, price, added, from CSV) and
 * sales (item, count, note, from JSON).
 */
public class Client {
    static void check(String name, Object value) {
        System.out.println(name + ": " + value);
    }

    static List<List<Object>> rows(ResultSet rs) throws SQLException {
        List<List<Object>> out = new ArrayList<>();
        int n = rs.getMetaData().getColumnCount();
        while (rs.next()) {
            List<Object> row = new ArrayList<>();
            for (int i = 1; i <= n; i++) {
                row.add(rs.getObject(i));
            }
            out.add(row);
        }
        return out;
    }

    public static void main(String[] args) throws Exception {
        String url = "jdbc:postgresql://" + args[0] + ":" + args[1] + "/lake?user=java";
        try (Connection c = DriverManager.getConnection(url)) {
            queries(c);
            repeated(c);
            errors(c);
            cancel(c);
            fetchSize(c);
        }
        try (Connection c = DriverManager.getConnection(url + "&preferQueryMode=simple"); Statement s = c.createStatement()) {
            check("simple mode", rows(s.executeQuery("SELECT id, name FROM items ORDER BY id LIMIT 1")));
        }
    }

    static void queries(Connection c) throws Exception {
        try (Statement s = c.createStatement()) {
            check("plain", rows(s.executeQuery("SELECT 1 AS one, 'två' AS two")));
            check("product", c.getMetaData().getDatabaseProductName() + " " + c.getMetaData().getDatabaseMajorVersion());
            check("schema", c.getSchema());
            check("isolation", c.getTransactionIsolation() == Connection.TRANSACTION_REPEATABLE_READ);
        }
        try (PreparedStatement p = c.prepareStatement("SELECT ?::int + 1, ?::text, ?::date, ?::int, ?::decimal(9,3), ?::timestamp, ?::boolean, ?::bigint, ?::double")) {
            p.setInt(1, 41);
            p.setString(2, "å'\"");
            p.setDate(3, java.sql.Date.valueOf("2024-02-29"));
            p.setNull(4, Types.INTEGER);
            p.setBigDecimal(5, new BigDecimal("12.345"));
            p.setTimestamp(6, Timestamp.valueOf("2024-02-29 12:34:56.5"));
            p.setBoolean(7, true);
            p.setLong(8, 1L << 40);
            p.setDouble(9, 0.1);
            check("parameters", rows(p.executeQuery()));
        }
        try (PreparedStatement p = c.prepareStatement(
                "SELECT i.name, s.count FROM items i JOIN sales s ON s.item = i.id WHERE i.price > ? ORDER BY s.count")) {
            p.setBigDecimal(1, new BigDecimal("1.505"));
            check("join", rows(p.executeQuery()));
            ResultSetMetaData m = p.getMetaData();
            check("columns", m.getColumnName(1) + " " + m.getColumnTypeName(1) + ", " + m.getColumnName(2) + " " + m.getColumnTypeName(2));
        }
        try (PreparedStatement p = c.prepareStatement("SELECT name FROM items WHERE added = ?")) {
            p.setDate(1, java.sql.Date.valueOf("2024-01-31"));
            check("dates", rows(p.executeQuery()));
        }
    }

    /** After five executions pgjdbc uses a named statement and binary results. */
    static void repeated(Connection c) throws Exception {
        try (PreparedStatement p = c.prepareStatement("SELECT ?::int, 12.5::decimal(5,2), TIMESTAMP '2024-02-29 12:34:56', [1, 2]")) {
            String last = "";
            for (int i = 0; i < 8; i++) {
                p.setInt(1, i);
                try (ResultSet rs = p.executeQuery()) {
                    rs.next();
                    last = rs.getInt(1) + " " + rs.getBigDecimal(2) + " " + rs.getTimestamp(3) + " " + Arrays.toString((Object[]) rs.getArray(4).getArray());
                }
            }
            check("repeated", last);
        }
    }

    static void errors(Connection c) throws Exception {
        for (String sql : new String[] {"SELEC 1", "SELECT * FROM nosuch", "SELECT nosuch FROM items", "SELECT 'x'::int"}) {
            try (Statement s = c.createStatement()) {
                s.executeQuery(sql);
            } catch (SQLException e) {
                check("error", e.getSQLState());
            }
        }
    }

    static void cancel(Connection c) throws Exception {
        try (Statement s = c.createStatement()) {
            new Thread(() -> {
                try {
                    Thread.sleep(300);
                    s.cancel();
                } catch (Exception e) {
                    check("cancel failed", e);
                }
            }).start();
            s.executeQuery("SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * 7 + b.range) % 13 = 99");
        } catch (SQLException e) {
            check("cancelled", e.getSQLState());
        }
        try (Statement s = c.createStatement()) {
            s.setQueryTimeout(1);
            s.executeQuery("SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * 7 + b.range) % 13 = 99");
        } catch (SQLException e) {
            check("timeout", e.getSQLState());
        }
    }

    /** Row by row through a suspended portal, with another statement beside it. */
    static void fetchSize(Connection c) throws Exception {
        c.setAutoCommit(false);
        try (Statement s = c.createStatement(); Statement beside = c.createStatement()) {
            s.setFetchSize(1000);
            long sum = 0;
            try (ResultSet rs = s.executeQuery("SELECT range FROM range(10500)")) {
                while (rs.next()) {
                    sum += rs.getLong(1);
                    if (rs.getRow() == 2500) {
                        check("beside", rows(beside.executeQuery("SELECT count(*) FROM items")));
                    }
                }
            }
            check("fetch size", sum);
            try {
                beside.executeQuery("SELECT nosuch FROM items");
            } catch (SQLException e) {
                check("in transaction", e.getSQLState());
            }
            try {
                beside.executeQuery("SELECT 1");
            } catch (SQLException e) {
                check("then", e.getSQLState());
            }
            c.rollback();
            check("rolled back", rows(beside.executeQuery("SELECT 1")));
            c.commit();
        }
    }
}
