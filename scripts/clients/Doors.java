import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Connects once for each argument behind the first, the parameters of a URL, and prints what came of it. */
public class Doors {
    public static void main(String[] args) {
        for (int i = 1; i < args.length; i++) {
            String said;
            try (Connection c = DriverManager.getConnection("jdbc:postgresql://" + args[0] + "/lake?" + args[i])) {
                said = c.isValid(5) ? "connected" : "not valid";
            } catch (SQLException e) {
                said = e.getSQLState();
            }
            System.out.println(said);
        }
    }
}
