import java.lang.reflect.Method;
import java.lang.reflect.InvocationTargetException;
import java.sql.*;
import java.util.*;

/** Calls every method of DatabaseMetaData, and reads through each result. */
public class Metadata {
    public static void main(String[] args) throws Exception {
        String url = "jdbc:postgresql://" + System.getenv("TARN_HOST") + ":" + System.getenv("TARN_PORT") + "/lake?user=ann";
        try (Connection c = DriverManager.getConnection(url)) {
            DatabaseMetaData m = c.getMetaData();
            List<Method> all = new ArrayList<>(List.of(DatabaseMetaData.class.getMethods()));
            all.sort(Comparator.comparing(Method::getName).thenComparing(x -> x.getParameterCount()));
            for (Method method : all) call(m, method);
            show(m.getTables(null, "public", "%", new String[] {"TABLE", "VIEW"}), "TABLE_SCHEM", "TABLE_NAME", "TABLE_TYPE");
            show(m.getColumns(null, "public", "orders", "%"), "COLUMN_NAME", "DATA_TYPE", "TYPE_NAME", "COLUMN_SIZE", "NULLABLE", "ORDINAL_POSITION");
            show(m.getSchemas(), "TABLE_SCHEM");
        }
        try (Connection c = DriverManager.getConnection(url + "&defaultRowFetchSize=100&prepareThreshold=1")) {
            c.setAutoCommit(false);
            try (PreparedStatement s = c.prepareStatement("SELECT order_id, ordered_at, unit_price FROM orders WHERE quantity > ?")) {
                for (int q = 1; q <= 3; q++) {
                    s.setInt(1, q);
                    int n = 0;
                    try (ResultSet r = s.executeQuery()) {
                        while (r.next()) n++;
                    }
                    System.out.println(n);
                }
            }
            Savepoint p = c.setSavepoint();
            try (Statement s = c.createStatement()) {
                s.executeQuery("SELECT nope FROM orders");
            } catch (SQLException e) {
                System.out.println(e.getSQLState());
                c.rollback(p);
            }
            try (Statement s = c.createStatement(); ResultSet r = s.executeQuery("SELECT ARRAY[1,2], 1.50::numeric(5,2), DATE '2024-01-01', true")) {
                r.next();
                System.out.println(Arrays.toString((Object[]) r.getArray(1).getArray()) + " " + r.getBigDecimal(2) + " " + r.getDate(3) + " " + r.getBoolean(4));
            }
            c.commit();
        }
    }

    /** The arguments that a tool would give: a pattern for all, null for a catalog. */
    static void call(DatabaseMetaData m, Method method) throws Exception {
        if (method.getName().equals("unwrap") || method.getName().equals("isWrapperFor") || method.getName().equals("getConnection")) return;
        Class<?>[] types = method.getParameterTypes();
        Object[] args = new Object[types.length];
        int text = 0;
        for (int i = 0; i < types.length; i++) {
            if (types[i] == String.class) args[i] = switch (text++) { case 0 -> null; case 1 -> "public"; case 2 -> "orders"; default -> "%"; };
            else if (types[i] == int.class) args[i] = 1;
            else if (types[i] == boolean.class) args[i] = false;
        }
        try {
            Object got = method.invoke(m, args);
            if (got instanceof ResultSet r) {
                int n = 0;
                int columns = r.getMetaData().getColumnCount();
                while (r.next()) {
                    for (int i = 1; i <= columns; i++) r.getString(i);
                    n++;
                }
                System.out.println(method.getName() + ": " + columns + " columns" + (n > 0 ? "" : ", no rows"));
                r.close();
            }
        } catch (InvocationTargetException e) {
            System.out.println(method.getName() + ": " + (e.getCause() instanceof SQLFeatureNotSupportedException ? "not supported by the driver" : "FAILED " + e.getCause()));
        }
    }

    static void show(ResultSet r, String... columns) throws SQLException {
        while (r.next()) {
            List<String> row = new ArrayList<>();
            for (String c : columns) row.add(r.getString(c));
            System.out.println(String.join(" ", row));
        }
    }
}
